"""A picture message as the octets that go over the wire, made once for all who get the same."""

import asyncio
from collections.abc import Sequence
from hashlib import sha256
from typing import Final

from magpie.carriers.mms.kept import Kept
from magpie.carriers.traffic import Deferred, InboundMedia, MediaPart, Outcome, Rejected, Submission
from magpie.kit.blobs import BlobMissing, Blobs, BlobsUnavailable, Digest
from magpie.protocols import mime, smil

CONTENT_ID: Final = "<content>"
_START: Final = "<slides>"
_SLIDES: Final = "slides.smil"
_RELATED: Final = f'multipart/related; type="{smil.CONTENT_TYPE}"; start="{_START}"'
_HEAD: Final = (
    ("Content-Type", f"{smil.CONTENT_TYPE}; charset=utf-8; name={_SLIDES}"),
    ("Content-ID", _START),
    ("Content-Location", _SLIDES),
)
_TEXT: Final = "text/plain; charset=utf-8"
_UNKNOWN_ERROR: Final = 30008
# Encoding more than this keeps the loop waiting for longer than a request does.
_AT_ONCE: Final = 64 * 1024

_Key = tuple[mime.Transfer, str, bytes, tuple[MediaPart, ...]]


class Contents:
    """`most_bytes` are kept of encoded contents, and as many of media."""

    def __init__(self, blobs: Blobs, most_bytes: int = 64 * 1024 * 1024) -> None:
        self._blobs = blobs
        self._media: Kept[str, bytes] = Kept(most_bytes, len)
        self._sealed: Kept[_Key, mime.Part] = Kept(most_bytes, lambda part: len(part.body))

    async def sealed(
        self, submission: Submission, transfer: mime.Transfer = mime.Transfer.BINARY
    ) -> mime.Part:
        """SMIL, text and media as one multipart/related whose body is ready to be sent.

        Raise BlobMissing or BlobsUnavailable: see `unreadable`.
        """
        key = (transfer, submission.body, submission.smil, submission.media)
        return await self._sealed.get(key, lambda: self._seal(submission, key))

    async def whole(self, submission: Submission) -> mime.Part:
        """The same as parts, for wires that are not of mail. Raise as `sealed` does."""
        return related(await self.media(submission), submission.body, submission.smil)

    async def media(self, submission: Submission) -> list[InboundMedia]:
        """The media with their bytes. Raise as `sealed` does."""
        return await asyncio.gather(*(self.medium(part) for part in submission.media))

    async def medium(self, part: MediaPart) -> InboundMedia:
        """One of them. Raise as `sealed` does."""
        digest = Digest(part.digest)
        content = await self._media.get(digest, lambda: self._blobs.get(digest))
        return InboundMedia(content_type=part.content_type, content=content, name=part.name)

    async def _seal(self, submission: Submission, key: _Key) -> mime.Part:
        media = await self.media(submission)
        boundary = sha256(repr(key).encode()).hexdigest()[:32]
        whole = related(media, submission.body, submission.smil)
        if sum(len(one.content) for one in media) <= _AT_ONCE:
            return _sealed(whole, boundary, key[0])
        return await asyncio.to_thread(_sealed, whole, boundary, key[0])


def related(media: Sequence[InboundMedia], body: str, slides: bytes = b"") -> mime.Part:
    """Each part by the name that the slides call it; a message without slides gets some."""
    named = [smil.Part(one.content_type, one.name or "") for one in media]
    if body:
        # The slides were made with the same names.
        named.append(smil.Part("text/plain"))
    names = smil.names(named)
    slides = slides or smil.presentation(
        [part._replace(name=name) for part, name in zip(named, names, strict=True)]
    )
    kinds = [*(one.content_type for one in media), _TEXT]
    bodies = [*(one.content for one in media), body.encode()]
    # There may be no text, and then there is no name for it.
    parts = [_part(*three) for three in zip(kinds, names, bodies, strict=False)]
    head = (("Content-Type", _RELATED), ("Content-ID", CONTENT_ID))
    return mime.Part(head, b"", (mime.Part(_HEAD, slides), *parts))


def _part(content_type: str, name: str, body: bytes) -> mime.Part:
    kind = mime.parse_value(content_type).with_parameter("name", name)
    return mime.Part(
        (("Content-Type", str(kind)), ("Content-ID", f"<{name}>"), ("Content-Location", name)),
        body,
    )


def _sealed(whole: mime.Part, boundary: str, transfer: mime.Transfer) -> mime.Part:
    written = mime.write(whole, boundary, transfer)
    head = (("Content-Type", written.content_type), *written.headers)
    return mime.Part(head, b"".join(written.chunks))


def unreadable(error: BlobMissing | BlobsUnavailable) -> Outcome:
    """What is gone stays so; a store that is away comes back."""
    if isinstance(error, BlobMissing):
        return Rejected(_UNKNOWN_ERROR, "the media of this message are gone")
    return Deferred(f"the media cannot be read: {error}")
