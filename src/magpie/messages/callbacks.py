"""What a status callback says (lifecycle.md section 2); the posting is the webhooks' matter."""

from uuid import UUID

import msgspec

from magpie.kit import clock
from magpie.kit.queue import Put
from magpie.messages.lifecycle import Status
from magpie.messages.model import API_VERSION, CONVERTED, Message
from magpie.webhooks.model import Delivery, lane_of

Params = list[tuple[str, str]]


def status_params(message: Message, status: str, *, done_date: str | None = None) -> Params:
    params = [
        ("MessageSid", message.sid),
        ("SmsSid", message.sid),
        ("MessageStatus", status),
        ("SmsStatus", status),
        ("AccountSid", message.account_sid),
        ("From", message.from_ or ""),
        ("To", message.to),
        ("ApiVersion", API_VERSION),
    ]
    if message.messaging_service_sid:
        params.append(("MessagingServiceSid", message.messaging_service_sid))
    if message.options and CONVERTED in message.options:
        params.append(("MmsConverted", "true"))
    if status in {Status.FAILED, Status.UNDELIVERED} and message.error_code is not None:
        params.append(("ErrorCode", str(message.error_code)))
        params.append(("ErrorMessage", message.error_message or ""))
    if status in {Status.DELIVERED, Status.UNDELIVERED} and done_date:
        params.append(("RawDlrDoneDate", done_date))
    return params


def status_put(
    message: Message, status: str, url: str, *, method: str = "POST", done_date: str | None = None
) -> Put:
    """The callbacks of one message are one serial: they are posted in the order of its states."""
    delivery = Delivery(
        kind="status",
        resource=message.id,
        url=url,
        method=method,
        params=status_params(message, status, done_date=done_date),
    )
    return webhook_put(message.account_sid, delivery, serial=message.id)


def webhook_put(account_sid: str, delivery: Delivery, *, serial: UUID | None = None) -> Put:
    return Put(
        account_sid=account_sid,
        lane=lane_of(delivery.url),
        id=clock.uuid7(),
        serial=serial,
        payload=msgspec.json.encode(delivery),
    )
