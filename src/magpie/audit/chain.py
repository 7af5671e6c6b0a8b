"""What makes a tampered log show itself: each digest covers its row and the digest before. Pure."""

import hashlib
from collections.abc import Iterable
from typing import Final

import msgspec

from magpie.audit.model import Entry

NOTHING: Final = bytes(32)
_encode: Final = msgspec.json.Encoder(order="deterministic").encode


def digest(before: bytes, entry: Entry) -> bytes:
    """SHA-256; what `entry` says of its own digest does not count."""
    told = (
        entry.serial,
        entry.at,
        entry.account_sid,
        entry.who,
        entry.address,
        entry.action,
        entry.detail,
    )
    return hashlib.sha256(before + _encode(told)).digest()


def broken(before: bytes, entries: Iterable[Entry]) -> int | None:
    """The serial of the first row that is not what was written, or follows a gap."""
    expected = None
    for entry in entries:
        gap = expected is not None and entry.serial != expected
        if gap or digest(before, entry) != entry.digest:
            return entry.serial
        before, expected = entry.digest, entry.serial + 1
    return None
