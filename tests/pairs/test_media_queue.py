"""The media queue: what becomes of messages whose pictures are fetched by a real worker."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest
from msgspec.structs import replace
from tests.pairs.media_site import ACCOUNT, JPEG, PNG, Home, Site, answer, living, serving, status

from magpie.kit import clock
from magpie.kit.blobs import digest_of
from magpie.kit.db import Connection, Database, after_commit
from magpie.kit.queue import Queue, Wakes, Worker
from magpie.media import store, uploads
from magpie.media.handler import MediaHandler
from magpie.media.model import MOST_BYTES, Media, State
from magpie.media.outcome import Broken, Fetched
from magpie.media.recipe import Unusable
from magpie.media.sandbox import SandboxFailed


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with serving() as made:
        yield made


@pytest.fixture
async def home(database: Database, tmp_path: Path) -> AsyncIterator[Home]:
    async with living(database, tmp_path / "media") as made:
        yield made


@dataclass
class Line:
    """A worker of the media queue, and what its handler said of messages."""

    home: Home
    queue: Queue
    told: asyncio.Queue[Fetched | Broken]
    fails: list[Exception] = field(default_factory=list)
    unfit: list[Exception] = field(default_factory=list)

    async def adapt(self, _account: str, _id: UUID, media: Sequence[Media]) -> dict[str, int]:
        if self.unfit:
            raise self.unfit.pop()
        return {"parts": len(media)}

    async def settle(self, connection: Connection, results: Sequence[Fetched | Broken]) -> None:
        if self.fails:
            raise self.fails.pop()
        for result in results:
            after_commit(connection, partial(self.told.put_nowait, result))

    async def put(self, *urls: str, stored: Sequence[Media] = ()) -> UUID:
        id_ = stored[0].message_id if stored else clock.uuid7()
        rows, job = uploads.pending(ACCOUNT, id_, urls, clock.now())
        assert job is not None
        async with self.home.database.transaction() as connection:
            await store.insert(connection, [*stored, *rows])
            await self.queue.put(connection, [job])
        return id_

    async def media(self, id_: UUID) -> list[Media]:
        return await store.of_message(self.home.database, ACCOUNT, id_)

    async def left(self) -> int:
        number: int = await self.home.database.fetchval("select count(*) from jobs")
        return number


@asynccontextmanager
async def working(home: Home) -> AsyncIterator[Line]:
    wakes = Wakes(home.database, "node", alone=True)
    queue = Queue("media", home.database, wakes, paced=False, node="node")
    line = Line(home, queue, asyncio.Queue())
    handler = MediaHandler(home.database, queue, home.fetcher, line.adapt, line.settle)
    worker = Worker(queue, handler, most=64)
    running = asyncio.create_task(worker.run())
    yield line
    await worker.stop()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@pytest.fixture
async def line(home: Home) -> AsyncIterator[Line]:
    async with working(home) as made:
        yield made


async def test_a_message_with_all_its_pictures_goes_on(site: Site, line: Line) -> None:
    """Rows are stored in the order of the URLs, told of with their traces, and the job is gone."""
    site.answers |= {"/a": answer(PNG), "/b?key=secret": answer(JPEG, "image/jpeg")}
    id_ = await line.put(site.url("/a"), site.url("/b?key=secret"))
    told = await line.told.get()
    assert isinstance(told, Fetched)
    assert (told.account_sid, told.message_id) == (ACCOUNT, id_)
    assert [m.content_type for m in told.media] == ["image/png", "image/jpeg"]
    assert [trace.status for trace in told.traces] == [200, 200]
    rows = await line.media(id_)
    assert list(told.media) == rows
    assert [(m.state, m.source_url) for m in rows] == [
        ("stored", site.url("/a")),
        ("stored", site.url("/b")),
    ]
    assert await line.left() == 0


async def test_one_bad_picture_breaks_the_message(site: Site, line: Line) -> None:
    """The first URL that cannot be had is named with its code; the row says failed."""
    site.answers |= {"/a": answer(PNG), "/b": status("404 Not Found")}
    id_ = await line.put(site.url("/a"), site.url("/b?x=1"))
    site.answers["/b?x=1"] = site.answers["/b"]
    told = await line.told.get()
    assert isinstance(told, Broken)
    assert (told.code, told.detail, told.url) == (11200, "answered 404", site.url("/b"))
    assert [m.state for m in await line.media(id_)] == ["stored", "failed"]
    assert await line.left() == 0


async def test_what_may_pass_is_tried_again(site: Site, line: Line) -> None:
    """A 503 is followed by a second try, which asks only for what is missing."""
    site.answers["/a"] = answer(PNG, "image/png", "Cache-Control: no-store")
    site.answers["/b"] = lambda _: (
        answer(JPEG, "image/jpeg") if site.asked.count("/b") > 1 else (status("503 Later"))
    )
    await line.put(site.url("/a"), site.url("/b"))
    told = await line.told.get()
    assert isinstance(told, Fetched)
    assert sorted(site.asked) == ["/a", "/b", "/b"]
    assert [m.state for m in told.media] == ["stored", "stored"]


async def test_all_media_together_are_limited(site: Site, line: Line) -> None:
    """Two that fit alone but not together fail with 11751; so does one beside an upload."""
    half = PNG + bytes(MOST_BYTES // 2)
    site.answers |= {"/a": answer(half), "/b": answer(half), "/c": answer(half[:-40])}
    await line.put(site.url("/a"), site.url("/b"))
    told = await line.told.get()
    assert isinstance(told, Broken)
    assert told.code == 11751
    id_ = clock.uuid7()
    upload = uploads.media_row(ACCOUNT, id_, 0, clock.now(), digest="d", size=MOST_BYTES // 2 + 80)
    await line.put(site.url("/c"), stored=[upload])
    assert isinstance(await line.told.get(), Broken)
    await line.put(site.url("/c"), stored=[replace(upload, message_id=clock.uuid7(), size=9)])
    assert isinstance(await line.told.get(), Fetched)


async def test_a_message_deleted_meanwhile_is_forgotten(site: Site, home: Home) -> None:
    """Without rows nobody is told anything and the job goes away."""
    site.answers["/a"] = answer(PNG)
    async with working(home) as line:
        _, job = uploads.pending(ACCOUNT, clock.uuid7(), [site.url("/a")], clock.now())
        assert job is not None
        async with home.database.transaction() as connection:
            await line.queue.put(connection, [job])
        await line.put(site.url("/a"))
        await line.told.get()
    assert await line.left() == 0
    assert site.asked == ["/a"]
    assert line.told.empty()


async def test_a_hundred_messages_of_one_picture_cost_one_request(site: Site, line: Line) -> None:
    """The picture is fetched once and kept once, whoever sends it."""
    site.answers["/a"] = answer(PNG, "image/png", "Cache-Control: max-age=60")
    for _ in range(100):
        await line.put(site.url("/a"))
    told = [await line.told.get() for _ in range(100)]
    assert {m.digest for each in told if isinstance(each, Fetched) for m in each.media} == {
        digest_of(PNG)
    }
    assert site.asked == ["/a"]


async def test_what_cannot_be_settled_leaves_the_job(site: Site, line: Line) -> None:
    """If the rest of the transaction fails nothing of it stays, and the job is done later."""
    site.answers["/a"] = answer(PNG)
    line.fails.append(RuntimeError("no"))
    id_ = await line.put(site.url("/a"))
    told = await line.told.get()
    assert told.message_id == id_
    assert [m.state for m in await line.media(id_)] == [State.STORED]


async def test_media_are_adapted_before_the_message_goes(site: Site, line: Line) -> None:
    """What was made of them is told with the fetches."""
    site.answers["/a"] = answer(PNG)
    await line.put(site.url("/a"))
    told = await line.told.get()
    assert isinstance(told, Fetched)
    assert told.adapted == {"parts": 1}


async def test_a_file_that_cannot_be_worked_on_breaks_the_message(site: Site, line: Line) -> None:
    """The number and the sentence of the sandbox are the message's."""
    site.answers["/a"] = answer(PNG)
    line.unfit.append(Unusable(11751, "169 megapixels"))
    await line.put(site.url("/a"))
    told = await line.told.get()
    assert isinstance(told, Broken)
    assert (told.code, told.detail) == (11751, "169 megapixels")
    assert await line.left() == 0


async def test_without_a_sandbox_the_media_wait(site: Site, line: Line) -> None:
    """A sandbox that is gone for a moment costs a moment; nothing is fetched twice for it."""
    site.answers["/a"] = answer(PNG)
    line.unfit.append(SandboxFailed(30008, "the sandbox was gone", passing=True))
    await line.put(site.url("/a"))
    told = await line.told.get()
    assert isinstance(told, Fetched)
    assert site.asked == ["/a"]
