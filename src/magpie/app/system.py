"""What an operator asks of the program itself: versions, sizes, settings and where each is from."""

import os
import platform
from collections.abc import Iterator
from datetime import datetime

import msgspec

import magpie
from magpie.app.parts import Parts
from magpie.app.store import facts
from magpie.console.pages.system import Fact, Setting, Status
from magpie.kit import clock
from magpie.settings import HttpSettings, LinkSettings, Secret, Settings

_UNSHOWN = frozenset(("origins", "carriers", "routes"))


class SystemFacts:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._since = clock.now()

    async def __call__(self) -> Status:
        p = self._parts
        return Status(
            facts=[*_program(self._since), *await facts(p.database)],
            warnings=_warnings(p),
            settings=[_setting(p.settings, name) for name in _names()],
        )


def _program(since: datetime) -> list[Fact]:
    return [
        Fact("Magpie", magpie.__version__),
        Fact("Python", platform.python_version()),
        Fact("Process", str(os.getpid())),
        Fact("Up since", since),
    ]


def _warnings(p: Parts) -> list[str]:
    found = [f"The sandbox of media lacks: {wall}." for wall in sorted(p.sandbox.missing)]
    if p.settings.public_url is None and p.settings.profile == "production":
        found.append("public_url is not set: links in webhooks lead to this machine.")
    return found + [said for entry in p.fleet.entries() for said in _of_link(p, entry.settings)]


def _of_link(p: Parts, link: LinkSettings | None) -> Iterator[str]:
    profile = getattr(link, "profile", "standard")
    if link and profile not in p.profiles:
        yield f"There is no media profile {profile}: {link.name} goes by the standard one."
    if isinstance(link, HttpSettings) and p.settings.public_url is None:
        yield f"public_url is not set: the provider behind {link.name} may not find us."


def _names() -> list[str]:
    return [name for name in Settings.__struct_fields__ if name not in _UNSHOWN]


def _setting(settings: Settings, name: str) -> Setting:
    return Setting(name, shown(getattr(settings, name)), settings.origin(name))


def shown(value: object) -> str:
    """As one would write it, as far as one reads that in a line."""
    match value:
        case None:
            return ""
        case Secret():
            return "***"
        case bool():
            return str(value).lower()
        case msgspec.Struct():
            pairs = [(name, shown(getattr(value, name))) for name in value.__struct_fields__]
            return ", ".join(f"{name} {text}" for name, text in pairs if text)
        case tuple() | list() | frozenset() | set():
            return ", ".join(shown(one) for one in value)
    return str(value)
