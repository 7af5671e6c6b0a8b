"""Services and their pools, without a query for each message."""

from collections.abc import Sequence
from functools import partial
from typing import Final
from uuid import UUID

from magpie.kit.db import Database
from magpie.senders.book import Recent, SenderBook
from magpie.senders.model import Sender
from magpie.services import store
from magpie.services.members import store as members
from magpie.services.members.model import Member
from magpie.services.model import Service
from magpie.services.pool import ALPHANUMERIC, Candidate, able, choose
from magpie.services.sticky.memory import Ask, Memory
from magpie.services.sticky.store import Pair
from magpie.services.turns import Load, Turns

FRESH_SECONDS: Final = 1.0
_MOST: Final = 1_000


class Pool:
    def __init__(self, found: Sequence[Member], load: Load) -> None:
        self.candidates = tuple(_candidate(member) for member in found)
        self.addresses = frozenset(one.address for one in self.candidates)
        self.load = load

    def pick(self, to: str, sticky: UUID | None, *, mms: bool, by_area: bool) -> Candidate | None:
        chosen = choose(
            self.candidates,
            to,
            mms=mms,
            busy=self.load.busy,
            sticky=sticky,
            area_code_geomatch=by_area,
        )
        if chosen is not None:
            self.load.give(chosen)
        return chosen

    def fit(self, to: str, id_: UUID, *, mms: bool) -> Candidate | None:
        """The one of this stay, if it can send there."""
        return next((one for one in able(self.candidates, to, mms=mms) if one.id == id_), None)


class ServiceBook:
    """Changes made on this node show at once, those of other nodes within FRESH_SECONDS.

    `outbound` names the queue in whose lanes the senders' messages wait.
    """

    def __init__(self, database: Database, senders: SenderBook, outbound: str = "outbound") -> None:
        self._database = database
        self._senders = senders
        self._outbound = outbound
        self._services = Recent(self._service, seconds=FRESH_SECONDS)
        self._pools = Recent(self._pool, most=_MOST, seconds=FRESH_SECONDS)
        self._memory = Memory(database)
        self._turns = Turns()

    async def find(self, account_sid: str, sid: str) -> Service | None:
        return await self._services.get((account_sid, sid))

    async def holds(self, account_sid: str, service_sid: str, address: str) -> bool:
        """Whether a number, a short code or a name is in the service's pool."""
        pool = await self._pools.get((account_sid, service_sid))
        return address in pool.addresses

    async def pick(
        self, account_sid: str, service: Service, to: str, *, mms: bool
    ) -> Sender | str | None:
        """A name is given as it is. None when the pool has nothing that can send this there."""
        for _ in range(2):
            chosen = await self._choose(Pair(account_sid, service.sid, to), service, mms=mms)
            if chosen is None:
                return None
            if chosen.kind == ALPHANUMERIC:
                return chosen.address
            sender = await self._senders.find(account_sid, chosen.address)
            if sender is not None:
                return sender
            self.forget(account_sid, service.sid)  # the number was given up a moment ago
        return None

    def forget(self, account_sid: str, service_sid: str) -> None:
        """After a change of the service or of its pool."""
        self._services.forget((account_sid, service_sid))
        self._pools.forget((account_sid, service_sid))

    async def tidy(self) -> None:
        """Now and then: forget which senders were not used for a year."""
        await self._memory.tidy()

    async def _choose(self, pair: Pair, service: Service, *, mms: bool) -> Candidate | None:
        pool = await self._pools.get((pair.account_sid, pair.service_sid))
        decide = partial(pool.pick, pair.to, mms=mms, by_area=service.area_code_geomatch)
        if not pool.candidates:
            return None
        if not service.sticky_sender:
            return decide(None)
        return await self._memory.choose(Ask(pair, decide, partial(pool.fit, pair.to, mms=mms)))

    async def _service(self, key: tuple[str, str]) -> Service | None:
        return await store.by_sid(self._database, *key)

    async def _pool(self, key: tuple[str, str]) -> Pool:
        account_sid, service_sid = key
        found = await members.of_service(self._database, account_sid, service_sid)
        addresses = [member.address for member in found]
        paces = await members.paces(self._database, account_sid, self._outbound, addresses)
        return Pool(found, Load(paces, self._turns))


def _candidate(member: Member) -> Candidate:
    return Candidate(
        id=member.id,
        address=member.address,
        kind=member.kind,
        country=member.country,
        sms=member.sms,
        mms=member.mms,
    )
