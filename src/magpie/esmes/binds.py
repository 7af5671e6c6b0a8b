"""One client, on all of its binds: what is on its way to it, and which of them takes it."""

import asyncio
from collections import deque

from magpie.esmes.wire import Wire
from magpie.kit.db import Overloaded
from magpie.protocols.smpp import DeliverSm, SmppError, Status, status_name

_MOST_WAITING = 100_000


class NotTaken(Exception):  # noqa: N818 - what the client said
    """The client answered deliver_sm with an error."""

    def __init__(self, status: int) -> None:
        super().__init__(status_name(status))
        self.status = status


class Binds:
    def __init__(self, system_id: str) -> None:
        self.system_id = system_id
        self.wires: deque[Wire] = deque()
        self._waiting: deque[tuple[DeliverSm, asyncio.Future[int]]] = deque()

    @property
    def receiving(self) -> bool:
        """Whether there is a bind that could take something, now or when it has room."""
        return any(wire.receiving for wire in self.wires)

    async def deliver(self, pdu: DeliverSm) -> None:
        """Returns when the client has said yes; waits for a bind. Raises when it says no."""
        if len(self._waiting) >= _MOST_WAITING:
            raise Overloaded(f"{_MOST_WAITING} messages wait for {self.system_id}")
        done: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting.append((pdu, done))
        self.pump()
        status = await done
        if status != Status.ROK:
            raise NotTaken(status)

    def give_up(self) -> None:
        """Nobody is there to take what waits."""
        while self._waiting:
            done = self._waiting.popleft()[1]
            if not done.done():
                done.set_exception(ConnectionError("no bind"))

    def pump(self) -> None:
        while self._waiting and (wire := self._free()):
            pdu, done = self._waiting.popleft()
            if done.done():  # its sender has given up
                continue
            try:
                wire.deliver(pdu, done)
            except SmppError as error:
                done.set_exception(error)

    def _free(self) -> Wire | None:
        """Binds take turns."""
        for _ in range(len(self.wires)):
            self.wires.rotate(-1)
            if self.wires[-1].room:
                return self.wires[-1]
        return None
