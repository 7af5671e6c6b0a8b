"""What a page of the console is: routes, and its place in the rail."""

from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple, Protocol

from starlette.requests import Request
from starlette.responses import Response

from magpie.console.visit import Visit
from magpie.users.model import Role

Answer = Callable[[Visit], Awaitable[Response]]
Open = Callable[[Request, str], Awaitable[Response]]
"""Answers somebody who has not signed in; gets the nonce of the page."""


class Route(NamedTuple):
    """`path` is below /console; a POST is looked at for its token before `answer` sees it.

    One that `changes` nothing is not written to the audit book.
    """

    path: str
    answer: Answer
    method: str = "GET"
    role: Role = Role.VIEWER
    open: Open | None = None
    changes: bool = True


class Place(NamedTuple):
    """In the rail: `group` is Build, Message, Deliver or Run; `key` is pressed after g."""

    group: str
    title: str
    path: str
    icon: str
    key: str = ""
    role: Role = Role.VIEWER


class Page(Protocol):
    """`place` is None for a page that another one leads to."""

    @property
    def place(self) -> Place | None: ...

    def routes(self) -> Sequence[Route]: ...
