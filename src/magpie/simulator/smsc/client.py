"""One client, on all of its binds: what is on its way to it, and who of them takes it."""

import asyncio
import re
from collections import deque

from magpie.kit.db import Overloaded
from magpie.protocols.smpp import DeliverSm, Status, status_name
from magpie.simulator.smsc.wire import Wire

_MOST_WAITING = 100_000


class NotTaken(Exception):  # noqa: N818 - what the client said
    """The client answered deliver_sm with an error."""


class Client:
    def __init__(self, system_id: str) -> None:
        self.system_id = system_id
        self.wires: deque[Wire] = deque()
        self._waiting: deque[tuple[DeliverSm, asyncio.Future[int]]] = deque()

    def receives(self, number: str) -> bool:
        """Whether a bind asks for this number by its address_range, a regular expression."""
        return any(_matches(wire.address_range, number) for wire in self.wires)

    async def deliver(self, pdu: DeliverSm) -> None:
        """Returns when the client has said yes; waits for a bind. Raises when it says no."""
        if len(self._waiting) >= _MOST_WAITING:
            raise Overloaded(f"{_MOST_WAITING} messages wait for {self.system_id}")
        done: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting.append((pdu, done))
        self.pump()
        status = await done
        if status != Status.ROK:
            raise NotTaken(status_name(status))

    def pump(self) -> None:
        while self._waiting and (wire := self._free()):
            pdu, done = self._waiting.popleft()
            if not done.done():  # else its sender has given up
                wire.deliver(pdu, done)

    def _free(self) -> Wire | None:
        """Binds take turns."""
        for _ in range(len(self.wires)):
            self.wires.rotate(-1)
            if self.wires[-1].room:
                return self.wires[-1]
        return None


def _matches(pattern: str, number: str) -> bool:
    if not pattern:
        return False
    try:
        return re.fullmatch(pattern, number.removeprefix("+")) is not None
    except re.error:
        return pattern == number.removeprefix("+")
