"""How the PDUs of a link are shown to an operator; nothing is decoded until one looks."""

import re
from functools import partial
from typing import Any, Final

from msgspec.structs import replace

from magpie.carriers.smpp.options import LinkOptions
from magpie.carriers.trace import Shown, Trace, digits_hidden
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
    decode,
    encode,
    read_receipt,
    status_name,
)
from magpie.protocols.smpp.pdu import ShortMessagePdu, SubmitMulti

_HIDDEN: Final = "***"
# Of a receipt the text that it quotes is somebody's; all before it is the carrier's.
_QUOTED: Final = re.compile(rb"text:", re.IGNORECASE)
_RECEIPTS: Final = frozenset({EsmClass.RECEIPT, EsmClass.INTERMEDIATE})
_CONTENTS: Final = (ShortMessagePdu, SubmitMulti, DataSm)


def trace(options: LinkOptions | None = None) -> Trace[bytes | Pdu]:
    """What the session asks and answers by itself is seen as it leaves, not as it comes."""
    return Trace(partial(read, options=options))


def read(
    raw: bytes | Pdu,
    personal: bool,  # noqa: FBT001 - as every Reader
    options: LinkOptions | None = None,
) -> Shown | None:
    """By the `options` of its link a receipt's message is known."""
    pdu = _decoded(raw)
    if pdu is None:
        return None
    safe = masked(pdu, personal=personal)
    return Shown(
        what=type(pdu).__name__,
        status=status_name(pdu.status),
        sequence=str(pdu.sequence),
        fields=_fields(safe),
        octets=_encoded(safe),
        names=_names(pdu, options),
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
    if personal or not isinstance(pdu, _CONTENTS):
        return pdu
    changes: dict[str, Any] = {"source": _unnamed(pdu.source), "tlvs": _tlvs(pdu)}
    if isinstance(pdu, SubmitMulti):
        changes["destinations"] = tuple(
            _unnamed(one) if isinstance(one, Address) else one for one in pdu.destinations
        )
    else:
        changes["destination"] = _unnamed(pdu.destination)
    if not isinstance(pdu, DataSm):
        changes["short_message"] = _content(pdu.short_message, pdu.esm_class)
    return replace(pdu, **changes)


def _decoded(raw: bytes | Pdu) -> Pdu | None:
    if isinstance(raw, Pdu):
        return raw
    try:
        return decode(raw)
    except DecodeError:
        return None


def _encoded(pdu: Pdu) -> bytes:
    """What a peer has sent may be more than we would write."""
    try:
        return encode(pdu)
    except EncodeError:
        return b""


def _unnamed(address: Address) -> Address:
    return replace(address, addr=digits_hidden(address.addr))


def _tlvs(pdu: Any) -> Any:
    return tuple(
        replace(tlv, value=_content(tlv.value, pdu.esm_class))
        if tlv.tag == Tag.MESSAGE_PAYLOAD
        else tlv
        for tlv in pdu.tlvs
    )


def _content(octets: bytes, esm_class: int) -> bytes:
    kept = 0
    if esm_class & EsmClass.TYPE_MASK in _RECEIPTS and b"id:" in octets:
        quoted = _QUOTED.search(octets)
        kept = quoted.end() if quoted else len(octets)
    return octets[:kept] + b"*" * (len(octets) - kept)


def _fields(pdu: Pdu) -> dict[str, Any]:
    names = [name for name in pdu.__struct_fields__ if name not in {"sequence", "status"}]
    return {name: _shown(name, value) for name in names if (value := getattr(pdu, name))}


def _shown(name: str, value: Any) -> Any:
    if name == "password":
        return _HIDDEN
    if name == "tlvs":
        return {f"0x{tlv.tag:04X}": tlv.value.hex() for tlv in value}
    if isinstance(value, Address):
        return f"{value.ton}/{value.npi} {value.addr}"
    if isinstance(value, bytes):
        return value.hex()
    return [str(one) for one in value] if isinstance(value, tuple) else value
