"""Addresses: digits by halves of octets, names packed (3GPP TS 23.040 clause 9.1.2.5)."""

from typing import Final

from magpie.protocols.gsm import decode_gsm7, encode_gsm7, pack, unpack
from magpie.protocols.tpdu.errors import DecodeError, EncodeError

# An extension bit, then the type of number and the numbering plan.
_INTERNATIONAL: Final = 0x91
_UNKNOWN: Final = 0x81
_NAME: Final = 0xD0
_KIND: Final = 0x70
_FILLER: Final = 0x0F
_DIGITS: Final = "0123456789*#abc"
"""In the order of their codes (clause 9.1.2.3)."""
_CODES: Final = {digit: code for code, digit in enumerate(_DIGITS)}
MOST_OCTETS: Final = 10


def encode(number: str) -> bytes:
    """The length in halves of octets, the type, and what it is.

    E.164 with its plus, a short code, or a name of at most 11 characters.
    """
    digits = number.removeprefix("+")
    if not digits or digits.strip(_DIGITS[:12]):
        return _name(number)
    if len(digits) > 2 * MOST_OCTETS:
        raise EncodeError(f"{len(digits)} digits are too many for an address")
    kind = _UNKNOWN if digits == number else _INTERNATIONAL
    return bytes((len(digits), kind)) + swapped(digits)


def _name(name: str) -> bytes:
    try:
        octets = pack(encode_gsm7(name))
    except UnicodeEncodeError as error:
        raise EncodeError(f"{error.object[error.start]!r} is in no name") from error
    if not 0 < len(octets) <= MOST_OCTETS:
        raise EncodeError(f"a name has 1 to 11 characters, not {len(name)}")
    return bytes((-(-7 * len(encode_gsm7(name)) // 4), _NAME)) + octets


def decode(octets: bytes, at: int) -> tuple[str, int]:
    """The number or name that begins there, and where it ends."""
    if len(octets) < at + 2:
        raise DecodeError("the address is cut off", at)
    length, kind = octets[at], octets[at + 1]
    begin, end = at + 2, at + 2 + -(-length // 2)
    if end > len(octets) or end - begin > MOST_OCTETS:
        raise DecodeError(f"an address of {length} digits", at)
    value = octets[begin:end]
    if kind & _KIND == _NAME & _KIND:
        return decode_gsm7(unpack(value, length * 4 // 7)), end
    digits = digits_of(value, length, begin)
    return (f"+{digits}" if kind & _KIND == _INTERNATIONAL & _KIND else digits), end


def swapped(digits: str) -> bytes:
    """The first digit in the lower half of the first octet."""
    codes = [_CODES[digit] for digit in digits] + [_FILLER] * (len(digits) % 2)
    return bytes(codes[at] | codes[at + 1] << 4 for at in range(0, len(codes), 2))


def digits_of(octets: bytes, count: int, at: int) -> str:
    halves = [half for octet in octets for half in (octet & 0x0F, octet >> 4)]
    try:
        return "".join(_DIGITS[half] for half in halves[:count])
    except IndexError as error:
        raise DecodeError("a filler among the digits", at) from error
