"""The door by which messages come in from phones: receive, one of the three that write."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from magpie.esmes import due
from magpie.esmes.due import TextDue
from magpie.kit.db import Connection
from magpie.kit.queue import Put, Queue
from magpie.media import links
from magpie.media import store as media_store
from magpie.media.model import Media
from magpie.messages import callbacks, store, timeline
from magpie.messages.lifecycle import Status
from magpie.messages.model import API_VERSION, Direction, Hop, Message
from magpie.protocols import gsm
from magpie.webhooks.model import Delivery


class Webhook(msgspec.Struct, frozen=True, kw_only=True):
    """Where a sender's owner wants to hear of arrivals."""

    url: str
    method: str = "POST"
    fallback_url: str = ""
    fallback_method: str = "POST"


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """A whole message from a phone, its media stored; `esmes` are the system_ids that want it."""

    account_sid: str
    id: UUID
    at: datetime
    from_: str
    to: str
    body: str
    mms: bool
    media: tuple[Media, ...] = ()
    webhook: Webhook | None = None
    esmes: tuple[str, ...] = ()
    countries: tuple[str, str] = ("", "")
    detail: dict[str, Any] | None = None


class Receive:
    def __init__(self, webhooks: Queue, media_base_url: str, esmes: Queue | None = None) -> None:
        self._webhooks = webhooks
        self._esmes = esmes
        self._base_url = media_base_url

    async def write(self, connection: Connection, arrivals: Sequence[Arrival]) -> list[Message]:
        """Store arrivals, and the calls of their webhooks, inside the caller's transaction."""
        messages = [message_of(arrival) for arrival in arrivals]
        await store.insert(connection, messages)
        media = [item for arrival in arrivals for item in arrival.media]
        if media:
            await media_store.insert(connection, media)
        await timeline.add(connection, [_hop(arrival) for arrival in arrivals])
        puts = [
            callbacks.webhook_put(
                arrival.account_sid, self._delivery(message, arrival, arrival.webhook)
            )
            for message, arrival in zip(messages, arrivals, strict=True)
            if arrival.webhook is not None
        ]
        if puts:
            await self._webhooks.put(connection, puts)
        texts = [put for arrival in arrivals for put in _texts(arrival)]
        if texts and self._esmes is not None:
            await self._esmes.put(connection, texts)
        return messages

    def _delivery(self, message: Message, arrival: Arrival, webhook: Webhook) -> Delivery:
        return Delivery(
            kind="inbound",
            resource=message.id,
            url=webhook.url,
            method=webhook.method,
            fallback_url=webhook.fallback_url,
            fallback_method=webhook.fallback_method,
            params=self.params(message, arrival),
            session=(arrival.from_, arrival.to),
        )

    def params(self, message: Message, arrival: Arrival) -> list[tuple[str, str]]:
        """What the webhook is told (lifecycle.md section 4)."""
        sid = message.sid
        media = []
        for n, item in enumerate(arrival.media):
            url = links.public_url(self._base_url, message.account_sid, sid, item.sid)
            media += [(f"MediaContentType{n}", item.content_type), (f"MediaUrl{n}", url)]
        from_country, to_country = arrival.countries
        return [
            ("ToCountry", to_country),
            ("ToState", ""),
            ("ToCity", ""),
            ("ToZip", ""),
            ("FromCountry", from_country),
            ("FromState", ""),
            ("FromCity", ""),
            ("FromZip", ""),
            ("SmsMessageSid", sid),
            ("SmsSid", sid),
            ("MessageSid", sid),
            ("AccountSid", message.account_sid),
            ("SmsStatus", "received"),
            ("NumMedia", str(message.num_media)),
            ("NumSegments", str(message.num_segments)),
            ("From", message.from_ or ""),
            ("To", message.to),
            ("Body", message.body),
            ("ApiVersion", API_VERSION),
            *media,
        ]


def _texts(arrival: Arrival) -> Iterator[Put]:
    """For the programs that receive by SMPP, which has no pictures."""
    text = TextDue(message_id=arrival.id, from_=arrival.from_, to=arrival.to, body=arrival.body)
    for system_id in () if arrival.mms else arrival.esmes:
        yield due.put(arrival.account_sid, system_id, text)


def message_of(arrival: Arrival) -> Message:
    return Message(
        account_sid=arrival.account_sid,
        id=arrival.id,
        mms=arrival.mms,
        direction=Direction.INBOUND.value,
        status=Status.RECEIVED.value,
        from_=arrival.from_,
        to=arrival.to,
        body=arrival.body,
        num_segments=1 if arrival.mms else gsm.count(arrival.body),
        num_media=len(arrival.media),
        messaging_service_sid=None,
        price=None,
        price_unit="USD",
        error_code=None,
        error_message=None,
        date_created=arrival.at,
        date_updated=arrival.at,
        date_sent=arrival.at,
        expires_at=None,
        status_callback=None,
        options=None,
    )


def _hop(arrival: Arrival) -> Hop:
    return Hop(
        account_sid=arrival.account_sid,
        message_id=arrival.id,
        at=arrival.at,
        hop="received",
        detail=arrival.detail,
    )
