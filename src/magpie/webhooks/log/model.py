"""Each try of a webhook as it is kept: what went out, what came back, and how long it took."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple
from uuid import UUID

import msgspec
from msgspec import structs

from magpie import sids
from magpie.kit import clock
from magpie.webhooks.model import Delivery
from magpie.webhooks.post import Exchange
from magpie.webhooks.signature import bare

TOPIC = "webhooks"
"""What the feed calls a new try of an account's webhooks."""
PREFIX = "WA"
Keep = Literal["all", "failed", "none"]
Pairs = list[tuple[str, str]]


class Details(msgspec.Struct, frozen=True, array_like=True):
    """What is not searched by. As JSON it is an array: fields are only ever added at its end.

    `target` is the URL with its credentials and overrides: to call it again, never to show.
    `token` is the same on all tries of a delivery and on its replays. The action of a reply that
    was refused has no message's SID.
    """

    token: UUID
    kind: str
    message_sid: str | None
    replay_of: UUID | None
    at: datetime
    method: str
    url: str
    target: str
    headers: dict[str, str]
    params: Pairs
    attempt: int
    attempts: int
    fallback: bool
    status: int | None
    failure: str | None
    pause: float | None
    answer: Pairs
    size: int | None
    address: str | None


class Attempt(Details, frozen=True, kw_only=True):
    """A try; `message_id` is what it was about."""

    account_sid: str
    id: UUID
    message_id: UUID
    event: str
    endpoint: str
    code: int | None
    ms: float

    @property
    def sid(self) -> str:
        return sids.new(PREFIX, self.id)

    @property
    def replay_of_sid(self) -> str | None:
        return sids.new(PREFIX, self.replay_of) if self.replay_of else None

    @property
    def next_at(self) -> datetime | None:
        if self.pause is None:
            return None
        return self.at + timedelta(milliseconds=self.ms, seconds=self.pause)


class Row(NamedTuple):
    """As it is stored; `answer` is the body of what came back."""

    account_sid: str
    id: UUID
    message_id: UUID
    event: str
    endpoint: str
    code: int | None
    ms: float
    exchange: bytes
    answer: bytes | None = None


class Kept(NamedTuple):
    attempt: Attempt
    answer: bytes | None


class Origin(NamedTuple):
    """Whose delivery it is."""

    account_sid: str
    message_id: UUID
    token: UUID
    kind: str
    message_sid: str | None
    event: str
    replay_of: UUID | None = None


_decode = msgspec.json.Decoder(Details).decode
_encode = msgspec.json.Encoder().encode


def of_delivery(
    account_sid: str, delivery: Delivery, token: UUID, exchanges: Sequence[Exchange], keep: Keep
) -> list[Row]:
    told = dict(delivery.params)
    about = told.get("MessageSid") or None
    event = told.get("MessageStatus", delivery.kind)
    origin = Origin(account_sid, delivery.resource, token, delivery.kind, about, event)
    return [row(origin, one) for one in exchanges if _wanted(keep, one)]


def row(origin: Origin, exchange: Exchange) -> Row:
    asked, told, reply = exchange.asked, exchange.told, exchange.reply
    details = Details(
        origin.token,
        origin.kind,
        origin.message_sid,
        origin.replay_of,
        exchange.at,
        asked.method,
        asked.url,
        asked.target,
        dict(asked.headers),
        list(asked.params),
        exchange.attempt,
        asked.attempts,
        asked.fallback,
        reply.status if reply else told.status,
        told.failure,
        exchange.pause,
        [(str(k), _readable(v)) for k, v in reply.headers.items()] if reply else [],
        len(reply.body) if reply else None,
        reply.address if reply else None,
    )
    return Row(
        origin.account_sid,
        clock.uuid7(),
        origin.message_id,
        origin.event,
        bare(asked.url).partition("?")[0],
        told.code,
        told.ms,
        _encode(details),
        reply.body if reply else None,
    )


def read(found: Sequence[object]) -> Kept:
    """From the values of a row in their order, with the answer or without it."""
    kept = Row(*found)  # type: ignore[arg-type]
    columns = kept._asdict()
    answer = columns.pop("answer")
    details = structs.asdict(_decode(columns.pop("exchange")))
    return Kept(Attempt(**details, **columns), answer)


def _wanted(keep: Keep, exchange: Exchange) -> bool:
    return keep == "all" or (keep == "failed" and exchange.told.code is not None)


def _readable(value: str) -> str:
    # What is no UTF-8 in a header comes as lone surrogates, which no database takes.
    return value if value.isascii() else value.encode("utf-8", "replace").decode()
