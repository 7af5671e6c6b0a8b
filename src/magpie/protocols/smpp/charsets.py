"""Octets to text by data_coding (SMPP 3.4 clause 5.2.19, GSM 03.38 clause 4)."""

from collections.abc import Callable
from enum import Enum
from typing import Final

from magpie.protocols.gsm import decode_gsm7, unpack
from magpie.protocols.smpp.constants import DataCoding

_Decode = Callable[[bytes], str]


class Alphabet(Enum):
    """What a carrier means by data_coding 0."""

    GSM = "gsm"
    GSM_PACKED = "gsm-packed"
    LATIN_1 = "latin-1"
    ASCII = "ascii"


def decode_text(
    octets: bytes, data_coding: int, default: Alphabet = Alphabet.GSM, *, header: int = 0
) -> str | None:
    """None for binary content. Never fails: what cannot be read is replaced, NULs are dropped.

    Packed text begins on a septet boundary after a `header` of so many octets.
    """
    charset = _charset(data_coding)
    if charset is None:
        return None
    if charset == _DEFAULT and default is Alphabet.GSM_PACKED:
        return decode_gsm7(unpack(octets, fill_bits=-8 * header % 7))
    decode = _DEFAULTS[default] if charset == _DEFAULT else _CHARSETS[charset]
    return decode(octets).replace("\0", "")


def _named(codec: str) -> _Decode:
    return lambda octets: octets.decode(codec, "replace")


def _ucs2(octets: bytes) -> str:
    """UTF-16, big-endian unless a mark says otherwise; an odd last octet shows as a question."""
    odd = "\ufffd" if len(octets) % 2 else ""
    whole = octets[: len(octets) & ~1]
    if whole[:2] == b"\xff\xfe":
        return whole[2:].decode("utf-16-le", "replace") + odd
    return whole.removeprefix(b"\xfe\xff").decode("utf-16-be", "replace") + odd


_DEFAULT: Final = -1
_GENERAL_GROUP: Final = {0: _DEFAULT, 1: None, 2: int(DataCoding.UCS_2), 3: _DEFAULT}
_CHARSETS: Final[dict[int, _Decode]] = {
    # Latin-1 below 0x80 is ASCII, and above it the best guess.
    DataCoding.IA5: _named("latin-1"),
    DataCoding.LATIN_1: _named("latin-1"),
    DataCoding.JIS: _named("shift_jis"),
    DataCoding.CYRILLIC: _named("iso8859_5"),
    DataCoding.HEBREW: _named("iso8859_8"),
    DataCoding.UCS_2: _ucs2,
    DataCoding.PICTOGRAM: _named("shift_jis"),
    DataCoding.ISO_2022_JP: _named("iso2022_jp"),
    DataCoding.EXTENDED_KANJI: _named("euc_jp"),
    DataCoding.KS_C_5601: _named("cp949"),
}
_DEFAULTS: Final[dict[Alphabet, _Decode]] = {
    Alphabet.GSM: decode_gsm7,
    Alphabet.LATIN_1: _named("latin-1"),
    Alphabet.ASCII: _named("latin-1"),
}


def _charset(data_coding: int) -> int | None:
    """A key of `_CHARSETS`, `_DEFAULT`, or None for binary."""
    if data_coding in {DataCoding.BINARY, DataCoding.OCTETS}:
        return None
    if data_coding in _CHARSETS:
        return data_coding
    group = data_coding >> 4
    if group in range(0x1, 0x8):  # GSM 03.38 general data coding and its automatic deletion
        return _GENERAL_GROUP[data_coding >> 2 & 3]
    if group == 0xE:  # noqa: PLR2004 - message waiting, in UCS-2
        return DataCoding.UCS_2
    if group == 0xF and data_coding & 4:  # noqa: PLR2004 - data coding and class
        return None
    return _DEFAULT
