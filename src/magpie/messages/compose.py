"""From what was asked to a message that can be accepted: the checks of the API, in their order."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Protocol
from uuid import UUID

import msgspec

from magpie import phone
from magpie.errors import Refused
from magpie.kit import clock
from magpie.media import uploads
from magpie.media.model import Media
from magpie.messages.accept import Draft
from magpie.messages.lifecycle import Status
from magpie.messages.model import Direction, Message
from magpie.messages.request import VALIDITY, SendMessage
from magpie.protocols import gsm
from magpie.senders.model import Sender
from magpie.services.model import Service

# What is kept of a request for the steps after it and for those who ask later.
_RECORDED = {
    "FallbackFrom": "fallback_from",
    "ProvideFeedback": "provide_feedback",
    "Attempt": "attempt",
    "MaxPrice": "max_price",
    "ForceDelivery": "force_delivery",
    "ContentRetention": "content_retention",
    "AddressRetention": "address_retention",
    "SmartEncoded": "smart_encoded",
    "PersistentAction": "persistent_action",
    "TrafficType": "traffic_type",
    "ShortenUrls": "shorten_urls",
    "SendAsMms": "send_as_mms",
    "RiskCheck": "risk_check",
    "Tags": "tags",
}


class Content(Protocol):
    """What is to be sent, by whichever request it is asked for."""

    @property
    def body(self) -> str | None: ...

    @property
    def media_urls(self) -> Sequence[str]: ...

    @property
    def send_as_mms(self) -> bool | None: ...


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """Who sends: an own number or short code, or a name (alphanumeric, without a row)."""

    address: str
    sender: Sender | None = None


def recipient(to: str | None) -> str:
    if not to:
        raise Refused(21604)
    if ":" in to:
        raise Refused(63007, f"No channel is set up that could reach {to.partition(':')[0]}:.")
    number = phone.parse_e164(to)
    if number is None:
        raise Refused(21211, f"The 'To' number {to} is not a valid phone number.")
    return number


def check_absent(given: SendMessage, service: Service | None = None) -> None:
    """Schedules and templates: what has no record here is refused by its code."""
    if given.schedule_type and not given.send_at:
        raise Refused(35111)
    if (given.schedule_type or given.send_at) and service is None:
        raise Refused(35118)
    if given.schedule_type or given.send_at:
        raise Refused(30020, "Messages cannot be scheduled here yet.")
    if given.content_variables is not None and not given.content_sid:
        raise Refused(21654)
    if given.content_sid:
        raise Refused(21655)


def origin_of(from_: str | None, to: str, sender: Sender | None) -> Origin:
    """`sender` is the account's own sender with this address, if there is one."""
    if not from_:
        raise Refused(21603)
    if sender is not None:
        return Origin(address=sender.address, sender=sender)
    if phone.is_alphanumeric(from_):
        if phone.country_of(to) in {"US", "CA"}:
            raise Refused(21612)
        return Origin(address=from_)
    if phone.parse_e164(from_) is None and not phone.is_short_code(from_):
        raise Refused(21212, f"The 'From' number {from_} is not a valid phone number.")
    raise Refused(21606, f"The 'From' number {from_} is not one of this account's senders.")


def check_content(given: Content, origin: Origin, to: str, uploaded: int) -> bool:
    """Whether it is an MMS; raises Refused where sender and content do not fit."""
    if origin.address == to:
        raise Refused(21211, "'To' and 'From' number cannot be the same.")
    media = len(given.media_urls) + uploaded
    if not given.body and not media:
        raise Refused(21602)
    if media > 10:  # noqa: PLR2004 - media-and-mms.md section 2
        raise Refused(21623)
    mms = is_mms(given, uploaded)
    able = origin.sender
    if mms and (able is None or not able.mms):
        raise Refused(21621)
    if not mms and able is not None and not able.sms:
        raise Refused(21661)
    return mms


def is_mms(given: Content, uploaded: int = 0) -> bool:
    return bool(given.media_urls or uploaded or given.send_as_mms)


def compose(
    account_sid: str,
    given: SendMessage,
    origin: Origin,
    to: str,
    *,
    status_callback: str | None,
    service: Service | None = None,
    uploaded: Sequence[Media] = (),
    id_: UUID | None = None,
    direction: Direction = Direction.OUTBOUND_API,
) -> Draft:
    mms = check_content(given, origin, to, len(uploaded))
    body = given.body or ""
    smart = (
        given.smart_encoded
        if given.smart_encoded is not None
        else bool(service and service.smart_encoding)
    )
    segments = 1 if mms else gsm.count(gsm.smart_encode(body) if smart else body)
    validity = given.validity_period or (service.validity_period if service else VALIDITY)
    now = clock.now()
    message = Message(
        account_sid=account_sid,
        id=id_ or clock.uuid7(),
        mms=mms,
        direction=direction.value,
        status=Status.QUEUED.value,
        from_=origin.address,
        to=to,
        body=body,
        num_segments=segments,
        num_media=len(given.media_urls) + len(uploaded),
        messaging_service_sid=service.sid if service else None,
        price=None,
        price_unit="USD",
        error_code=None,
        error_message=None,
        date_created=now,
        date_updated=now,
        date_sent=None,
        expires_at=now + timedelta(seconds=validity),
        status_callback=status_callback,
        options=_options(given, smart=smart),
    )
    rows, fetch = uploads.pending(account_sid, message.id, given.media_urls, now, uploaded)
    return Draft(
        message=message,
        lane=origin.address,
        cost=segments,
        consent_scope=origin.address,
        media=(*uploaded, *rows),
        fetch=fetch,
        expires_early=validity < VALIDITY,
        detail={"segments": segments, "media": message.num_media},
    )


def _options(given: SendMessage, *, smart: bool) -> dict[str, Any] | None:
    values = {wire: getattr(given, name) for wire, name in _RECORDED.items()}
    values["SmartEncoded"] = smart or given.smart_encoded
    kept = {wire: value for wire, value in values.items() if value not in (None, ())}
    return kept or None
