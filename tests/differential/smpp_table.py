"""PDUs of every kind, each with its name, for other people's codecs to read."""

import re
from collections.abc import Iterator
from typing import Any, Final

from magpie.protocols import smpp
from magpie.protocols.smpp.pdu import Pdu

_FROM: Final = smpp.Address(1, 1, "15017122661")
_TO: Final = smpp.Address(1, 1, "15558675310")
_BINDS: Final = (smpp.BindReceiver, smpp.BindTransmitter, smpp.BindTransceiver)
_BOUND: Final = (smpp.BindReceiverResp, smpp.BindTransmitterResp, smpp.BindTransceiverResp)
_MESSAGES: Final[tuple[Any, ...]] = (smpp.SubmitSm, smpp.DeliverSm)
_BARE: Final = (
    smpp.Unbind,
    smpp.UnbindResp,
    smpp.EnquireLink,
    smpp.EnquireLinkResp,
    smpp.GenericNack,
)
_TLVS: Final = (
    smpp.Tlv.number(smpp.Tag.USER_MESSAGE_REFERENCE, 513, 2),
    smpp.Tlv.number(smpp.Tag.SAR_MSG_REF_NUM, 7, 2),
    smpp.Tlv.number(smpp.Tag.SAR_TOTAL_SEGMENTS, 2),
    smpp.Tlv.number(smpp.Tag.SAR_SEGMENT_SEQNUM, 1),
    smpp.Tlv.number(smpp.Tag.SOURCE_PORT, 9200, 2),
    smpp.Tlv.number(smpp.Tag.DESTINATION_PORT, 2948, 2),
    smpp.Tlv(smpp.Tag.MESSAGE_PAYLOAD, b"x" * 400),
)
_OF_RECEIPTS: Final = (
    smpp.Tlv.number(smpp.Tag.MESSAGE_STATE, 2),
    smpp.Tlv.string(smpp.Tag.RECEIPTED_MESSAGE_ID, "0a1b2c"),
)
_UDH: Final = b"\5\0\3\7\2\1"
_AT: Final = "260102030405000+"
_CAPITAL: Final = re.compile(r"(?<!^)(?=[A-Z])")


def pdus() -> Iterator[tuple[str, Pdu]]:
    for bind in _BINDS:
        yield bind.__name__, bind(1, system_id="magpie", password="secret", system_type="x")
    for bound in _BOUND:
        version = (smpp.Tlv.number(smpp.Tag.SC_INTERFACE_VERSION, 0x34),)
        yield bound.__name__, bound(1, 0, version, system_id="smsc")
    for bare in _BARE:
        yield bare.__name__, bare(0x7FFFFFFF)
    for kind in (smpp.SubmitSmResp, smpp.DataSmResp):
        yield kind.__name__, kind(2, message_id="0a1b2c")
    yield "DeliverSmResp", smpp.DeliverSmResp(2)
    yield "refused", smpp.SubmitSmResp(2, smpp.Status.RTHROTTLED)
    yield "QuerySm", smpp.QuerySm(3, message_id="0a1b", source=_FROM)
    yield "QuerySmResp", smpp.QuerySmResp(3, message_id="0a1b", message_state=2)
    payload = (smpp.Tlv(smpp.Tag.MESSAGE_PAYLOAD, b"hello"),)
    yield "DataSm", smpp.DataSm(4, 0, payload, source=_FROM, destination=_TO)
    yield from _asides()
    yield from _multi()
    for kind in _MESSAGES:
        yield from ((f"{kind.__name__} {name}", pdu) for name, pdu in _messages(kind))
    yield from _long()


def _asides() -> Iterator[tuple[str, Pdu]]:
    """About messages that were sent before, and what the centre begins."""
    both: dict[str, Any] = {"source": _FROM, "destination": _TO}
    yield "CancelSm", smpp.CancelSm(6, message_id="0a1b", **both)
    yield "CancelSm of all", smpp.CancelSm(6, service_type="WAP", **both)
    replace: dict[str, Any] = {"message_id": "0a1b", "source": _FROM, "registered_delivery": 1}
    yield "ReplaceSm", smpp.ReplaceSm(7, short_message=b"hello", **replace)
    yield "ReplaceSm later", smpp.ReplaceSm(7, schedule_delivery_time=_AT, **replace)
    for bare in (smpp.CancelSmResp, smpp.ReplaceSmResp):
        yield bare.__name__, bare(7)
    yield (
        "QuerySmResp of old",
        smpp.QuerySmResp(3, message_id="0a1b", final_date=_AT, message_state=5, error_code=27),
    )
    yield "Outbind", smpp.Outbind(8, system_id="smsc", password="secret")
    yield "AlertNotification", smpp.AlertNotification(9, source=_TO, esme=_FROM)
    available = (smpp.Tlv.number(smpp.Tag.MS_AVAILABILITY_STATUS, 1),)
    yield "AlertNotification TLV", smpp.AlertNotification(9, 0, available, source=_TO, esme=_FROM)


