"""Optional parameters: tag, length of the value, value (SMPP 3.4 clause 3.2.4)."""

from collections.abc import Iterable
from struct import Struct
from typing import Final

import msgspec

_HEAD: Final = Struct(">HH")


class Tlv(msgspec.Struct, frozen=True):
    tag: int
    value: bytes

    @classmethod
    def number(cls, tag: int, value: int, width: int = 1) -> "Tlv":
        return cls(tag, value.to_bytes(width, "big"))

    @classmethod
    def string(cls, tag: int, value: str) -> "Tlv":
        return cls(tag, value.encode("latin-1") + b"\0")


Tlvs = tuple[Tlv, ...]


def read_tlvs(frame: bytes, at: int) -> tuple[Tlvs, bytes]:
    """All whole parameters, known or not, and the octets after them that form none."""
    found = []
    while at + 4 <= len(frame):
        tag, length = _HEAD.unpack_from(frame, at)
        end = at + 4 + length
        if end > len(frame):
            break
        found.append(Tlv(tag, frame[at + 4 : end]))
        at = end
    return tuple(found), frame[at:]


def write_tlvs(tlvs: Iterable[Tlv]) -> bytes:
    return b"".join([_HEAD.pack(tlv.tag, len(tlv.value)) + tlv.value for tlv in tlvs])


def find(tlvs: Tlvs, tag: int) -> bytes | None:
    """The first value under `tag`."""
    for tlv in tlvs:
        if tlv.tag == tag:
            return tlv.value
    return None


def find_number(tlvs: Tlvs, tag: int) -> int | None:
    """Whatever its width: some peers send one octet too many or too few."""
    value = find(tlvs, tag)
    return int.from_bytes(value, "big") if value else None


def find_string(tlvs: Tlvs, tag: int) -> str | None:
    """With or without its NUL."""
    value = find(tlvs, tag)
    return None if value is None else value.partition(b"\0")[0].decode("latin-1")
