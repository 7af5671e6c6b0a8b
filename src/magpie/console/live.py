"""One stream for each tab (server-sent events): which kinds of things have changed.

An event names a topic and holds nothing. The page asks again for the piece that shows it, so that
a tab which was away, or missed an event, is right as soon as it has asked.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Final

from starlette.responses import Response, StreamingResponse

from magpie.console import headers
from magpie.console.page import Place, Route
from magpie.console.visit import Visit
from magpie.kit import clock, feed
from magpie.kit.db import Database, DatabaseUnavailable, Overloaded
from magpie.users import actions

# What changes together is told together: a page that is busy asks five times a second.
_PAUSE: Final = 0.2
_FIRST_PAUSE: Final = 0.02
# So often it is asked whether the session still holds, where nobody has told that it ended. A
# comment keeps proxies from closing the stream meanwhile, and finds out who has gone.
_ASKS: Final = 5.0
# A user may lose a role: now and then the browser has to come again.
_LASTS: Final = 600.0
_OVER: Final = "event: over\ndata: 0\n\n"
TOPICS: Final = ("messages", "webhooks", "handsets", "queues", "carriers", "alerts")


Holds = Callable[[], Awaitable[bool]]


class Live:
    place: Place | None = None

    def __init__(self, database: Database) -> None:
        self._database = database

    def routes(self) -> Sequence[Route]:
        return (Route("/live", self.stream),)

    async def stream(self, visit: Visit) -> Response:
        again = "last-event-id" in visit.request.headers
        seen = None if again else visit.query.get("seen")
        kinds = {**headers.of_page(visit.nonce), "Cache-Control": "no-store"}
        kinds["X-Accel-Buffering"] = "no"
        secret = visit.visitor.secret
        admission = Admission(lambda: actions.holds(self._database, secret))
        told = events(visit.account_sid, seen, admission, again=again)
        return StreamingResponse(told, 200, kinds, "text/event-stream")


def _is_old(seen: str | None) -> bool:
    """Whether something may have changed between the page and its stream."""
    return seen is not None and seen != str(feed.position())


class Admission:
    """Whether somebody may go on listening: `holds` says if his session does."""

    def __init__(self, holds: Holds) -> None:
        self._holds = holds
        self._asked = clock.monotonic()

    async def is_over(self, touched: frozenset[feed.Topic]) -> bool:
        """Asked anew where a session has ended, and now and then."""
        now = clock.monotonic()
        if ("", actions.TOPIC) not in touched and now - self._asked < _ASKS:
            return False
        self._asked = now
        try:
            return not await self._holds()
        except (DatabaseUnavailable, Overloaded, TimeoutError):
            return False  # it is not known; what he is told holds nothing


async def events(
    account_sid: str, seen: str | None, admission: Admission, *, again: bool
) -> AsyncIterator[str]:
    """Whoever comes back, or late, is told of everything: what he missed is not known."""
    began = clock.monotonic()
    number = 0
    with feed.watching() as watch:
        yield "retry: 1000\nid: 0\n: here\n\n"
        due = set(TOPICS) if again or _is_old(seen) else set[str]()
        while clock.monotonic() - began < _LASTS:
            for topic in sorted(due):
                number += 1
                yield f"id: {number}\nevent: {topic}\ndata: {number}\n\n"
            if due:
                await clock.sleep(_PAUSE)
            touched = await watch.take(_ASKS)
            if await admission.is_over(touched):
                yield _OVER
                return
            due = {what for owner, what in touched if owner in {"", account_sid}} & {*TOPICS}
            if due:
                await clock.sleep(_FIRST_PAUSE)
            elif not touched:
                yield ": still here\n\n"
