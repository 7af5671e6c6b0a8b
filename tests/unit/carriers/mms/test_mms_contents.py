import asyncio
from collections.abc import Iterator
from uuid import UUID

import pytest

from magpie.carriers.mms import Contents, Kept, arrived, unreadable
from magpie.carriers.traffic import Deferred, InboundMedia, Kind, MediaPart, Rejected, Submission
from magpie.kit.blobs import BlobMissing, Blobs, BlobsUnavailable, Digest
from magpie.protocols import mime, smil


class Counted(Blobs):
    reads = 0

    async def get(self, digest: Digest) -> bytes:
        Counted.reads += 1
        return await super().get(digest)


@pytest.fixture
def blobs() -> Blobs:
    Counted.reads = 0
    return Counted.open("memory://")


async def submission(blobs: Blobs, body: str = "hi", content: bytes = b"GIF89a") -> Submission:
    part = MediaPart(
        content_type="image/gif", size=len(content), digest=await blobs.put(content), name="a.gif"
    )
    return Submission(
        account_sid="AC",
        message_id=UUID(int=1),
        attempt=1,
        kind=Kind.MMS,
        from_="+1",
        to="+2",
        body=body,
        media=(part,),
        smil=b'<smil><par><img src="a.gif"/><text src="text1.txt"/></par></smil>',
    )


@pytest.mark.parametrize("transfer", mime.Transfer)
async def test_a_content_in_full(blobs: Blobs, transfer: mime.Transfer) -> None:
    """Slides first, then the media and the text, each by the name that the slides call it."""
    sealed = await Contents(blobs).sealed(await submission(blobs), transfer)
    found = mime.read_entity(sealed.headers, sealed.body)
    assert (found.content_id, found.content_type["start"]) == ("content", "<slides>")
    assert [(part.content_type.text, part.location, part.body) for part in found.parts] == [
        ("application/smil", "slides.smil", (await submission(blobs)).smil),
        ("image/gif", "a.gif", b"GIF89a"),
        ("text/plain", "text1.txt", b"hi"),
    ]
    assert arrived(found.parts) == (
        "hi",
        (InboundMedia(content_type="image/gif", content=b"GIF89a", name="a.gif"),),
    )


async def test_a_message_without_slides_gets_some(blobs: Blobs) -> None:
    """Some centres refuse a message that has none."""
    bare = Submission(
        account_sid="AC",
        message_id=UUID(int=1),
        attempt=1,
        kind=Kind.MMS,
        from_="+1",
        to="+2",
        body="hi",
    )
    sealed = await Contents(blobs).sealed(bare)
    [slides, text] = mime.read_entity(sealed.headers, sealed.body).parts
    assert [shown.src for slide in smil.read(slides.body) for shown in slide.shown] == [
        text.location
    ]


async def test_one_picture_to_many(blobs: Blobs) -> None:
    """The blob is read once and the content made once, also for those who ask at once."""
    contents = Contents(blobs)
    made = await asyncio.gather(*[contents.sealed(await submission(blobs)) for _ in range(50)])
    assert len({id(part) for part in made}) == 1
    assert Counted.reads == 1
    other = await contents.sealed(await submission(blobs, body="another text"))
    assert Counted.reads == 1
    assert other.body != made[0].body


async def test_a_large_content_is_made_beside_the_loop(blobs: Blobs) -> None:
    """It is the same octets all the same."""
    large = await submission(blobs, content=bytes(100_000))
    first = await Contents(blobs).sealed(large, mime.Transfer.BASE64)
    assert first == await Contents(blobs).sealed(large, mime.Transfer.BASE64)
    assert len(first.body) > 130_000


async def test_media_that_are_gone(blobs: Blobs) -> None:
    """Gone for good, or away for now."""
    with pytest.raises(BlobMissing) as raised:
        await Contents(blobs).sealed(
            Submission(
                account_sid="AC",
                message_id=UUID(int=1),
                attempt=1,
                kind=Kind.MMS,
                from_="+1",
                to="+2",
                body="",
                media=(MediaPart(content_type="a/b", size=1, digest="0" * 64),),
            )
        )
    assert isinstance(unreadable(raised.value), Rejected)
    assert isinstance(unreadable(BlobsUnavailable("away")), Deferred)


async def test_what_is_kept_is_bounded() -> None:
    """The longest unasked for goes first; what is larger than all is never kept."""
    kept: Kept[int, bytes] = Kept(10, len)
    made: list[int] = []

    async def get(key: int, size: int = 4) -> bytes:
        async def make() -> bytes:
            made.append(key)
            return bytes(size)

        return await kept.get(key, make)

    for key in (1, 2, 1, 3, 1, 2):
        await get(key)
    assert made == [1, 2, 3, 2]
    await get(4, 11)
    await get(4, 11)
    assert made[4:] == [4, 4]
    assert (kept.bytes, len(kept)) == (8, 2)


async def test_a_failure_is_not_kept() -> None:
    """The next who asks tries again."""
    kept: Kept[str, bytes] = Kept(10, len)
    results: Iterator[OSError | bytes] = iter([OSError("away"), b"ok"])

    async def make() -> bytes:
        result = next(results)
        if isinstance(result, OSError):
            raise result
        return result

    with pytest.raises(OSError, match="away"):
        await kept.get("a", make)
    assert await kept.get("a", make) == b"ok"


def part(content_type: str, body: bytes, **headers: str) -> mime.Part:
    named = tuple((f"Content-{name}", value) for name, value in headers.items())
    return mime.Part((("Content-Type", content_type), *named), body)


def test_what_phones_send() -> None:
    """In the order of the slides; texts are one body, slides are dropped, NULs too."""
    slides = b'<smil><par><text src="cid:t2"/></par><par><img src="b.jpg"/></par></smil>'
    body, media = arrived(
        [
            part("text/plain; charset=iso-8859-1", b"Gr\xfc\xdfe\0", ID="<t1>"),
            part("image/jpeg; name==?utf-8?Q?=C3=BC?=", b"a", ID="<a>"),
            part("application/smil", slides),
            part("image/jpeg", b"b", Location="b.jpg"),
            part("text/plain", b"first", ID="<t2>"),
            part("text/plain", b""),
            part("", b"?"),
        ]
    )
    assert body == "first\nGrüße\n?"
    assert [(one.content, one.name) for one in media] == [(b"b", "b.jpg"), (b"a", "ü")]
