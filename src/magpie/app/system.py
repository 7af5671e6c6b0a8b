"""What an operator asks of the program itself: versions, sizes, settings and where each is from."""

import os
import platform
from datetime import datetime
from typing import Any

import magpie
from magpie.app.parts import Parts
from magpie.app.store import facts
from magpie.console.pages.system import Fact, Setting, Status
from magpie.kit import clock
from magpie.settings import Secret, Settings

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
    return found


def _names() -> list[str]:
    return [name for name in Settings.__struct_fields__ if name not in _UNSHOWN]


def _setting(settings: Settings, name: str) -> Setting:
    value: Any = getattr(settings, name)
    shown = "***" if isinstance(value, Secret) else "" if value is None else str(value)
    return Setting(name, shown, settings.origin(name))
