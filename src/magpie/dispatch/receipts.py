"""What carriers tell of messages later: each receipt has its effect once, whenever it comes."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta

import msgspec
from msgspec.structs import replace

from magpie.carriers.traffic import Receipt, ReceiptState
from magpie.dispatch import store
from magpie.dispatch.legible import legible
from magpie.dispatch.model import Attempt
from magpie.dispatch.rescue import Rescue
from magpie.kit import clock
from magpie.kit.db import (
    Connection,
    Database,
    DatabaseUnavailable,
    GroupCommit,
    after_commit,
)
from magpie.messages.advance import Advance, Event
from magpie.messages.lifecycle import Status

_STATUS = {
    ReceiptState.DELIVERED: Status.DELIVERED,
    ReceiptState.UNDELIVERED: Status.UNDELIVERED,
    ReceiptState.READ: Status.READ,
}
Kin = Callable[[], Sequence[tuple[str, str]]]
"""Links, each with another to the same account at a carrier."""

# Seconds between looks at what was just parked; after that housekeeping looks now and then.
_LOOKS = (0.02, 0.03, 0.05, 0.1, 0.2)
_AT_ONCE = 500
_RANK = {None: 0, "pending": 1, "delivered": 2, "undelivered": 2, "read": 3}


class Receipts:
    """Receipts of messages that are not known yet are parked: they may overtake the answer."""

    def __init__(
        self, database: Database, advance: Advance, rescue: Rescue, kin: Kin = lambda: ()
    ) -> None:
        self._database = database
        self._advance = advance
        self._rescue = rescue
        self._kin = kin
        self._looking: asyncio.Task[None] | None = None
        self._commit: GroupCommit[Receipt, None] = GroupCommit(database, self._write, most=256)

    async def receive(self, receipt: Receipt) -> None:
        """Returns after the commit."""
        await self._commit.write(legible(receipt))

    async def match_parked(self) -> int:
        """Apply parked receipts whose message has become known; gives how many there were."""
        matched = 0
        while True:
            async with self._database.transaction() as connection:
                if kin := self._kin():
                    await store.rename_parked(connection, kin)
                ids = await store.claimed(connection, _AT_ONCE)
                matched += await self._apply(connection, ids, []) if ids else 0
            if len(ids) < _AT_ONCE:
                return matched

    async def parked(self) -> dict[str, int]:
        """How many wait for their message, by carrier."""
        return await store.parked_counts(self._database)

    def _look_soon(self) -> None:
        """A receipt that overtook the answer finds its message in a moment."""
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())

    async def _look(self) -> None:
        for wait in _LOOKS:
            await clock.sleep(wait)
            try:
                await self.match_parked()
            except DatabaseUnavailable:
                return

    async def _write(
        self, connection: Connection, receipts: Sequence[Receipt]
    ) -> list[Exception | None]:
        given = await self._of_senders(connection, receipts)
        await self._apply(connection, sorted({_id(r) for r in given}), given)
        return [None] * len(receipts)

    async def _of_senders(
        self, connection: Connection, receipts: Sequence[Receipt]
    ) -> Sequence[Receipt]:
        """Under the name of the link by which the message went; of most there is only one."""
        kin = self._kin()
        among = {name for name, _ in kin}
        shared = {_id(r) for r in receipts if r.carrier in among}
        if not shared:
            return receipts
        both = [*kin, *((name, name) for name in among)]
        rows = [(*id_, one) for id_ in sorted(shared) for name, one in both if name == id_[0]]
        owners = await store.owners(connection, rows)
        return [replace(r, carrier=owners.get(_id(r), r.carrier)) for r in receipts]

    async def _apply(
        self, connection: Connection, ids: Sequence[tuple[str, str]], receipts: Sequence[Receipt]
    ) -> int:
        """Those that are parked under the same ids came before; gives how many there were."""
        known = await store.siblings(connection, ids)
        earlier = [
            replace(msgspec.convert(receipt, Receipt), carrier=carrier)
            for carrier, receipt in (await store.unpark(connection, known) if known else ())
        ]
        await self._park(connection, [r for r in receipts if _id(r) not in known])
        tallies = {attempts[0][:3]: Tally(attempts) for attempts in known.values()}
        events = []
        for receipt in (*earlier, *receipts):
            if attempts := known.get(_id(receipt)):
                status = tallies[attempts[0][:3]].add(receipt)
                events.append(_event(attempts[0], receipt, status))
        marks = [mark for tally in tallies.values() for mark in tally.marks()]
        if marks:
            await store.mark_receipts(connection, marks)
        await self._advance.write(connection, await self._rescue.receipts(connection, events))
        return len(earlier)

    async def _park(self, connection: Connection, lost: Sequence[Receipt]) -> None:
        """Each a microsecond after the one before it: their order is kept by their times."""
        if not lost:
            return
        now = clock.now()
        rows = [
            (*_id(receipt), msgspec.to_builtins(receipt), now + timedelta(microseconds=place))
            for place, receipt in enumerate(lost)
        ]
        await store.park(connection, rows)
        after_commit(connection, self._look_soon)


def _id(receipt: Receipt) -> tuple[str, str]:
    return receipt.carrier, receipt.carrier_id


class Tally:
    """The parts of one try: delivered when all are, undelivered as soon as one is."""

    def __init__(self, attempts: Sequence[Attempt]) -> None:
        self._attempts = attempts
        self._before = {attempt.part: attempt.receipt for attempt in attempts}
        self._now = dict(self._before)

    def add(self, receipt: Receipt) -> Status | None:
        """Where the receipt leads the message; the first final word on a part stays."""
        for attempt in self._attempts:
            if attempt.carrier_id != receipt.carrier_id:
                continue
            if _RANK[receipt.state.value] <= _RANK[self._now[attempt.part]]:
                return None
            self._now[attempt.part] = receipt.state.value
        if receipt.state is ReceiptState.DELIVERED and not self._complete():
            return None
        return _STATUS.get(receipt.state)

    def marks(self) -> list[tuple[Attempt, str]]:
        return [
            (attempt, told)
            for attempt in self._attempts
            if (told := self._now[attempt.part]) is not None and told != self._before[attempt.part]
        ]

    def _complete(self) -> bool:
        return all(told in {"delivered", "read"} for told in self._now.values())


def _event(attempt: Attempt, receipt: Receipt, status: Status | None) -> Event:
    detail: dict[str, object] = {"carrier": receipt.carrier, "state": receipt.state.value}
    if receipt.detail:
        detail["said"] = receipt.detail
    return Event(
        account_sid=attempt.account_sid,
        message_id=attempt.message_id,
        at=clock.now(),
        hop="receipt",
        status=status,
        code=receipt.code if status is Status.UNDELIVERED else None,
        done_date=receipt.done_date,
        detail=detail,
    )
