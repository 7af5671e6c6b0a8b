"""Delivery receipts (SMPP 3.4 clause 5.3.2.35, appendix B) in all the forms carriers send."""

import re
from datetime import datetime
from typing import Final

import msgspec

from magpie.protocols.gsm import UserDataHeader
from magpie.protocols.smpp.charsets import Alphabet, decode_text
from magpie.protocols.smpp.constants import EsmClass, MessageState, Tag
from magpie.protocols.smpp.fields import Address
from magpie.protocols.smpp.pdu import DeliverSm, Message
from magpie.protocols.smpp.text import content_of
from magpie.protocols.smpp.tlv import Tlv

_FINAL: Final = frozenset(
    {
        MessageState.DELIVERED,
        MessageState.EXPIRED,
        MessageState.DELETED,
        MessageState.UNDELIVERABLE,
        MessageState.REJECTED,
        MessageState.SKIPPED,
    }
)
# By their first five letters, for the rest is cut or spelled as each vendor likes.
_STATES: Final = {
    "DELIV": MessageState.DELIVERED,
    "EXPIR": MessageState.EXPIRED,
    "DELET": MessageState.DELETED,
    "UNDEL": MessageState.UNDELIVERABLE,
    "FAILE": MessageState.UNDELIVERABLE,
    "ACCEP": MessageState.ACCEPTED,
    "UNKNO": MessageState.UNKNOWN,
    "REJEC": MessageState.REJECTED,
    "ENROU": MessageState.ENROUTE,
    "BUFFE": MessageState.ENROUTE,
    "BUFFR": MessageState.ENROUTE,
    "SENT": MessageState.ENROUTE,
    "SUBMI": MessageState.ENROUTE,
    "SCHED": MessageState.SCHEDULED,
    "SKIPP": MessageState.SKIPPED,
}
_BY_NUMBER: Final = {int(state): state for state in MessageState}
_WORDS: Final = {
    MessageState.DELIVERED: "DELIVRD",
    MessageState.EXPIRED: "EXPIRED",
    MessageState.DELETED: "DELETED",
    MessageState.UNDELIVERABLE: "UNDELIV",
    MessageState.ACCEPTED: "ACCEPTD",
    MessageState.UNKNOWN: "UNKNOWN",
    MessageState.REJECTED: "REJECTD",
    MessageState.ENROUTE: "ENROUTE",
    MessageState.SCHEDULED: "ENROUTE",
    MessageState.SKIPPED: "DELETED",
}
# The text may hold anything, further keys included, so it ends the reading.
_TEXT: Final = re.compile(r"(?:^|[\s,;])text:", re.IGNORECASE)
_KEY: Final = re.compile(r"(?:^|[\s,;])(submit ?date|done ?date|[a-z][a-z0-9_]*):", re.IGNORECASE)
_RUBBISH: Final = " \t\r\n\0,;"
_QUOTED: Final = 20


class Receipt(msgspec.Struct, frozen=True):
    """Parameters win over the text. `message_id` may be empty: then only an operator can tell.

    `text_id` is the id of the text, should it differ. `error` is a string, since some carriers
    write letters; `network_error` is (network type, code). Dates stand as they came: see
    `parse_receipt_date`.
    """

    message_id: str
    state: MessageState
    final: bool
    text_id: str = ""
    stat: str = ""
    error: str = ""
    network_error: tuple[int, int] | None = None
    submit_date_raw: str = ""
    done_date_raw: str = ""
    text: str = ""


def read_receipt(message: Message, *, unmarked: bool = False) -> Receipt | None:
    """None for what is no receipt.

    `unmarked` also takes for receipts what says so in its text alone. Some servers need it, but a
    subscriber can then forge them.
    """
    kind = message.esm_class & EsmClass.TYPE_MASK
    if kind not in {0, EsmClass.RECEIPT, EsmClass.INTERMEDIATE}:
        return None
    fields, text = _split(_text(message))
    if kind == 0 and not (unmarked and fields.get("id") and fields.get("stat")):
        return None
    text_id = fields.get("id", "")
    state = _state(message, fields.get("stat", ""))
    return Receipt(
        message_id=message.tlv_string(Tag.RECEIPTED_MESSAGE_ID) or text_id,
        state=state,
        final=state in _FINAL and kind != EsmClass.INTERMEDIATE,
        text_id=text_id,
        stat=fields.get("stat", ""),
        error=fields.get("err", ""),
        network_error=_network_error(message),
        submit_date_raw=fields.get("submitdate", ""),
        done_date_raw=fields.get("donedate", ""),
        text=text,
    )


def _text(message: Message) -> str:
    """Servers write ASCII even where their texts are GSM-7; only so does `_` in an id survive."""
    octets = content_of(message)
    if message.esm_class & EsmClass.UDHI:
        octets = UserDataHeader.split(octets)[1]
    text = decode_text(octets, message.data_coding, Alphabet.ASCII)
    return octets.decode("latin-1") if text is None else text


def _split(content: str) -> tuple[dict[str, str], str]:
    """Fields by key, lower case and without blanks, the first of each; and the text."""
    found = _TEXT.search(content)
    head, text = (content[: found.start()], content[found.end() :]) if found else (content, "")
    keys = list(_KEY.finditer(head))
    ends = [*(key.start() for key in keys[1:]), len(head)]
    fields: dict[str, str] = {}
    for key, end in zip(keys, ends, strict=False):
        name = key[1].lower().replace(" ", "")
        fields.setdefault(name, head[key.end() : end].strip(_RUBBISH))
    return fields, text


def _state(message: Message, stat: str) -> MessageState:
    number = message.tlv_number(Tag.MESSAGE_STATE)
    named = _STATES.get(stat.upper()[:5], MessageState.UNKNOWN)
    return named if number is None else _BY_NUMBER.get(number, named)


def _network_error(message: Message) -> tuple[int, int] | None:
    value = message.tlv(Tag.NETWORK_ERROR_CODE)
    if value is None or len(value) != 3:  # noqa: PLR2004
        return None
    return value[0], int.from_bytes(value[1:], "big")


def build_receipt(
    source: Address,
    destination: Address,
    message_id: str,
    state: MessageState,
    *,
    submitted: datetime,
    done: datetime,
    error: str = "000",
    text: str = "",
    intermediate: bool = False,
    seconds: bool = False,
    parameters: bool = True,
) -> DeliverSm:
    """Both forms, from one id. `source` is who the message was for, `destination` who sent it.

    `seconds` writes dates with 12 digits, without `parameters` there is the text alone.
    """
    form = "%y%m%d%H%M%S" if seconds else "%y%m%d%H%M"
    delivered = int(state is MessageState.DELIVERED)
    quoted = text.encode("ascii", "replace")[:_QUOTED].decode()
    content = (
        f"id:{message_id} sub:001 dlvrd:{delivered:03} submit date:{submitted:{form}}"
        f" done date:{done:{form}} stat:{_WORDS[state]} err:{error} text:{quoted}"
    )
    return DeliverSm(
        source=source,
        destination=destination,
        esm_class=EsmClass.INTERMEDIATE if intermediate else EsmClass.RECEIPT,
        short_message=content.encode("latin-1", "replace"),
        tlvs=(
            Tlv.string(Tag.RECEIPTED_MESSAGE_ID, message_id),
            Tlv.number(Tag.MESSAGE_STATE, state),
        )
        if parameters
        else (),
    )
