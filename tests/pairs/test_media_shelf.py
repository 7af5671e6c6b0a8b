"""Bytes of media in a folder, and the notes in PostgreSQL of who uses them."""

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from tests.pairs.media_site import ACCOUNT, PNG, Home, Site, answer, living, serving

from magpie.kit import clock
from magpie.kit.blobs import digest_of
from magpie.kit.db import Database
from magpie.media import store, uploads
from magpie.media.model import Media
from magpie.media.shelf import Shelf


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with serving() as made:
        yield made


@pytest.fixture
async def home(database: Database, tmp_path: Path) -> AsyncIterator[Home]:
    async with living(database, tmp_path / "media") as made:
        yield made


async def age(home: Home) -> None:
    await home.database.execute("update loose_media set at = at - interval '2 hours'")


async def row_of(home: Home, digest: str) -> Media:
    row = uploads.media_row(ACCOUNT, clock.uuid7(), 0, clock.now(), digest=digest, size=1)
    async with home.database.transaction() as connection:
        await store.insert(connection, [row])
    return row


async def remove(home: Home, row: Media) -> None:
    async with home.database.transaction() as connection:
        await store.delete(connection, ACCOUNT, row.message_id, None, clock.now())


async def test_bytes_go_when_nobody_uses_them(home: Home) -> None:
    """What two messages share stays until the second is deleted, and a while longer."""
    digest = await home.shelf.put(PNG)
    first, second = await row_of(home, digest), await row_of(home, digest)
    await remove(home, first)
    await age(home)
    assert await home.shelf.sweep() == 0
    await remove(home, second)
    assert await home.shelf.sweep() == 0
    assert await home.blobs.exists(digest)
    await age(home)
    assert await home.shelf.sweep() == 1
    assert not await home.blobs.exists(digest)


async def test_bytes_of_what_was_never_sent_go_too(home: Home) -> None:
    """A put without a row, as after a refusal or a crash, is swept."""
    digest = await home.shelf.put(PNG)
    await age(home)
    assert await home.shelf.sweep() == 1
    assert not await home.blobs.exists(digest)


async def test_bytes_that_are_used_again_stay(home: Home) -> None:
    """Whoever puts them anew has time to name them, even if they were loose for long."""
    digest = await home.shelf.put(PNG)
    await age(home)
    await home.shelf.put(PNG)
    assert await home.shelf.sweep() == 0
    assert await home.blobs.exists(digest)


async def test_others_are_asked_before_bytes_go(home: Home) -> None:
    """What somebody outside of media still names is left alone."""
    digest = await home.shelf.put(PNG)

    async def they(_queries: object, digests: Sequence[str]) -> set[str]:
        return set(digests)

    await age(home)
    assert await Shelf(home.database, home.blobs, (they,)).sweep() == 0
    assert await home.blobs.exists(digest)


async def test_urls_that_nobody_asks_for_are_forgotten(site: Site, home: Home) -> None:
    """After a week without a request the copy and then its bytes go."""
    site.answers["/x"] = answer(PNG)
    copy = await home.fetcher.fetch(ACCOUNT, site.url("/x"))
    await age(home)
    assert await home.shelf.tidy() == 0
    await home.database.execute(
        "update fetched_media set fetched_at = $1", clock.now() - timedelta(days=8)
    )
    assert await home.shelf.tidy() == 0
    await age(home)
    assert await home.shelf.tidy() == 1
    assert not await home.blobs.exists(digest_of(PNG))
    assert copy.digest == digest_of(PNG)
