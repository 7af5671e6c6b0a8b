import re
from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from itertools import count
from typing import Final

from magpie.protocols.smil.model import CONTENT_TYPES, Part, kind_of, plain_type

LONGEST: Final = 20
# Neither hidden nor a path, and the same in XML, in a URL and in a header.
_SAFE: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,19}")
_STEMS: Final = {"img": "image", "video": "video", "audio": "audio", "text": "text"}
# All short enough that ten thousand of a stem stay within the length.
_EXTENSIONS: Final = {
    "image/jpeg": "jpg",
    "image/jpg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/heic": "heic",
    "image/bmp": "bmp",
    "image/tiff": "tif",
    "image/vnd.wap.wbmp": "wbmp",
    "video/mp4": "mp4",
    "video/3gpp": "3gp",
    "video/3gpp2": "3g2",
    "video/quicktime": "mov",
    "video/webm": "webm",
    "audio/amr": "amr",
    "audio/amr-nb": "amr",
    "audio/mpeg": "mp3",
    "audio/mp3": "mp3",
    "audio/mp4": "m4a",
    "audio/3gpp": "3gp",
    "audio/ogg": "ogg",
    "audio/wav": "wav",
    "audio/x-wav": "wav",
    "audio/midi": "mid",
    "audio/sp-midi": "mid",
    "text/plain": "txt",
    "text/html": "html",
    "text/vcard": "vcf",
    "text/x-vcard": "vcf",
    "text/calendar": "ics",
    "text/x-vcalendar": "vcs",
    "application/pdf": "pdf",
}


def names(parts: Sequence[Part]) -> list[str]:
    """One for each part: its own where that is safe and nobody's before, else one made up."""
    own = _own(parts)
    taken = {name.lower() for name in own}
    numbers: dict[str, Iterator[int]] = defaultdict(lambda: count(1))
    return [name or _made_up(part, numbers, taken) for part, name in zip(parts, own, strict=True)]


def _own(parts: Sequence[Part]) -> list[str]:
    seen = {""}
    found = []
    for part in parts:
        good = _SAFE.fullmatch(part.name) and part.name.lower() not in seen
        found.append(part.name if good else "")
        seen.add(found[-1].lower())
    return found


def _made_up(part: Part, numbers: Mapping[str, Iterator[int]], taken: Container[str]) -> str:
    stem, extension = _called(plain_type(part.content_type))
    tried = (f"{stem}{number}.{extension}" for number in numbers[stem])
    return next(name for name in tried if name not in taken)


def _called(plain: str) -> tuple[str, str]:
    if plain in CONTENT_TYPES:
        return "slides", "smil"
    return _STEMS.get(kind_of(plain) or "", "file"), _EXTENSIONS.get(plain, "bin")