def _multi() -> Iterator[tuple[str, Pdu]]:
    """To many at once, and what became of those."""
    listed = smpp.DistributionList("everybody")
    for name, destinations in (
        ("one", (_TO,)),
        ("both", (_TO, listed, _FROM)),
        ("list", (listed,)),
    ):
        yield (
            f"SubmitMulti {name}",
            smpp.SubmitMulti(10, source=_FROM, destinations=destinations, short_message=b"hello"),
        )
    yield (
        "SubmitMulti UDH",
        smpp.SubmitMulti(
            10,
            source=_FROM,
            destinations=(_TO,) * 254,
            esm_class=0x40,
            short_message=_UDH + b"hello",
        ),
    )
    failed = smpp.Unsuccess(_TO, smpp.Status.RINVDSTADR)
    yield "SubmitMultiResp", smpp.SubmitMultiResp(10, message_id="0a1b")
    yield (
        "SubmitMultiResp failed",
        smpp.SubmitMultiResp(10, message_id="0a1b", unsuccess=(failed, failed)),
    )


def _messages(kind: Any) -> Iterator[tuple[str, Pdu]]:
    both = {"source": _FROM, "destination": _TO}
    yield "plain", kind(5, short_message=b"hello", **both)
    yield "empty", kind(5, **both)
    yield "full", kind(5, short_message=b"x" * 254, **both)
    yield "UDH", kind(5, esm_class=0x40, short_message=_UDH + b"hello", **both)
    for tlv in (*_TLVS, *(_OF_RECEIPTS if kind is smpp.DeliverSm else ())):
        yield f"TLV {tlv.tag:#06x}", kind(5, 0, (tlv,), **both)
    for esm_class in (0x01, 0x03, 0x04, 0x08, 0x20, 0x80):
        yield f"class {esm_class:#04x}", kind(5, esm_class=esm_class, short_message=b"a", **both)
    for coding, octets in ((3, b"h\xe9"), (4, b"\0\xff"), (8, "hé".encode("utf-16-be"))):
        yield f"coding {coding}", kind(5, data_coding=coding, short_message=octets, **both)


def _long() -> Iterator[tuple[str, Pdu]]:
    for how in smpp.LongText:
        options = smpp.TextOptions(long_text=how)
        parts = smpp.build_submits(
            "+15017122661", "+15558675310", "long " * 60, options=options, reference=9
        )
        yield from ((f"{how.name} {n}", part) for n, part in enumerate(parts))


TABLE: Final = list(pdus())


def command_of(pdu: Pdu) -> str:
    """By the names of the specification, as are all below."""
    return _CAPITAL.sub("_", type(pdu).__name__).lower()


def fields(pdu: Pdu) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in set(pdu.__struct_fields__) - {"sequence", "status", "tlvs", "trailing"}:
        value = getattr(pdu, name)
        if isinstance(value, smpp.Address):
            found |= _address(value, *_ADDRESSES[name])
        elif name == "destinations":
            found["dest_address"] = list(map(_destination, value))
        elif name == "unsuccess":
            found["unsuccess_sme"] = [
                _address(one.address, *_ADDRESSES["destination"])
                | {"error_status_code": one.status}
                for one in value
            ]
        else:
            found[name] = value
    return found | {smpp.Tag(tlv.tag).name.lower(): _parameter(tlv) for tlv in pdu.tlvs}


_ADDRESSES: Final = {
    "source": ("source_addr", "source_addr"),
    "destination": ("dest_addr", "destination_addr"),
    "esme": ("esme_addr", "esme_addr"),
}


def _address(address: smpp.Address, prefix: str, name: str) -> dict[str, Any]:
    return {f"{prefix}_ton": address.ton, f"{prefix}_npi": address.npi, name: address.addr}


def _destination(one: smpp.Address | smpp.DistributionList) -> dict[str, Any]:
    if isinstance(one, smpp.DistributionList):
        return {"dl_name": one.name}
    return _address(one, *_ADDRESSES["destination"])


def _parameter(tlv: smpp.Tlv) -> int | str | bytes:
    if tlv.tag == smpp.Tag.MESSAGE_PAYLOAD:
        return tlv.value
    if tlv.tag == smpp.Tag.RECEIPTED_MESSAGE_ID:
        return tlv.value.rstrip(b"\0").decode()
    return int.from_bytes(tlv.value, "big")
