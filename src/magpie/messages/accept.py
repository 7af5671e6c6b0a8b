"""The door by which messages come in from our customers: accept, one of the three that write.

One commit holds the message, its place in the sender's lane, its story so far, the request by
which it came, its media to be fetched and the answer to an idempotency token. Requests at the
same time share a commit.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from magpie.consent import store as consent
from magpie.errors import Refused
from magpie.kit.db import Connection, Database, GroupCommit, Overloaded
from magpie.kit.queue import Put, Queue
from magpie.links import store as links
from magpie.links.model import Link
from magpie.media import store as media_store
from magpie.media.model import Media
from magpie.messages import store, timeline
from magpie.messages.model import Hop, Message
from magpie.messages.raw import store as raw_requests
from magpie.messages.raw.model import RawRequest, Row, row

OUTBOUND = "outbound"
TIMERS = "timers"

_snapshot = msgspec.json.Encoder().encode
_recall = msgspec.json.Decoder(Message).decode


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A message that is checked and ready to be written.

    `consent_scope` is whose opt-outs count; `fetch` is the media job of an MMS whose pictures
    have yet to come: its place in the lane is held until then. `token` is (token, request hash).
    One that `expires_early` has a timer; for the others the end of their lane is early enough.
    """

    message: Message
    lane: str
    cost: int
    consent_scope: str
    media: tuple[Media, ...] = ()
    fetch: Put | None = None
    token: tuple[str, bytes] | None = None
    expires_early: bool = False
    links: tuple[Link, ...] = ()
    detail: dict[str, object] | None = None
    request: RawRequest | None = None

    def with_token(self, token: str, request_hash: bytes) -> "Draft":
        return msgspec.structs.replace(self, token=(token, request_hash))


class Acceptance:
    """Writes drafts by group commit; each caller gets its message or the reason why not."""

    def __init__(
        self,
        database: Database,
        outbound: Queue,
        media: Queue,
        timers: Queue,
        *,
        keeps_requests: bool = True,
    ) -> None:
        self._keeps_requests = keeps_requests
        self._outbound = outbound
        self._media = media
        self._timers = timers
        self._commit: GroupCommit[Draft, Message] = GroupCommit(database, self.write, most=256)

    async def accept(self, draft: Draft) -> Message:
        """Returns after the commit; raises Refused (21610, 21611, 20409)."""
        return await self._commit.write(draft)

    async def write(
        self, connection: Connection, drafts: Sequence[Draft]
    ) -> list[Message | Exception]:
        """Write drafts inside the caller's transaction."""
        results: list[Message | Exception] = [draft.message for draft in drafts]
        fresh = await self._answered_before(connection, drafts, results)
        fresh = await _consenting(connection, drafts, fresh, results)
        fresh = await self._admitted(connection, drafts, fresh, results)
        if fresh:
            await self._insert(connection, [drafts[i] for i in fresh])
        return results

    async def _answered_before(
        self,
        connection: Connection,
        drafts: Sequence[Draft],
        results: list[Message | Exception],
    ) -> list[int]:
        tokens = [(d.message.account_sid, d.token[0]) for d in drafts if d.token]
        known = await store.answers(connection, tokens) if tokens else {}
        fresh = []
        for i, draft in enumerate(drafts):
            answer = known.get((draft.message.account_sid, draft.token[0])) if draft.token else None
            if answer is None:
                fresh.append(i)
            elif draft.token and answer[0] != draft.token[1]:
                results[i] = Refused(
                    20409, "The idempotency token was used with other parameters.", status=409
                )
            else:
                results[i] = _recall(answer[1])
        return fresh

    async def _admitted(
        self,
        connection: Connection,
        drafts: Sequence[Draft],
        fresh: list[int],
        results: list[Message | Exception],
    ) -> list[int]:
        """Put what the senders' lanes can hold: 10 hours of work, else 21611."""
        if not fresh:
            return fresh
        refused = await self._outbound.put_within(connection, [_put(drafts[i]) for i in fresh])
        for i in fresh:
            if drafts[i].message.id in refused:
                results[i] = Refused(21611)
        return [i for i in fresh if drafts[i].message.id not in refused]

    async def _insert(self, connection: Connection, drafts: Sequence[Draft]) -> None:
        await store.insert(connection, [draft.message for draft in drafts])
        await timeline.add(connection, [_hop(draft) for draft in drafts])
        came = [_came(draft, draft.request) for draft in drafts if draft.request]
        if came and self._keeps_requests:
            await raw_requests.add(connection, came)
        media = [item for draft in drafts for item in draft.media]
        if media:
            await media_store.insert(connection, media)
        short = [link for draft in drafts for link in draft.links]
        if short and await links.insert(connection, short):
            raise Overloaded("a short link's token was taken")  # once in 10^17: nothing is written
        fetches = [draft.fetch for draft in drafts if draft.fetch]
        if fetches:
            await self._media.put(connection, fetches)
        expiries = [_expiry(draft.message) for draft in drafts if draft.expires_early]
        if expiries:
            await self._timers.put(connection, expiries)
        answers = [_answer(draft, draft.token) for draft in drafts if draft.token]
        if answers:
            await store.keep_answers(connection, answers)


async def _consenting(
    connection: Connection,
    drafts: Sequence[Draft],
    fresh: list[int],
    results: list[Message | Exception],
) -> list[int]:
    pairs = {
        i: (d.message.account_sid, d.consent_scope, d.message.to) for i, d in enumerate(drafts)
    }
    stopped = await consent.stopped(connection, {pairs[i] for i in fresh}) if fresh else set()
    for i in fresh:
        if pairs[i] in stopped:
            results[i] = Refused(21610)
    return [i for i in fresh if pairs[i] not in stopped]


def _put(draft: Draft) -> Put:
    return Put(
        account_sid=draft.message.account_sid,
        lane=draft.lane,
        id=draft.message.id,
        payload=b"",
        cost=draft.cost,
        held=draft.fetch is not None,
    )


def _expiry(message: Message) -> Put:
    """A look at the message when its validity ends, should it still wait in its lane."""
    return Put(
        account_sid=message.account_sid,
        lane="expiry",
        id=message.id,
        payload=b"",
        due_at=message.expires_at,
    )


def _hop(draft: Draft) -> Hop:
    return Hop(
        account_sid=draft.message.account_sid,
        message_id=draft.message.id,
        at=draft.message.date_created,
        hop="accepted",
        detail=draft.detail,
    )


def _came(draft: Draft, request: RawRequest) -> Row:
    return row(draft.message.account_sid, draft.message.id, request)


def _answer(draft: Draft, token: tuple[str, bytes]) -> tuple[str, str, bytes, bytes, datetime]:
    message = draft.message
    return message.account_sid, token[0], token[1], _snapshot(message), message.date_created
