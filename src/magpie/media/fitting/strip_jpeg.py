"""Segments of a JPEG (ITU-T T.81 annex B), read without decoding anything."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from magpie.media.recipe import BROKEN, EXCESSIVE, Unusable

MOST_SCANS: Final = 200
"""A progressive picture has about ten; each costs a pass over all of it."""
_MOST_SEGMENTS: Final = 5_000
_SOI, _EOI, _SOS, _COM = 0xD8, 0xD9, 0xDA, 0xFE
_APP0, _APP1, _APP2, _APP14, _APP15 = 0xE0, 0xE1, 0xE2, 0xEE, 0xEF
_MARKER: Final = re.compile(rb"\xff+([\x01-\xfe])", re.DOTALL)
# In a scan, 0xFF is followed by zero, or by a restart marker.
_AFTER_SCAN: Final = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]", re.DOTALL)
_ICC: Final = b"ICC_PROFILE\0"
_EXIF: Final = b"Exif\0\0"
_JFIF: Final = b"JFIF\0"
_JFIF_SIZE: Final = 14


class Segment(NamedTuple):
    marker: int
    body: bytes
    """What stands after the length."""
    scan: bytes
    """Entropy-coded data after a start of scan; whatever stands behind the end of the image."""


def segments(content: bytes) -> Iterator[Segment]:
    """To the end of the image; a file that stops before it is broken."""
    at, scans = 2, 0
    for _ in range(_MOST_SEGMENTS):
        found = _MARKER.search(content, at)
        if not found or found[1][0] == _SOI:
            raise Unusable(BROKEN, "the JPEG is cut off")
        marker, at = found[1][0], found.end()
        if marker == _EOI:
            yield Segment(marker, b"", content[at:])
            return
        if _standalone(marker):
            continue
        end = at + int.from_bytes(content[at : at + 2], "big")
        if end < at + 2 or end > len(content):
            raise Unusable(BROKEN, "the JPEG is cut off")
        body, at = content[at + 2 : end], end
        if marker == _SOS:
            scans += 1
            following = _AFTER_SCAN.search(content, at)
            if not following:
                raise Unusable(BROKEN, "the JPEG is cut off")
            end = following.start()
        if scans > MOST_SCANS:
            raise Unusable(EXCESSIVE, f"more than {MOST_SCANS} scans")
        yield Segment(marker, body, content[at:end])
        at = end
    raise Unusable(EXCESSIVE, f"more than {_MOST_SEGMENTS} segments")


def _standalone(marker: int) -> bool:
    return marker == 0x01 or 0xD0 <= marker <= 0xD7  # noqa: PLR2004 - TEM and restarts


def scans_of(content: bytes) -> int:
    return sum(segment.marker == _SOS for segment in segments(content))


def profile_of(parts: list[Segment]) -> bytes:
    """An ICC profile stands in numbered pieces (ICC.1 annex B.4)."""
    pieces = [part.body for part in parts if _is_profile(part)]
    return b"".join(body[len(_ICC) + 2 :] for body in sorted(pieces))


def exif_of(parts: list[Segment]) -> bytes:
    return next((part.body for part in parts if _is_exif(part)), b"")


def stripped(parts: list[Segment], *, profile: bool, exif: bytes) -> bytes:
    """Write the picture and what its colours need; `exif` stands instead of all metadata."""
    out = [b"\xff\xd8"]
    kept = [part for part in parts[:-1] if _kept(part, profile=profile)]
    if kept and kept[0].marker == _APP0:
        out.append(_written(_plain_jfif(kept.pop(0))))
    if exif:
        out.append(_written(Segment(_APP1, _EXIF + exif, b"")))
    out.extend(_written(_plain_jfif(part)) for part in kept)
    out.append(b"\xff\xd9")
    return b"".join(out)


def tagged(parts: list[Segment]) -> bool:
    """EXIF is judged by its entries, elsewhere."""
    *shown, end = parts
    return (
        bool(end.scan)
        or sum(_is_exif(part) for part in shown) > 1
        or any(_thumbnail(part) for part in shown)
        or not all(_is_exif(part) or _kept(part, profile=True) for part in shown)
    )


def _kept(part: Segment, *, profile: bool) -> bool:
    if part.marker == _APP0:
        return part.body.startswith(_JFIF)
    if part.marker == _APP14:
        return part.body.startswith(b"Adobe")
    if part.marker == _APP2:
        return profile and _is_profile(part)
    return part.marker != _COM and not _APP0 <= part.marker <= _APP15


def _is_profile(part: Segment) -> bool:
    return part.marker == _APP2 and part.body.startswith(_ICC)


def _is_exif(part: Segment) -> bool:
    return part.marker == _APP1 and part.body.startswith(_EXIF)


def _thumbnail(part: Segment) -> bool:
    return part.marker == _APP0 and len(part.body) > _JFIF_SIZE


def _plain_jfif(part: Segment) -> Segment:
    if not _thumbnail(part):
        return part
    return part._replace(body=part.body[: _JFIF_SIZE - 2] + bytes(2))


def _written(part: Segment) -> bytes:
    size = (len(part.body) + 2).to_bytes(2, "big")
    return b"".join((b"\xff", bytes((part.marker,)), size, part.body, part.scan))
