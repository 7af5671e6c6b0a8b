from typing import Any, Protocol

from magpie.carriers.base import Capabilities, Reach
from magpie.carriers.trace import Trace, Traced
from magpie.carriers.traffic import Kind, Outcome, Submission, Traffic


class Network(Protocol):
    """A phone network that takes submissions and hands back what phones do."""

    async def submit(self, carrier: str, submission: Submission) -> Outcome: ...

    async def reach(self, to: str) -> Reach: ...

    def join(self, carrier: str, traffic: Traffic) -> None: ...

    def trace_of(self, carrier: str) -> Trace[Any]:
        """What went over the air between that carrier and its phones."""


class LoopbackCarrier:
    """A submission is a call, and the network knows duplicates by its key.

    There is no wire to trace here; behind it there is the air.
    """

    def __init__(self, name: str, network: Network) -> None:
        self._name = name
        self._network = network

    @property
    def name(self) -> str:
        return self._name

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(kinds=frozenset(Kind), deduplicates=True)

    async def start(self, traffic: Traffic) -> None:
        self._network.join(self._name, traffic)

    async def stop(self) -> None:
        """There is nothing to hang up."""

    async def reach(self, to: str) -> Reach:
        return await self._network.reach(to)

    async def submit(self, submission: Submission) -> Outcome:
        return await self._network.submit(self._name, submission)

    def trace(self, *, after: int = 0, personal: bool = False) -> list[Traced]:
        return self._network.trace_of(self._name).show(after=after, personal=personal)
