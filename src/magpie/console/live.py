"""One stream for each tab (server-sent events): which kinds of things have changed.

An event names a topic and holds nothing. The page asks again for the piece that shows it, so that
a tab which was away, or missed an event, is right as soon as it has asked.
"""

from collections.abc import AsyncIterator, Sequence
from typing import Final

from starlette.responses import Response, StreamingResponse

from magpie.console import headers
from magpie.console.page import Place, Route
from magpie.console.visit import Visit
from magpie.kit import clock, feed

# What changes together is told together: a page that is busy asks five times a second.
_PAUSE: Final = 0.2
_FIRST_PAUSE: Final = 0.02
# A comment now and then keeps proxies from closing the stream, and finds out who has gone.
_BEAT: Final = 15.0
# A session may end, or its user lose a role: then the browser has to come again.
_LASTS: Final = 600.0
TOPICS: Final = ("messages", "webhooks", "handsets", "queues", "carriers", "alerts")


class Live:
    place: Place | None = None

    def routes(self) -> Sequence[Route]:
        return (Route("/live", self.stream),)

    async def stream(self, visit: Visit) -> Response:
        again = "last-event-id" in visit.request.headers
        seen = None if again else visit.query.get("seen")
        kinds = {**headers.of_page(visit.nonce), "Cache-Control": "no-store"}
        kinds["X-Accel-Buffering"] = "no"
        told = events(visit.account_sid, seen, again=again)
        return StreamingResponse(told, 200, kinds, "text/event-stream")


def _is_old(seen: str | None) -> bool:
    """Whether something may have changed between the page and its stream."""
    return seen is not None and seen != str(feed.position())


async def events(account_sid: str, seen: str | None, *, again: bool) -> AsyncIterator[str]:
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
            touched = await watch.take(_BEAT)
            due = {topic for owner, topic in touched if owner in {"", account_sid}}
            if due:
                await clock.sleep(_FIRST_PAUSE)
            elif not touched:
                yield ": still here\n\n"
