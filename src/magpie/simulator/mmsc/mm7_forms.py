"""From messages of MM7 to the network's values and back."""

from hashlib import sha256
from typing import Final
from uuid import UUID

import msgspec

from magpie.carriers.mms.arrived import arrived
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
from magpie.kit.blobs import Blobs
from magpie.protocols import smil
from magpie.protocols.mm7 import (
    SCHEMAS,
    AddressRules,
    DeliverReq,
    DeliveryReportReq,
    Dialect,
    Message,
    Recipients,
    Status,
    StatusCode,
    SubmitReq,
    leaves,
    to_address,
    to_number,
)
from magpie.simulator.model import Owed

_RULES: Final = AddressRules()
_PREFIX: Final = "mm7:"
_STATUSES: Final = {
    30005: StatusCode.ADDRESS_NOT_FOUND,
    30007: StatusCode.MESSAGE_REJECTED,
    30011: StatusCode.CONTENT_REFUSED,
    30019: StatusCode.CONTENT_REFUSED,
}
_ENDS: Final = {30003: "Expired", 30007: "Rejected", 30011: "Unrecognised"}


def carrier_of(vasp_id: str) -> str:
    """The link, as the network knows it, on which an application gets its reports."""
    return _PREFIX + vasp_id


def vasp_id_of(carrier: str) -> str:
    return carrier.removeprefix(_PREFIX)


def dialect_of(message: Message, usual: Dialect) -> Dialect:
    """An application is answered in the release that it speaks."""
    namespace = message.namespace if message.namespace.startswith(SCHEMAS) else usual.namespace
    version = message.version or usual.version
    return msgspec.structs.replace(usual, namespace=namespace, version=version)


def recipient_of(request: SubmitReq) -> str | None:
    """None for several: this relay asks for one request for each."""
    everybody = request.recipients.everybody
    return to_number(everybody[0], _RULES) if len(everybody) == 1 else None


async def submission_of(
    message: Message, request: SubmitReq, *, vasp_id: str, to: str, attempt: int, blobs: Blobs
) -> Submission:
    """The same transaction is the same message."""
    parts = list(leaves(message.content)) if message.content else []
    slides = (part.body for part in parts if part.content_type.text in smil.CONTENT_TYPES)
    body, media = arrived(parts)
    address = request.sender.address
    return Submission(
        account_sid="",
        message_id=UUID(bytes=sha256(f"{vasp_id}/{message.transaction_id}".encode()).digest()[:16]),
        attempt=attempt,
        kind=Kind.MMS,
        from_=to_number(address, _RULES) if address else "",
        to=to,
        body=body,
        media=tuple([await _stored(one, blobs) for one in media]),
        smil=next(slides, b""),
    )


async def _stored(one: InboundMedia, blobs: Blobs) -> MediaPart:
    return MediaPart(
        content_type=one.content_type,
        size=len(one.content),
        digest=await blobs.put(one.content),
        name=one.name,
    )


def status_of(outcome: Outcome, throttle_code: int) -> Status | None:
    """None where the application hears nothing."""
    match outcome:
        case Accepted():
            return Status.of(StatusCode.SUCCESS)
        case Rejected(code=code, detail=detail):
            return Status(_STATUSES.get(code, StatusCode.CLIENT_ERROR), detail)
        case Deferred(throttled=True, detail=detail):
            return Status(throttle_code, detail)
        case Deferred(detail=detail):
            return Status(StatusCode.SERVER_ERROR, detail)
        case _:
            return None


def report_of(owed: Owed, relay_id: str) -> DeliveryReportReq:
    receipt = owed.receipt
    delivered = receipt.state is ReceiptState.DELIVERED
    return DeliveryReportReq(
        relay_id=relay_id,
        message_id=receipt.carrier_id,
        recipient=to_address(owed.to, _RULES),
        sender=to_address(owed.from_, _RULES),
        date=owed.submitted_at,
        mm_status="Retrieved" if delivered else _ENDS.get(receipt.code or 0, "Rejected"),
    )


def deliver_req(inbound: Inbound, relay_id: str, vasp_id: str) -> DeliverReq:
    return DeliverReq(
        relay_id=relay_id,
        vasp_id=vasp_id,
        sender=to_address(inbound.from_, _RULES),
        recipients=Recipients((to_address(inbound.to, _RULES),)),
    )
