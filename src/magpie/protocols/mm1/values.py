"""How the values of header fields are written (OMA-TS-MMS_ENC clause 7.3)."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

import msgspec

from magpie.protocols.mm1 import wsp
from magpie.protocols.mm1.errors import DecodeError, EncodeError
from magpie.protocols.mm1.tables import CHARSETS, UTF_8, MessageClass
from magpie.protocols.mm1.wsp import Reader

_YES, _NO = 0x80, 0x81
_PRESENT, _INSERT = 0x80, 0x81
_ABSOLUTE, _RELATIVE = 0x80, 0x81
_PRINTED: Final = range(0x20, 0x7F)


class Relative(msgspec.Struct, frozen=True):
    """So many seconds from now on; a moment is an int, Unix seconds."""

    seconds: int


class Previous(msgspec.Struct, frozen=True):
    """Who forwarded the message, or when: number `count` of those who did."""

    count: int
    value: str | int


Time = int | Relative


class Kind(NamedTuple):
    read: Callable[[Reader], Any]
    write: Callable[[Any], bytes]


def read_encoded(reader: Reader) -> str:
    """Encoded-string-value: with a charset, or none."""
    if reader.peek() > wsp.LENGTH_QUOTE:
        return reader.text()
    inner = reader.within(reader.value_length())
    if not inner.left:
        return ""
    charset = CHARSETS.get(inner.integer())
    octets = inner.take(inner.left)
    if octets[:1] == b"\x7f":
        octets = octets[1:]
    if charset is None or not charset.startswith("utf-16"):
        return _decoded(octets.partition(b"\0")[0], charset)
    # The NUL at its end may be of one octet or of two.
    return _decoded(octets[: len(octets) & ~1], charset).rstrip("\0")


def _decoded(octets: bytes, charset: str | None) -> str:
    if charset is None:
        return wsp.plain(octets)
    return octets.decode(charset, "replace")


def write_encoded(value: str) -> bytes:
    """As it is if every handset reads it so, else as UTF-8."""
    if all(ord(char) in _PRINTED for char in value):
        return wsp.text(value)
    return wsp.with_length(wsp.integer(UTF_8) + wsp.text(value))


def _read_from(reader: Reader) -> str | None:
    """None where the centre is to put in who sent it."""
    inner = reader.within(reader.value_length())
    token = inner.octet()
    if token == _INSERT:
        return None
    if token != _PRESENT:
        raise DecodeError(f"0x{token:02X} says not whether there is an address", inner.at - 1)
    return read_encoded(inner) if inner.left else ""


def _write_from(value: str | None) -> bytes:
    if value is None:
        return wsp.with_length(bytes((_INSERT,)))
    return wsp.with_length(bytes((_PRESENT,)) + write_encoded(value))


def _read_time(reader: Reader) -> Time:
    inner = reader.within(reader.value_length())
    token = inner.octet()
    if token == _ABSOLUTE:
        return inner.integer()
    if token == _RELATIVE:
        return Relative(inner.integer())
    raise DecodeError(f"0x{token:02X} is neither a moment nor a while", inner.at - 1)


def _write_time(value: Time) -> bytes:
    if isinstance(value, Relative):
        return wsp.with_length(bytes((_RELATIVE,)) + wsp.long_integer(value.seconds))
    return wsp.with_length(bytes((_ABSOLUTE,)) + wsp.long_integer(value))


def _read_yes(reader: Reader) -> bool:
    return reader.octet() == _YES


def _write_yes(value: bool) -> bytes:  # noqa: FBT001 - the value of a field
    return bytes((_YES if value else _NO,))


def _read_octet(reader: Reader) -> int:
    """A number of a table; one that nobody knows is given on."""
    octet = reader.octet()
    if octet < wsp.SHORT:
        raise DecodeError(f"0x{octet:02X} is no number of a table", reader.at - 1)
    return octet


def _write_octet(value: int) -> bytes:
    if not wsp.SHORT <= value <= 0xFF:  # noqa: PLR2004 - one octet
        raise EncodeError(f"{value} is no number of a table")
    return bytes((value,))


def _read_class(reader: Reader) -> int | str:
    return reader.octet() if reader.peek() >= wsp.SHORT else reader.text()


def _write_class(value: int | str) -> bytes:
    if isinstance(value, str):
        return wsp.text(value)
    return _write_octet(MessageClass(value))


def _read_version(reader: Reader) -> tuple[int, int]:
    octet = reader.octet()
    return octet >> 4 & 0x7, octet & 0xF


def _write_version(value: tuple[int, int]) -> bytes:
    major, minor = value
    if not (0 <= major <= 7 and 0 <= minor <= 15):  # noqa: PLR2004 - three bits and four
        raise EncodeError(f"{major}.{minor} is no version")
    return bytes((0x80 | major << 4 | minor,))


def _read_previous(read: Callable[[Reader], str | int]) -> Callable[[Reader], Previous]:
    def reading(reader: Reader) -> Previous:
        inner = reader.within(reader.value_length())
        return Previous(inner.integer(), read(inner))

    return reading


def _write_previous(write: Callable[[Any], bytes]) -> Callable[[Previous], bytes]:
    return lambda value: wsp.with_length(wsp.integer(value.count) + write(value.value))


TEXT: Final = Kind(Reader.text, wsp.text)
ENCODED: Final = Kind(read_encoded, write_encoded)
FROM: Final = Kind(_read_from, _write_from)
LONG: Final = Kind(Reader.integer, wsp.long_integer)
TIME: Final = Kind(_read_time, _write_time)
YES: Final = Kind(_read_yes, _write_yes)
OCTET: Final = Kind(_read_octet, _write_octet)
CLASS: Final = Kind(_read_class, _write_class)
VERSION: Final = Kind(_read_version, _write_version)
PREVIOUS_BY: Final = Kind(_read_previous(read_encoded), _write_previous(write_encoded))
PREVIOUS_DATE: Final = Kind(_read_previous(Reader.integer), _write_previous(wsp.long_integer))
