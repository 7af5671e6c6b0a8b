import asyncio
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from magpie.kit.blobs import BlobMissing, Blobs, BlobsUnavailable, Digest, digest_of
from magpie.kit.blobs.digest import key_of

ABSENT = digest_of(b"never put")


@pytest.fixture(params=["memory", "folder", "url"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    url = (tmp_path / "a folder").as_uri()
    return Blobs.open({"memory": "memory://", "folder": str(tmp_path), "url": url}[request.param])


@pytest.mark.parametrize("content", [b"", b"x", bytes(range(256)) * 4000])
async def test_what_is_put_comes_back(blobs: Blobs, content: bytes) -> None:
    """Content returns byte for byte under the digest that `put` gave."""
    digest = await blobs.put(content)
    assert digest == digest_of(content)
    assert await blobs.exists(digest)
    assert await blobs.get(digest) == content


async def test_the_same_content_is_kept_once(blobs: Blobs) -> None:
    """Putting the same bytes many times at once gives one digest and one blob."""
    digests = await asyncio.gather(*(blobs.put(b"same") for _ in range(20)))
    assert len(set(digests)) == 1
    await blobs.delete(digests[0])
    assert not await blobs.exists(digests[0])


async def test_an_absent_blob_is_missing(blobs: Blobs) -> None:
    """Getting what was never put raises, and deleting it does nothing."""
    assert not await blobs.exists(ABSENT)
    await blobs.delete(ABSENT)
    with pytest.raises(BlobMissing):
        await blobs.get(ABSENT)


async def test_existing_content_is_not_written_again(tmp_path: Path) -> None:
    """A second put leaves the very file of the first, and no temporary file stays behind."""
    blobs = Blobs.open(tmp_path)
    path = tmp_path / key_of(await blobs.put(b"once"))
    before = path.stat().st_ino
    await blobs.put(b"once")
    assert path.stat().st_ino == before
    assert files(tmp_path) == [path]


def files(folder: Path) -> list[Path]:
    return [found for found in folder.rglob("*") if found.is_file()]


async def test_a_folder_that_cannot_be_written_is_unavailable(tmp_path: Path) -> None:
    """A file in the place of a folder gives one clear kind of error."""
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(BlobsUnavailable):
        Blobs.open(tmp_path / "file")
    (tmp_path / key_of(ABSENT)[:2]).write_bytes(b"")
    with pytest.raises(BlobsUnavailable):
        await Blobs.open(tmp_path).put(b"never put")


@given(st.text().filter(lambda text: len(text) != 64))
def test_only_a_digest_names_a_blob(text: str) -> None:
    """No other text, such as a path that climbs out of the folder, becomes a key."""
    with pytest.raises(ValueError, match="not a SHA-256"):
        key_of(Digest(text))


@pytest.mark.parametrize("text", ["../" * 21 + "x", "A" * 64, "a" * 63 + "\n"])
def test_length_alone_makes_no_digest(text: str) -> None:
    """Sixty-four characters must be lower-case hexadecimal digits."""
    with pytest.raises(ValueError, match="not a SHA-256"):
        key_of(Digest(text))
