"""How media are shown, and what they are called."""

from enum import Enum, auto
from typing import Final

_IMAGES: Final = frozenset(("jpeg", "jpg", "png", "gif", "webp", "bmp"))
_VIDEOS: Final = frozenset(("mp4", "mpeg4", "quicktime", "webm", "3gpp", "3gpp2"))
_AUDIOS: Final = frozenset(("mpeg", "mp3", "mp4", "ogg", "webm", "aac", "vnd.wave", "vorbis"))
_CARDS: Final = frozenset(("text/vcard", "text/x-vcard", "text/directory", "application/vcard"))
_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
_NAMES: Final = {
    "application/pdf": "PDF document",
    "text/calendar": "Calendar entry",
    "text/csv": "Table",
    "text/rtf": "Text document",
    "text/richtext": "Text document",
    "application/vnd.apple.pkpass": "Wallet pass",
    "application/msword": "Word document",
    "application/vnd.ms-excel": "Excel table",
    "application/vnd.ms-powerpoint": "Presentation",
    f"{_OFFICE}wordprocessingml.document": "Word document",
    f"{_OFFICE}spreadsheetml.sheet": "Excel table",
    f"{_OFFICE}presentationml.presentation": "Presentation",
}
_FAMILIES: Final = {"image": "Picture", "video": "Video", "audio": "Audio"}
_ENDINGS: Final = {
    "application/pdf": "pdf",
    "text/calendar": "ics",
    "text/csv": "csv",
    "text/rtf": "rtf",
    "application/vnd.apple.pkpass": "pkpass",
    "image/jpeg": "jpg",
    "image/jpg": "jpg",
    "image/tiff": "tif",
    "video/quicktime": "mov",
    "video/3gpp": "3gp",
    "audio/mpeg": "mp3",
    "audio/vnd.wave": "wav",
    "audio/3gpp": "3gp",
    "audio/amr-nb": "amr",
    "audio/mp4": "m4a",
}
_SHORT: Final = 5
_STEP: Final = 1000


class Kind(Enum):
    IMAGE = auto()
    VIDEO = auto()
    AUDIO = auto()
    CARD = auto()
    FILE = auto()


def kind_of(content_type: str) -> Kind:
    """By what browsers of phones show themselves; the rest is a file to be saved."""
    family, _, name = content_type.partition("/")
    if content_type in _CARDS:
        return Kind.CARD
    shown = {"image": (_IMAGES, Kind.IMAGE), "video": (_VIDEOS, Kind.VIDEO)}
    names, kind = shown.get(family, (_AUDIOS if family == "audio" else frozenset(), Kind.AUDIO))
    return kind if name in names else Kind.FILE


def name_of(content_type: str) -> str:
    if content_type in _CARDS:
        return "Contact"
    family = content_type.partition("/")[0]
    return _NAMES.get(content_type) or _FAMILIES.get(family, "File")


def ending_of(content_type: str) -> str:
    """Of a file's name, without a dot; blank if the type has none that everybody knows."""
    if content_type in _CARDS:
        return "vcf"
    name = content_type.partition("/")[2]
    plain = name if name.isalnum() and len(name) <= _SHORT else ""
    return _ENDINGS.get(content_type, plain)


def size_of(count: int) -> str:
    """In decimal units, as phones have it."""
    if count < _STEP:
        return f"{count} bytes" if count != 1 else "1 byte"
    kilobytes = round(count / _STEP)
    if kilobytes < _STEP:
        return f"{kilobytes} kB"
    return f"{count / _STEP / _STEP:.1f} MB"
