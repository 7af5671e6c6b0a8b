"""Chooses for a recipient with what is remembered of them, and remembers the choice."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec

from magpie.kit import clock
from magpie.kit.db import Connection, Database, GroupCommit
from magpie.services.pool import Candidate
from magpie.services.sticky import store
from magpie.services.sticky.store import Kept, Pair

LIFE: Final = timedelta(days=365)
_TOUCHED: Final = timedelta(days=1)


class Ask(msgspec.Struct, frozen=True):
    """`decide` is told whom the recipient knows, if anybody; `able` whether another one would do.

    Both may be called more than once.
    """

    pair: Pair
    decide: Callable[[UUID | None], Candidate | None]
    able: Callable[[UUID], Candidate | None]


class Memory:
    """Who asks at the same time shares a transaction, and gets one answer for one recipient."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._commit: GroupCommit[Ask, Candidate | None] = GroupCommit(
            database, self._write, most=256
        )

    async def choose(self, ask: Ask) -> Candidate | None:
        return await self._commit.write(ask)

    async def tidy(self) -> None:
        """Forget some of what was not used for a year."""
        await store.prune(self._database, clock.now() - LIFE)

    async def _write(
        self, connection: Connection, asks: Sequence[Ask]
    ) -> list[Candidate | Exception | None]:
        now = clock.now()
        kept = await store.kept(connection, list({ask.pair for ask in asks}))
        batch = _Batch(kept, now)
        chosen = [batch.choose(ask) for ask in asks]
        if not batch.writes:
            return [*chosen]
        settled = await store.keep(connection, batch.writes, list(batch.unfit), now)
        return [_settled(ask, one, settled) for ask, one in zip(asks, chosen, strict=True)]


class _Batch:
    def __init__(self, kept: Mapping[Pair, Kept], now: datetime) -> None:
        self._known = {pair: one.member for pair, one in kept.items() if one.used_at > now - LIFE}
        self._aged = {pair for pair, one in kept.items() if one.used_at < now - _TOUCHED}
        self.writes: dict[Pair, UUID] = {}
        self.unfit = {one.member for pair, one in kept.items() if pair not in self._known}

    def choose(self, ask: Ask) -> Candidate | None:
        """What an earlier one of the batch has chosen is known to a later one."""
        known = self._known.get(ask.pair)
        one = ask.decide(known)
        if one is None:
            return None
        if one.id != known or ask.pair in self._aged:
            self.writes[ask.pair] = self._known[ask.pair] = one.id
        if known is not None and one.id != known:
            self.unfit.add(known)
        return one


def _settled(ask: Ask, one: Candidate | None, settled: Mapping[Pair, UUID]) -> Candidate | None:
    """Another node may have been first, or a later one of the batch have needed another sender."""
    winner = settled.get(ask.pair)
    if one is None or winner in (None, one.id):
        return one
    return ask.able(winner) or one
