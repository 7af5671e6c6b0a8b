"""A message's media, and which types there are (media-and-mms.md section 1)."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from magpie.kit.record import Record

QUEUE: Final = "media"
MOST_BYTES: Final = 5 * 1024 * 1024
"""All media of one message together."""


class State(StrEnum):
    PENDING = "pending"
    STORED = "stored"
    FAILED = "failed"


class Media(Record, frozen=True):
    """`digest` names the bytes once they are `stored`.

    `source_url` is where they come from; once they are here it has lost its secrets.
    """

    account_sid: str
    message_id: UUID
    sid: str
    position: int
    state: str
    content_type: str
    size: int
    digest: str | None
    source_url: str | None
    file_name: str | None
    date_created: datetime
    date_updated: datetime


class Verdict(StrEnum):
    """What becomes of a type: fitted to the handset, sent as it is, or not taken for an MMS."""

    FITTED = "fitted"
    PASSED = "passed"
    OTHER_CHANNELS = "other channels"
    UNKNOWN = "unknown"


_TYPES: Final = {
    Verdict.FITTED: {"image": "jpeg jpg png gif webp avif"},
    Verdict.PASSED: {
        "image": "heic heif tiff bmp",
        "video": "mp4 mpeg4 mpeg webm quicktime 3gpp 3gpp2 3gpp-tt h261 h263 h263-1998 h263-2000"
        " h264 h265",
        "audio": "ogg mpeg mp4 mp3 3gpp 3gpp2 basic l24 vnd.rn-realaudio vnd.wave ac3 webm amr-nb"
        " amr aac vorbis",
        "text": "vcard x-vcard directory csv richtext rtf calendar",
        "application": "pdf vcard vnd.apple.pkpass",
    },
    Verdict.OTHER_CHANNELS: {
        "application": "msword vnd.ms-excel vnd.ms-powerpoint"
        " vnd.openxmlformats-officedocument.wordprocessingml.document"
        " vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        " vnd.openxmlformats-officedocument.presentationml.presentation",
    },
}
VERDICTS: Final[Mapping[str, Verdict]] = {
    f"{family}/{name}": verdict
    for verdict, families in _TYPES.items()
    for family, names in families.items()
    for name in names.split()
}


# As browsers, systems and servers call what has another name in the list.
_ALIASES: Final = {
    "audio/wav": "audio/vnd.wave",
    "audio/wave": "audio/vnd.wave",
    "audio/x-wav": "audio/vnd.wave",
    "audio/m4a": "audio/mp4",
    "audio/x-m4a": "audio/mp4",
    "audio/x-aac": "audio/aac",
    "video/x-m4v": "video/mp4",
    "image/pjpeg": "image/jpeg",
    "image/x-png": "image/png",
    "image/x-ms-bmp": "image/bmp",
}


def verdict(content_type: str) -> Verdict:
    """Parameters and case do not count."""
    return VERDICTS.get(plain_type(content_type), Verdict.UNKNOWN)


def plain_type(content_type: str) -> str:
    """Without parameters, in small letters, by the name that is in the list."""
    plain = content_type.partition(";")[0].strip().lower()
    return _ALIASES.get(plain, plain)
