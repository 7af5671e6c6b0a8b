"""What a client is handed, as deliver_sm."""

from typing import Final

from msgspec.structs import replace

from magpie.api.smpp.manage import state_of
from magpie.esmes.due import Due, ReceiptDue, TextDue
from magpie.esmes.model import Esme
from magpie.protocols.smpp import (
    AddressRules,
    DeliverSm,
    Tag,
    Tlv,
    build_delivers,
    build_receipt,
    to_address,
)

_RULES: Final = AddressRules()
_OF_THE_CENTRE: Final = b"\x08"  # network_error_code (SMPP 5.0 clause 4.8.4.42)


def pdus(due: Due, esme: Esme) -> list[DeliverSm]:
    """More than one for a text in parts; the same ones when it is handed over again."""
    return _text(due, esme) if isinstance(due, TextDue) else [_receipt(due, esme)]


def _receipt(due: ReceiptDue, esme: Esme) -> DeliverSm:
    """`err` is the last three digits of our code, network_error_code all of it."""
    pdu = build_receipt(
        to_address(due.to, _RULES),
        to_address(due.from_, _RULES),
        esme.id_of(due.told),
        state_of(due.status, due.code),
        submitted=due.submitted_at,
        done=due.at,
        error=f"{(due.code or 0) % 1000:03}",
        text=due.text,
        intermediate=not due.final,
        seconds=esme.date_form == "seconds",
        parameters=esme.receipt_tlvs,
    )
    if not due.code or not esme.receipt_tlvs:
        return pdu
    error = Tlv(Tag.NETWORK_ERROR_CODE, _OF_THE_CENTRE + due.code.to_bytes(2, "big"))
    return replace(pdu, tlvs=(*pdu.tlvs, error))


def _text(due: TextDue, esme: Esme) -> list[DeliverSm]:
    reference = due.message_id.int & 0xFFFF
    return build_delivers(
        due.from_, due.to, due.body, options=esme.text_options, reference=reference
    )
