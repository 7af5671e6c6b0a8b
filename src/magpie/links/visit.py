"""What came of a request for a link: counted, kept, and told to whom it concerns."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from starlette.requests import Request

from magpie.kit import clock
from magpie.kit.db import Connection
from magpie.links import store
from magpie.links.clients import MOST, client_of
from magpie.links.model import Link, Open

Opened = Callable[[Connection, Link, datetime, str], Awaitable[None]]
"""Told, inside the transaction, of each open by a person: the link after it, when, user agent."""


async def nobody(connection: Connection, link: Link, at: datetime, user_agent: str) -> None:
    """Is told of opens where nobody wants to hear of them."""


def open_of(request: Request, link: Link) -> Open:
    """Neither a program that previews a link nor a browser that guesses ahead is a person."""
    user_agent = request.headers.get("user-agent", "")[:MOST]
    client = client_of(user_agent)
    ahead = "prefetch" in request.headers.get("sec-purpose", request.headers.get("purpose", ""))
    return Open(
        account_sid=link.account_sid,
        token=link.token,
        id=clock.uuid7(),
        at=clock.now(),
        person=client.person and not ahead and request.method == "GET",
        client=client.name,
        user_agent=user_agent.replace("\0", ""),
    )


async def note(connection: Connection, visit: Open, opened: Opened) -> Link | None:
    """Give the link as it is now, None if it has gone meanwhile."""
    link = await store.note_open(connection, visit)
    if link is not None and visit.person:
        await opened(connection, link, visit.at, visit.user_agent)
    return link
