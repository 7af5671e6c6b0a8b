"""What all carriers have that we call by HTTP and that call us by it."""

from typing import Any, ClassVar, Generic, Protocol, TypeVar

from magpie.carriers.base import Capabilities, Reach
from magpie.carriers.door import Answer, Knock
from magpie.carriers.mms.outage import Outage
from magpie.carriers.mms.slots import Slots
from magpie.carriers.mms.state import Counters, LinkState, Shown, state_of
from magpie.carriers.trace import Trace, Traced
from magpie.carriers.traffic import Kind, Traffic


class Options(Shown, Protocol):
    """`most_bytes` caps what comes in, `max_bytes` what goes out."""

    @property
    def dedupes(self) -> bool: ...

    @property
    def on_unknown(self) -> str: ...

    @property
    def profile(self) -> str: ...

    @property
    def max_bytes(self) -> int | None: ...

    @property
    def most_bytes(self) -> int: ...


class Link(Protocol):
    @property
    def slots(self) -> Slots: ...

    @property
    def outage(self) -> Outage: ...

    def start(self) -> None: ...

    async def stop(self) -> None: ...


class Receiver(Protocol):
    def hand_to(self, traffic: Traffic | None) -> None: ...

    async def answer(self, knock: Knock) -> Answer: ...


O = TypeVar("O", bound=Options)  # noqa: E741 - of options
L = TypeVar("L", bound=Link)


class WebCarrier(Generic[O, L]):
    """A Carrier, but for `submit`, and a Door."""

    kinds: ClassVar[frozenset[Kind]] = frozenset({Kind.MMS})

    def __init__(
        self, options: O, link: L, receiver: Receiver, counters: Counters, trace: Trace[Any]
    ) -> None:
        self.options = options
        self._link = link
        self._receiver = receiver
        self._counters = counters
        self._trace = trace

    @property
    def name(self) -> str:
        return self.options.name

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            kinds=self.kinds,
            deduplicates=self.options.dedupes,
            on_unknown=self.options.on_unknown,
        )

    @property
    def most_bytes(self) -> int:
        return self.options.most_bytes

    def admit(self, traffic: Traffic) -> None:
        """While the link before it finishes what is under way."""
        self._receiver.hand_to(traffic)

    async def start(self, traffic: Traffic) -> None:
        self.admit(traffic)
        self._link.start()

    async def stop(self) -> None:
        """Dispatch asks nothing any more; who calls now is told to come again."""
        self._receiver.hand_to(None)
        await self._link.stop()

    async def reach(self, to: str) -> Reach:  # noqa: ARG002 - the same for all numbers
        return Reach(
            mms=True,
            profile=self.options.profile,
            max_bytes=self.options.max_bytes,
            network=self.name,
        )

    async def answer(self, knock: Knock) -> Answer:
        return await self._receiver.answer(knock)

    def trace(self, *, after: int = 0, personal: bool = False) -> list[Traced]:
        return self._trace.show(after=after, personal=personal)

    def state(self) -> LinkState:
        return state_of(self.options, self._link.slots, self._link.outage, self._counters)
