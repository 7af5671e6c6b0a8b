"""PDUs of every kind, each with its name, for other people's codecs to read."""

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
    for kind in _MESSAGES:
        yield from ((f"{kind.__name__} {name}", pdu) for name, pdu in _messages(kind))
    yield from _long()


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
