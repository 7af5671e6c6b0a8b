"""From PDUs to the network's values and back."""

from typing import Final

import msgspec

from magpie.carriers.traffic import Inbound, ReceiptState
from magpie.protocols.gsm import Concat
from magpie.protocols.smpp import (
    AddressRules,
    Alphabet,
    DataSm,
    DeliverSm,
    MessageState,
    RegisteredDelivery,
    Status,
    SubmitSm,
    Tag,
    TextOptions,
    build_delivers,
    build_receipt,
    read_text,
    to_address,
    to_number,
)
from magpie.simulator.model import Owed

_RULES: Final = AddressRules()
# Errors of MAP (3GPP TS 29.002 clause 17.6.6), as most carriers write them in `err`.
_ERRORS: Final = {30003: "027", 30004: "013", 30005: "001", 30006: "011"}
_SPAM: Final = 30007
_STATUSES: Final = {30005: Status.RINVDSTADR, _SPAM: Status.RX_R_APPN, 30024: Status.RINVSRCADR}


class Submitted(msgspec.Struct, frozen=True):
    """What a submit_sm or data_sm says. `reference` is blank if it has none.

    `lasting` is for how many seconds the reference names the same message.
    """

    from_: str
    to: str
    text: str
    concat: Concat | None
    reference: str
    lasting: float | None
    receipt: int


_SHORT_REFERENCE_SECONDS: Final = 300.0
_PREFIX: Final = "smsc:"


def carrier_of(system_id: str) -> str:
    """The link, as the network knows it, on which a client gets its receipts."""
    return _PREFIX + system_id


def system_id_of(carrier: str) -> str:
    return carrier.removeprefix(_PREFIX)


def read_submit(pdu: SubmitSm | DataSm, alphabet: Alphabet, reference_tag: int | None) -> Submitted:
    text = read_text(pdu, alphabet)
    from_, to = to_number(pdu.source, _RULES), to_number(pdu.destination, _RULES)
    unique = pdu.tlv_string(reference_tag) if reference_tag is not None else None
    short = pdu.tlv_number(Tag.USER_MESSAGE_REFERENCE)
    reference, lasting = unique or "", None
    if not unique and short is not None:
        # 16 bits come round again, so they count between two numbers and for a while.
        reference, lasting = f"{from_}>{to}#{short}", _SHORT_REFERENCE_SECONDS
    # Binary content has no text: its octets in hexadecimal lose nothing.
    body = text.octets.hex() if text.body is None else text.body
    wanted = pdu.registered_delivery & RegisteredDelivery.SUCCESS_ONLY
    return Submitted(from_, to, body, text.concat, reference, lasting, wanted)


def wants_receipt(wanted: int, *, delivered: bool) -> bool:
    match wanted:
        case RegisteredDelivery.NONE:
            return False
        case RegisteredDelivery.FAILURE_ONLY:
            return not delivered
        case RegisteredDelivery.SUCCESS_ONLY:
            return delivered
        case _:
            return True


def status_of(code: int) -> Status:
    """For a refusal with a code of ours."""
    return _STATUSES.get(code, Status.RPROHIBITED)


def receipt_pdu(owed: Owed) -> DeliverSm:
    receipt = owed.receipt
    state = MessageState.UNDELIVERABLE
    if receipt.state is ReceiptState.DELIVERED:
        state = MessageState.DELIVERED
    elif receipt.code == _SPAM:
        state = MessageState.REJECTED
    return build_receipt(
        to_address(owed.to, _RULES),
        to_address(owed.from_, _RULES),
        receipt.carrier_id,
        state,
        submitted=owed.submitted_at,
        done=owed.submitted_at,
        error=_ERRORS.get(receipt.code or 0, "000"),
        text=owed.body,
    )


def text_pdus(inbound: Inbound, reference: int) -> list[DeliverSm]:
    """One deliver_sm for each part."""
    options = TextOptions(registered_delivery=RegisteredDelivery.NONE)
    return build_delivers(
        inbound.from_, inbound.to, inbound.body, options=options, reference=reference
    )
