"""What a submit_sm or data_sm asks for; whatever is not offered here is refused by its status."""

from datetime import datetime
from typing import Final

import msgspec

from magpie import phone
from magpie.api.smpp.answers import Denied
from magpie.esmes.model import ALPHABETS, Esme
from magpie.messages.request import MAX_BODY, VALIDITY
from magpie.protocols.gsm import Concat
from magpie.protocols.smpp import (
    Address,
    DataSm,
    EsmClass,
    Status,
    SubmitMulti,
    SubmitSm,
    Tag,
    Text,
    Ton,
    parse_time,
    read_text,
)

_MODE: Final = 0x03
_TRANSACTION: Final = 0x02
_LONGEST_SHORT_CODE: Final = 8


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """`validity` in seconds, None for as long as usual; `reference` names it at the client.

    `pdu` is how it was submitted.
    """

    from_: str
    to: str
    body: str
    concat: Concat | None
    registered: int
    validity: int | None
    reference: int | None
    pdu: bytes


def read(pdu: SubmitSm | DataSm, esme: Esme, now: datetime, octets: bytes) -> Asked:
    """Raises Denied. `octets` are those of the submit_multi where it is one of that."""
    if pdu.esm_class & EsmClass.TYPE_MASK or pdu.esm_class & _MODE == _TRANSACTION:
        raise Denied(Status.RINVESMCLASS)
    validity = _submit_fields(pdu, now) if isinstance(pdu, SubmitSm) else _lifetime(pdu)
    text = read_text(pdu, ALPHABETS[esme.alphabet])
    return Asked(
        from_=_number(pdu.source),
        to=_number(pdu.destination),
        body=_body(text),
        concat=text.concat if text.concat and text.concat.total > 1 else None,
        registered=pdu.registered_delivery,
        validity=validity,
        reference=pdu.tlv_number(Tag.USER_MESSAGE_REFERENCE),
        pdu=octets,
    )


def each(pdu: SubmitMulti) -> list[SubmitSm | None]:
    """One submit_sm for each destination, None for a distribution list: there are none."""
    return [
        SubmitSm(
            tlvs=pdu.tlvs,
            service_type=pdu.service_type,
            source=pdu.source,
            destination=destination,
            esm_class=pdu.esm_class,
            protocol_id=pdu.protocol_id,
            priority_flag=pdu.priority_flag,
            schedule_delivery_time=pdu.schedule_delivery_time,
            validity_period=pdu.validity_period,
            registered_delivery=pdu.registered_delivery,
            replace_if_present_flag=pdu.replace_if_present_flag,
            data_coding=pdu.data_coding,
            sm_default_msg_id=pdu.sm_default_msg_id,
            short_message=pdu.short_message,
        )
        if isinstance(destination, Address)
        else None
        for destination in pdu.destinations
    ]


def _submit_fields(pdu: SubmitSm, now: datetime) -> int | None:
    if pdu.schedule_delivery_time:
        raise Denied(Status.RINVSCHED)
    if pdu.replace_if_present_flag:
        raise Denied(Status.RINVREPFLAG)
    if pdu.sm_default_msg_id:
        raise Denied(Status.RINVDFTMSGID)
    if not pdu.validity_period:
        return None
    until = parse_time(pdu.validity_period, now)
    if until is None or until <= now:
        raise Denied(Status.RINVEXPIRY)
    return _seconds((until - now).total_seconds())


def _lifetime(pdu: DataSm) -> int | None:
    seconds = pdu.tlv_number(Tag.QOS_TIME_TO_LIVE)
    return _seconds(seconds) if seconds else None


def _seconds(wanted: float) -> int:
    """A lane holds ten hours of work: who waits longer would be too late in any case."""
    return min(max(1, round(wanted)), VALIDITY)


def _body(text: Text) -> str:
    if text.body is None or text.ports is not None:
        raise Denied(Status.RINVDCS)
    if not text.sound:
        raise Denied(Status.RINVESMCLASS)
    if not text.body or len(text.body) > MAX_BODY:
        raise Denied(Status.RINVMSGLEN)
    # A store keeps no NUL in texts, and no phone shows one.
    return text.body.replace("\0", "")


def _number(address: Address) -> str:
    """E.164 with its plus where the address is a number, however the client writes it."""
    digits = address.addr.removeprefix("+").strip()
    if address.ton == Ton.ALPHANUMERIC or not (digits.isascii() and digits.isdigit()):
        return address.addr
    if address.ton == Ton.INTERNATIONAL or address.addr.startswith("+"):
        return f"+{digits}"
    if len(digits) <= _LONGEST_SHORT_CODE:
        return digits
    return phone.parse_e164(digits) or f"+{digits}"
