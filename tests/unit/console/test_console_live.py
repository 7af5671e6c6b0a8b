"""What a tab is told by its stream, and when."""

import asyncio

import pytest

from magpie.console.live import TOPICS, events
from magpie.kit import feed

ACCOUNT = "AC" + "1" * 32


async def _told(seen: str | None, *, again: bool = False) -> list[str]:
    """What comes before anything else happens."""
    stream = events(ACCOUNT, seen, again=again)
    assert (await anext(stream)).startswith("retry: ")
    got = []
    try:
        async with asyncio.timeout(0.05):
            while True:
                got.append((await anext(stream)).splitlines()[1].removeprefix("event: "))
    except TimeoutError:
        return got


async def test_what_happened_before_the_stream_began() -> None:
    """A page that is older than the last change asks again for everything; another does not."""
    seen = str(feed.position())
    assert await _told(seen) == []
    feed.touch([("", "carriers")])
    assert await _told(seen) == sorted(TOPICS)
    assert await _told(str(feed.position())) == []


@pytest.mark.parametrize(("seen", "again"), [(None, True), ("nonsense", False)])
async def test_who_comes_back_asks_for_everything(seen: str | None, *, again: bool) -> None:
    """What he missed is not known."""
    assert await _told(seen, again=again) == sorted(TOPICS)


async def test_what_concerns_others_is_not_told() -> None:
    """Only the platform's own things, and those of the account that is looked at."""
    stream = events(ACCOUNT, None, again=False)
    await anext(stream)
    waiting = asyncio.ensure_future(anext(stream))
    await asyncio.sleep(0)
    feed.touch([("AC" + "2" * 32, "messages")])
    await asyncio.sleep(0.05)
    feed.touch([(ACCOUNT, "queues")])
    assert "event: queues" in await waiting
