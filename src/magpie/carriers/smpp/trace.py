"""How the PDUs of a link are shown to an operator; nothing is decoded until one looks."""

import re
from functools import partial
from typing import Any, Final

from msgspec.structs import replace

from magpie.carriers.smpp.options import LinkOptions
from magpie.carriers.trace import Shown, Trace, digits_hidden
from magpie.protocols.gsm import UserDataHeader
from magpie.protocols.smpp import (
    Address,
    Bind,
    DataSm,
    DecodeError,
    DeliverSm,
    EncodeError,
    EsmClass,
    Outbind,
    Pdu,
    Tag,
    Tlv,
    Unsuccess,
    decode,
    encode,
    read_receipt,
    status_name,
)
from magpie.protocols.smpp.constants import HEADER_LENGTH, tag_name
from magpie.protocols.smpp.errors import command_name

_HIDDEN: Final = "***"
# Of a receipt the text that it quotes is somebody's; all before it is the carrier's.
_QUOTED: Final = re.compile(rb"text:", re.IGNORECASE)
_RECEIPTS: Final = frozenset({EsmClass.RECEIPT, EsmClass.INTERMEDIATE})
_PERSONAL: Final = frozenset(
    {"source", "destination", "destinations", "unsuccess", "short_message", "esme"}
)
_PARAMETERS: Final = frozenset(
    {
        Tag.MESSAGE_PAYLOAD,
        Tag.CALLBACK_NUM,
        Tag.CALLBACK_NUM_ATAG,
        Tag.SOURCE_SUBADDRESS,
        Tag.DEST_SUBADDRESS,
    }
)


def trace(options: LinkOptions | None = None) -> Trace[bytes | Pdu]:
    """What the session asks and answers by itself is seen as it leaves, not as it comes."""
    return Trace(partial(read, options=options))


def read(
    raw: bytes | Pdu,
    personal: bool,  # noqa: FBT001 - as every Reader
    options: LinkOptions | None = None,
) -> Shown:
    """By the `options` of its link a receipt's message is known."""
    if isinstance(raw, Pdu):
        return _told(raw, personal, options)
    try:
        return _told(decode(raw), personal, options)
    except DecodeError as error:
        return _broken(raw, error, personal)


def _told(pdu: Pdu, personal: bool, options: LinkOptions | None) -> Shown:  # noqa: FBT001
    safe = masked(pdu, personal=personal)
    return Shown(
        what=type(pdu).__name__,
        status=status_name(pdu.status),
        sequence=str(pdu.sequence),
        fields=_fields(safe),
        octets=_encoded(safe),
        names=_names(pdu, options),
    )


def _broken(raw: bytes, error: DecodeError, personal: bool) -> Shown:  # noqa: FBT001
    """Nobody knows where in it a secret stands: unless it is `personal`, its header is shown."""
    return Shown(
        what=command_name(error.command_id),
        sequence=str(error.sequence),
        fields={"not_readable": str(error), "octets": len(raw)},
        octets=raw if personal else raw[:HEADER_LENGTH],
    )


def _names(pdu: Pdu, options: LinkOptions | None) -> tuple[str, ...]:
    if options is None or not isinstance(pdu, DeliverSm | DataSm):
        return ()
    receipt = read_receipt(pdu, unmarked=options.unmarked_receipts)
    return (options.receipt_id(receipt),) if receipt and receipt.message_id else ()


def masked(pdu: Pdu, *, personal: bool = False) -> Pdu:
    """The same PDU, as long as it was, without its password; without people unless `personal`."""
    if isinstance(pdu, Bind | Outbind):
        return replace(pdu, password="*" * len(pdu.password))
    if personal:
        return pdu
    return replace(pdu, **{name: _unnamed(pdu, getattr(pdu, name)) for name in _people(pdu)})


def _people(pdu: Pdu) -> list[str]:
    """The fields in which somebody, or what they write, may stand."""
    return [name for name in pdu.__struct_fields__ if name == "tlvs" or name in _PERSONAL]


def _unnamed(pdu: Pdu, value: Any) -> Any:
    match value:
        case Address():
            return replace(value, addr=digits_hidden(value.addr))
        case Unsuccess():
            return replace(value, address=_unnamed(pdu, value.address))
        case Tlv(tag=tag) if tag in _PARAMETERS:
            kind = _esm_class(pdu) if tag == Tag.MESSAGE_PAYLOAD else 0
            return replace(value, value=_content(value.value, kind))
        case tuple():
            return tuple(_unnamed(pdu, one) for one in value)
        case bytes():
            return _content(value, _esm_class(pdu))
        case _:
            return value


def _esm_class(pdu: Pdu) -> int:
    """A message that replaces another has none."""
    return int(getattr(pdu, "esm_class", 0))


def _encoded(pdu: Pdu) -> bytes:
    """What a peer has sent may be more than we would write."""
    try:
        return encode(pdu)
    except EncodeError:
        return b""


def _content(octets: bytes, esm_class: int) -> bytes:
    kept = 0
    if esm_class & EsmClass.UDHI:
        kept = len(octets) - len(UserDataHeader.split(octets)[1])
    if esm_class & EsmClass.TYPE_MASK in _RECEIPTS and b"id:" in octets:
        quoted = _QUOTED.search(octets)
        kept = quoted.end() if quoted else len(octets)
    return octets[:kept] + b"*" * (len(octets) - kept)


def _fields(pdu: Pdu) -> dict[str, Any]:
    names = [name for name in pdu.__struct_fields__ if name not in {"sequence", "status"}]
    return {name: shown(name, value) for name in names if (value := getattr(pdu, name))}


def shown(name: str, value: Any) -> Any:
    if name == "password":
        return _HIDDEN
    if name == "tlvs":
        return {tag_name(tlv.tag): tlv.value.hex() for tlv in value}
    if isinstance(value, Address):
        return f"{value.ton}/{value.npi} {value.addr}"
    if isinstance(value, bytes):
        return value.hex()
    return [str(one) for one in value] if isinstance(value, tuple) else value
