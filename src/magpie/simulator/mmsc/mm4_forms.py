"""From messages of MM4 to the network's values and back."""

import re
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Final
from uuid import UUID

from magpie.carriers.mms.arrived import arrived
from magpie.carriers.mms.contents import related
from magpie.carriers.traffic import (
    Accepted,
    Deferred,
    Inbound,
    InboundMedia,
    Kind,
    MediaPart,
    Outcome,
    ReceiptState,
    Rejected,
    Submission,
)
from magpie.kit import clock
from magpie.kit.blobs import Blobs
from magpie.protocols import mime, smil
from magpie.protocols.mm4 import (
    Address,
    AddressKind,
    AddressRules,
    DeliveryReportReq,
    ForwardReq,
    MmStatus,
    ReadReplyReq,
    ReadStatus,
    RequestStatus,
    bare_id,
    to_address,
    to_number,
)
from magpie.simulator.mmsc.mm4_options import CentreOptions, Mm4Peer
from magpie.simulator.model import Owed

RULES: Final = AddressRules()
_PREFIX: Final = "mm4:"
_KEY: Final = re.compile("[0-9a-f]{32}")
_STATUSES: Final = {
    30005: RequestStatus.ADDRESS_UNRESOLVED,
    30007: RequestStatus.SERVICE_DENIED,
    30011: RequestStatus.UNSUPPORTED,
    30019: RequestStatus.CONTENT_NOT_ACCEPTED,
}
_REPLIES: Final = {
    30005: "550 5.1.1",
    30007: "554 5.7.1",
    30011: "550 5.6.1",
    30019: "552 5.3.4",
}
_ENDS: Final = {
    30003: MmStatus.EXPIRED,
    30005: MmStatus.UNRECOGNISED,
    30007: MmStatus.REJECTED,
    30011: MmStatus.UNRECOGNISED,
}


def carrier_of(domain: str) -> str:
    """The link, as the network knows it, on which a centre gets its reports."""
    return _PREFIX + domain


def domain_of(carrier: str) -> str:
    return carrier.removeprefix(_PREFIX)


def system_of(options: CentreOptions) -> Address:
    return Address(f"{options.system}@{options.domain}", AddressKind.EMAIL)


def mail_id_of(unique: str, options: CentreOptions) -> str:
    return f"{unique}@{options.domain}"


def key_of(carrier_id: str) -> str:
    """The key of the submission that the network has named so."""
    found = _KEY.search(carrier_id)
    return found[0] if found else ""


async def submission_of(
    request: ForwardReq, *, domain: str, to: str, attempt: int, blobs: Blobs
) -> Submission:
    """The same message for the same phone is the same submission."""
    parts = list(_leaves(request.content))
    slides = (part.body for part in parts if part.content_type.text in smil.CONTENT_TYPES)
    body, media = arrived(parts)
    named = f"{domain}/{bare_id(request.message_id)}/{to}"
    return Submission(
        account_sid="",
        message_id=UUID(bytes=sha256(named.encode()).digest()[:16]),
        attempt=attempt,
        kind=Kind.MMS,
        from_=to_number(request.from_, RULES) if request.from_ else "",
        to=to,
        body=body,
        media=tuple([await _stored(one, blobs) for one in media]),
        smil=next(slides, b""),
    )


def _leaves(part: mime.Part) -> Iterator[mime.Part]:
    if not part.parts:
        yield part
    for inner in part.parts:
        yield from _leaves(inner)


async def _stored(one: InboundMedia, blobs: Blobs) -> MediaPart:
    return MediaPart(
        content_type=one.content_type,
        size=len(one.content),
        digest=await blobs.put(one.content),
        name=one.name,
    )


def reply_of(outcome: Outcome) -> str | None:
    """As SMTP says it; None where the connection ends without a word."""
    match outcome:
        case Accepted():
            return "250 2.0.0 Taken"
        case Rejected(code=code, detail=detail):
            return f"{_REPLIES.get(code, '554 5.0.0')} {_ascii(detail)}"
        case Deferred(throttled=True, detail=detail):
            return f"452 4.3.2 {_ascii(detail)}"
        case Deferred(detail=detail):
            return f"451 4.3.0 {_ascii(detail)}"
        case _:
            return None


def status_of(outcome: Outcome) -> tuple[str, str]:
    """As an answer says it, with its text."""
    match outcome:
        case Rejected(code=code, detail=detail):
            return _STATUSES.get(code, RequestStatus.SERVICE_DENIED), detail
        case Deferred(detail=detail):
            return RequestStatus.NETWORK_PROBLEM, detail
        case _:
            return RequestStatus.OK, ""


def worst_of(outcomes: Iterable[Outcome]) -> Outcome:
    """One mail gets one reply: that for all of its recipients."""
    ranked = sorted(outcomes, key=lambda one: isinstance(one, Accepted))
    return ranked[0]


def _ascii(text: str) -> str:
    return text.encode("ascii", "replace").decode()


def report_of(owed: Owed, message_id: str, options: CentreOptions) -> DeliveryReportReq:
    delivered = owed.receipt.state is ReceiptState.DELIVERED
    ending = _ENDS.get(owed.receipt.code or 0, MmStatus.REJECTED)
    id_ = clock.uuid7().hex
    return DeliveryReportReq(
        transaction_id=id_,
        mail_id=mail_id_of(id_, options),
        message_id=message_id,
        version=options.version,
        from_=to_address(owed.to, RULES, options.domain),
        to=(to_address(owed.from_, RULES),),
        date=owed.submitted_at,
        mm_status=MmStatus.RETRIEVED if delivered else ending,
        ack_request=True,
        originator_system=system_of(options),
        sender=system_of(options),
    )


def read_of(owed: Owed, message_id: str, options: CentreOptions) -> ReadReplyReq:
    id_ = clock.uuid7().hex
    return ReadReplyReq(
        transaction_id=id_,
        mail_id=mail_id_of(id_, options),
        message_id=message_id,
        version=options.version,
        from_=to_address(owed.to, RULES, options.domain),
        to=(to_address(owed.from_, RULES),),
        date=clock.now(),
        read_status=ReadStatus.READ,
        ack_request=True,
        originator_system=system_of(options),
        sender=system_of(options),
    )


def forward_of(inbound: Inbound, peer: Mm4Peer, options: CentreOptions) -> ForwardReq:
    return ForwardReq(
        transaction_id=inbound.key,
        message_id=f"{inbound.key}@{options.domain}",
        version=options.version,
        from_=to_address(inbound.from_, RULES, options.domain),
        to=(to_address(inbound.to, RULES, peer.domain),),
        date=clock.now(),
        ack_request=True,
        delivery_report=True,
        originator_system=system_of(options),
        sender=system_of(options),
        mail_id=mail_id_of(inbound.key, options),
        content=related(inbound.media, inbound.body),
    )
