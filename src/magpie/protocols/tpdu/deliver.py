"""SMS-DELIVER as octets (3GPP TS 23.040 clause 9.2.2.1)."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Final

import msgspec

from magpie.protocols.gsm import Encoding, UserDataHeader, decode_gsm7, encode_gsm7, pack, unpack
from magpie.protocols.tpdu import address
from magpie.protocols.tpdu.errors import DecodeError, EncodeError

MOST_OCTETS: Final = 140
"""Of user data, its header among them."""

_TYPE: Final = 0x03
_LAST: Final = 0x04
_HEADER: Final = 0x40
_CODED: Final = {Encoding.GSM_7: 0x00, Encoding.UCS_2: 0x08}
_TIME: Final = 7
_QUARTER: Final = timedelta(minutes=15)


class Deliver(msgspec.Struct, frozen=True, kw_only=True):
    """One short message. `more` says that others wait in the centre for this phone."""

    source: str
    sent_at: datetime
    encoding: Encoding
    text: str
    header: UserDataHeader = UserDataHeader()
    more: bool = False


def encode(pdu: Deliver) -> bytes:
    """Raise EncodeError for a value that does not fit."""
    header = pdu.header.encode() if pdu.header.elements else b""
    first = (0 if pdu.more else _LAST) | (_HEADER if header else 0)
    coding = bytes((0, _CODED[pdu.encoding]))
    time = _encode_time(pdu.sent_at)
    return bytes((first,)) + address.encode(pdu.source) + coding + time + _user_data(pdu, header)


def _user_data(pdu: Deliver, header: bytes) -> bytes:
    """Its length counts septets of GSM-7, the header's among them, and else octets."""
    if pdu.encoding is Encoding.UCS_2:
        octets = header + pdu.text.encode("utf-16-be", "surrogatepass")
        length = len(octets)
    else:
        septets = encode_gsm7(pdu.text)
        fill = _fill_bits(header)
        length = (8 * len(header) + fill) // 7 + len(septets)
        # The length tells where it ends: no padding is mistaken for a letter.
        octets = header + pack(septets, fill_bits=fill)[: -(-(fill + 7 * len(septets)) // 8)]
    if len(octets) > MOST_OCTETS:
        raise EncodeError(f"{len(octets)} octets of user data are too many")
    return bytes((length,)) + octets


def decode(octets: bytes) -> Deliver:
    """Raise DecodeError for what is none, or has another alphabet than GSM-7 and UCS-2."""
    if not octets or octets[0] & _TYPE:
        raise DecodeError("no SMS-DELIVER begins", 0)
    source, at = address.decode(octets, 1)
    if len(octets) < at + 2 + _TIME + 1:
        raise DecodeError("it is cut off", len(octets))
    encoding = _encoding(octets[at + 1], at + 1)
    sent_at = _decode_time(octets[at + 2 : at + 2 + _TIME], at + 2)
    at += 2 + _TIME
    header, text = _content(octets, at, encoding, headed=bool(octets[0] & _HEADER))
    return Deliver(
        source=source,
        sent_at=sent_at,
        encoding=encoding,
        text=text,
        header=header,
        more=not octets[0] & _LAST,
    )


def _content(
    octets: bytes, at: int, encoding: Encoding, *, headed: bool
) -> tuple[UserDataHeader, str]:
    length, data = octets[at], octets[at + 1 :]
    size = length if encoding is Encoding.UCS_2 else -(-7 * length // 8)
    if size != len(data) or size > MOST_OCTETS:
        raise DecodeError(f"{len(data)} octets of user data instead of {size}", at)
    header, rest = UserDataHeader.split(data) if headed else (UserDataHeader(), data)
    if encoding is Encoding.UCS_2:
        return header, rest.decode("utf-16-be", "replace")
    fill = _fill_bits(data[: len(data) - len(rest)])
    count = length - (8 * (len(data) - len(rest)) + fill) // 7
    return header, decode_gsm7(unpack(rest, count, fill_bits=fill))


def _encoding(coding: int, at: int) -> Encoding:
    """Only what is coded by general groups, without compression (3GPP TS 23.038 clause 4)."""
    for encoding, code in _CODED.items():
        if coding & 0xEC == code:
            return encoding
    raise DecodeError(f"data coding 0x{coding:02X}", at)


def _fill_bits(header: bytes) -> int:
    """The text begins on a septet's boundary."""
    return -8 * len(header) % 7


def _encode_time(at: datetime) -> bytes:
    return address.swapped(f"{at.astimezone(UTC):%y%m%d%H%M%S}00")


def _decode_time(octets: bytes, at: int) -> datetime:
    """The zone counts quarters of an hour, the sign in the bit that a tens digit leaves free."""
    *parts, zone = octets
    try:
        year, *rest = (int(address.digits_of(bytes((part,)), 2, at)) for part in parts)
        quarters = int(address.digits_of(bytes((zone & ~0x08,)), 2, at))
        offset = timezone((-_QUARTER if zone & 0x08 else _QUARTER) * quarters)
        return datetime(2000 + year, *rest, tzinfo=offset)  # type: ignore[arg-type,misc]
    except ValueError as error:
        raise DecodeError("no time stands there", at) from error
