"""Each try of a webhook as it is kept: what went out, what came back, and how long it took."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple
from uuid import UUID

import msgspec

from magpie import sids
from magpie.kit import clock
from magpie.kit.record import Record
from magpie.webhooks.model import Delivery
from magpie.webhooks.post import Exchange
from magpie.webhooks.signature import bare

TOPIC = "webhooks"
"""What the feed calls a new try of an account's webhooks."""
PREFIX = "WA"
Keep = Literal["all", "failed", "none"]

Pairs = list[tuple[str, str]]


class Content(msgspec.Struct, frozen=True, omit_defaults=True):
    """`target` is the URL with its credentials and overrides: to call it again, never to show."""

    url: str
    target: str
    headers: dict[str, str]
    params: Pairs
    answer: Pairs = []
    address: str | None = None
    message_sid: str | None = None


class Attempt(Record, frozen=True):
    """A row of the log; `message_id` is what it was about, `token` its delivery's.

    `exchange` is a `Content` in JSON.
    """

    account_sid: str
    id: UUID
    message_id: UUID
    token: UUID
    replay_of: UUID | None
    kind: str
    event: str
    endpoint: str
    method: str
    attempt: int
    attempts: int
    fallback: bool
    at: datetime
    status: int | None
    code: int | None
    failure: str | None
    ms: float
    next_at: datetime | None
    size: int | None
    exchange: str

    @property
    def sid(self) -> str:
        return sids.new(PREFIX, self.id)

    @property
    def content(self) -> Content:
        return _decode(self.exchange)


class Kept(NamedTuple):
    attempt: Attempt
    answer: bytes | None


class Origin(NamedTuple):
    """Whose delivery it is. The action of a reply that was refused has no message's SID."""

    account_sid: str
    message_id: UUID
    token: UUID
    kind: str
    message_sid: str | None
    replay_of: UUID | None = None


_decode = msgspec.json.Decoder(Content).decode
_encode = msgspec.json.Encoder().encode


def of_delivery(
    account_sid: str, delivery: Delivery, token: UUID, exchanges: Sequence[Exchange], keep: Keep
) -> tuple[Kept, ...]:
    about = dict(delivery.params).get("MessageSid") or None
    origin = Origin(account_sid, delivery.resource, token, delivery.kind, about)
    return tuple(kept(origin, one) for one in exchanges if _wanted(keep, one))


def kept(origin: Origin, exchange: Exchange) -> Kept:
    asked, told, reply = exchange.asked, exchange.told, exchange.reply
    ended = exchange.at + timedelta(milliseconds=told.ms)
    content = Content(
        url=asked.url,
        target=asked.target,
        headers=dict(asked.headers),
        params=list(asked.params),
        answer=[(str(k), _readable(v)) for k, v in reply.headers.items()] if reply else [],
        address=reply.address if reply else None,
        message_sid=origin.message_sid,
    )
    attempt = Attempt(
        account_sid=origin.account_sid,
        id=clock.uuid7(),
        message_id=origin.message_id,
        token=origin.token,
        replay_of=origin.replay_of,
        kind=origin.kind,
        event=event_of(origin.kind, asked.params),
        endpoint=bare(asked.url).partition("?")[0],
        method=asked.method,
        attempt=exchange.attempt,
        attempts=asked.attempts,
        fallback=asked.fallback,
        at=exchange.at,
        status=reply.status if reply else told.status,
        code=told.code,
        failure=told.failure,
        ms=told.ms,
        next_at=None if exchange.pause is None else ended + timedelta(seconds=exchange.pause),
        size=len(reply.body) if reply else None,
        exchange=_encode(content).decode(),
    )
    return Kept(attempt, reply.body if reply else None)


def event_of(kind: str, params: Sequence[tuple[str, str]]) -> str:
    """The state that was told; of a message that came in, what kind of call it was."""
    return next((value for name, value in params if name == "MessageStatus"), kind)


def _wanted(keep: Keep, exchange: Exchange) -> bool:
    return keep == "all" or (keep == "failed" and exchange.told.code is not None)


def _readable(value: str) -> str:
    # What is no UTF-8 in a header comes as lone surrogates, which no database takes.
    return value if value.isascii() else value.encode("utf-8", "replace").decode()
