"""Public identifiers: two letters of the kind and 32 hex digits, written in lower case."""

import re
from uuid import UUID

_SID = re.compile(r"[A-Z]{2}[0-9a-fA-F]{32}")
_PREFIX = re.compile(r"[A-Z]{2}")


def new(prefix: str, id: UUID) -> str:  # noqa: A002 - it is the id
    if not _PREFIX.fullmatch(prefix):
        raise ValueError(f"{prefix!r} is not two capital letters")
    return prefix + id.hex


def is_sid(text: str | None, *prefixes: str) -> bool:
    """Of one of the kinds named; of any kind if none is."""
    if text is None or not _SID.fullmatch(text):
        return False
    return not prefixes or text[:2] in prefixes


def uuid_of(sid: str) -> UUID:
    if not _SID.fullmatch(sid):
        raise ValueError(f"{sid!r} is not a SID")
    return UUID(hex=sid[2:])
