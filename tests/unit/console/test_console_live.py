"""What a tab is told by its stream, and when."""

import asyncio

import pytest

from magpie.console.live import TOPICS, Admission, events
from magpie.kit import feed
from magpie.kit.db import DatabaseUnavailable
from magpie.users.actions import TOPIC

ACCOUNT = "AC" + "1" * 32


class Session:
    """`answers` are taken one by one, the last again and again; counts how often it is asked."""

    def __init__(self, *answers: bool | Exception) -> None:
        self.answers = [*answers]
        self.asked = 0

    async def __call__(self) -> bool:
        self.asked += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def _welcome() -> Admission:
    return Admission(Session(True))


async def _told(seen: str | None, *, again: bool = False) -> list[str]:
    """What comes before anything else happens."""
    stream = events(ACCOUNT, seen, _welcome(), again=again)
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
    stream = events(ACCOUNT, None, _welcome(), again=False)
    await anext(stream)
    waiting = asyncio.ensure_future(anext(stream))
    await asyncio.sleep(0)
    feed.touch([("AC" + "2" * 32, "messages")])
    await asyncio.sleep(0.05)
    feed.touch([(ACCOUNT, "queues")])
    assert "event: queues" in await waiting


async def test_a_stream_ends_with_its_session() -> None:
    """At once where one was ended: it is asked whether it was this one, and not at other times."""
    session = Session(True, DatabaseUnavailable("down"), False)
    stream = events(ACCOUNT, None, Admission(session), again=False)
    await anext(stream)
    waiting = asyncio.ensure_future(anext(stream))
    await asyncio.sleep(0)
    for asked, topic in enumerate((TOPIC, TOPIC, "carriers")):
        feed.touch([("", topic)])
        await asyncio.sleep(0.05)
        assert session.asked == min(asked + 1, 2)
    assert "event: carriers" in await waiting
    feed.touch([("", TOPIC)])
    assert await anext(stream) == "event: over\ndata: 0\n\n"
    assert [told async for told in stream] == []
