"""What an operator asks of the program itself: versions, sizes, settings and where each is from."""

import asyncio
import os
import platform
import sys
from collections.abc import Iterator
from datetime import datetime

import msgspec

import magpie
from magpie.app import checks
from magpie.app.parts import Parts
from magpie.app.store import facts, look
from magpie.console.pages.system import Fact, Finding, Setting, Status
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
            findings=[Finding(*one) for one in await _findings(p)],
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


async def _findings(p: Parts) -> list[checks.Finding]:
    """What `magpie doctor` says, asked by who runs already."""
    asked = await look(p.database)
    return [
        checks.python(sys.version_info[:3]),
        *await asyncio.to_thread(_of_folder, p.settings),
        checks.server_version(asked.version),
        checks.durability(asked),
        checks.clock((asked.now - clock.now()).total_seconds()),
        checks.sandbox(p.sandbox.missing),
        checks.egress(p.settings),
        checks.proxies(p.settings),
    ]


def _of_folder(settings: Settings) -> list[checks.Finding]:
    return [checks.folder(settings.data), checks.disk(settings.data)]


def _warnings(p: Parts) -> list[str]:
    return [said for entry in p.fleet.entries() for said in _of_link(p, entry.settings)]


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
