"""The program itself: versions, sizes, what is wrong, every setting and where it is from."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec
from starlette.responses import Response

from magpie.console.page import Place, Route
from magpie.console.visit import Visit
from magpie.users.model import Role


class Fact(NamedTuple):
    name: str
    value: str | datetime


class Setting(NamedTuple):
    name: str
    value: str
    origin: str


class Finding(NamedTuple):
    """Of the doctor: `state` is ok, warn or fail, `fix` what to do then."""

    name: str
    state: str
    text: str
    fix: str


class Status(msgspec.Struct, frozen=True):
    """`warnings` are about links, all else that is looked at has a finding."""

    facts: list[Fact]
    findings: list[Finding]
    warnings: list[str]
    settings: list[Setting]


class System:
    place: Place | None = Place("Run", "System", "/system", "server", "y", Role.OPERATOR)

    def __init__(self, status: Callable[[], Awaitable[Status]]) -> None:
        self._status = status

    def routes(self) -> Sequence[Route]:
        return (Route("/system", self.show, role=Role.OPERATOR),)

    async def show(self, visit: Visit) -> Response:
        return visit.page("system.html", state=await self._status())
