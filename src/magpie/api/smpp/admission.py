"""Who may connect and bind: credentials, addresses, numbers of binds; guessing is made slow."""

from collections import Counter
from typing import Final

from magpie.accounts.throttle import Throttle
from magpie.api.smpp.bound import Clients
from magpie.esmes.book import EsmeBook
from magpie.esmes.model import Esme
from magpie.esmes.wire import Wire
from magpie.kit import clock
from magpie.protocols.smpp import Bind, Status

REFUSED_SECONDS: Final = 1.0
_MOST: Final = 2000
_MOST_OF_ONE: Final = 100
_DOOR: Final = "smpp"


class Admission:
    def __init__(self, book: EsmeBook, clients: Clients) -> None:
        self._book = book
        self._clients = clients
        self._throttle = Throttle()
        self._peers: Counter[str] = Counter()
        self.closed = False

    def enter(self, wire: Wire) -> bool:
        """Whether there is room for the connection; one that entered has to leave."""
        self._peers[wire.peer] += 1
        return self._peers.total() <= _MOST and self._peers[wire.peer] <= _MOST_OF_ONE

    def leave(self, wire: Wire) -> None:
        self._peers[wire.peer] -= 1
        if self._peers[wire.peer] <= 0:
            del self._peers[wire.peer]

    async def judge(self, wire: Wire, pdu: Bind) -> tuple[Status, Esme | None]:
        """One answer for unknown names and wrong passwords; others only to who proved himself."""
        who = (_DOOR, wire.peer)
        if self.closed or self._throttle.wait(who):
            return Status.RBINDFAIL, None
        esme = await self._book.prove(pdu.system_id, pdu.password)
        if esme is None:
            self._throttle.failed(who)
            await clock.sleep(REFUSED_SECONDS)
            return Status.RINVPASWD, None
        self._throttle.succeeded(who)
        if not esme.may_bind_from(wire.peer):
            return Status.RBINDFAIL, None
        if self._clients.count(esme.system_id) >= esme.most_binds:
            return Status.RALYBND, None
        return Status.ROK, esme
