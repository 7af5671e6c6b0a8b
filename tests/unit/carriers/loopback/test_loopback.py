from uuid import UUID

from magpie.carriers.base import Carrier, Reach
from magpie.carriers.loopback import LoopbackCarrier
from magpie.carriers.trace import Shown, Trace, Tracing
from magpie.carriers.traffic import Accepted, Inbound, Kind, Outcome, Receipt, Submission, Traffic


class Exchange:
    def __init__(self) -> None:
        self.joined: list[tuple[str, Traffic]] = []
        self.submitted: list[tuple[str, Submission]] = []

    async def reach(self, to: str) -> Reach:
        return Reach(mms=to.startswith("+1"), network="somebody")

    async def submit(self, carrier: str, submission: Submission) -> Outcome:
        self.submitted.append((carrier, submission))
        return Accepted(("id",))

    def join(self, carrier: str, traffic: Traffic) -> None:
        self.joined.append((carrier, traffic))

    def trace_of(self, carrier: str) -> Trace[str]:
        trace = Trace[str](lambda said, _: Shown(what=said))
        trace.sent(f"over the air of {carrier}", about="key")
        return trace


class Nowhere:
    async def receipt(self, receipt: Receipt) -> None: ...

    async def inbound(self, inbound: Inbound) -> None: ...


async def test_the_network_is_called() -> None:
    """A loopback link carries texts and pictures, resends safely, and is a call and no more."""
    network, traffic = Exchange(), Nowhere()
    link: Carrier = LoopbackCarrier("simulator", network)
    await link.start(traffic)
    message = Submission(
        account_sid="AC",
        message_id=UUID(int=1),
        attempt=1,
        kind=Kind.SMS,
        from_="+15017122661",
        to="+15558675310",
        body="hello",
    )
    assert await link.submit(message) == Accepted(("id",))
    await link.stop()
    assert network.joined == [("simulator", traffic)]
    assert network.submitted == [("simulator", message)]
    assert link.capabilities.deduplicates
    assert link.capabilities.kinds == frozenset(Kind)


async def test_what_is_traced_is_the_air() -> None:
    """A link without a wire shows what its network said to phones."""
    link = LoopbackCarrier("simulator", Exchange())
    assert isinstance(link, Tracing)
    assert [one.what for one in link.trace()] == ["over the air of simulator"]
    assert link.trace(after=1) == []
