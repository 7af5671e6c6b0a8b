"""By which link a message can reach a number."""

import pytest

from magpie.carriers.base import Capabilities, Reach
from magpie.carriers.routes import Route
from magpie.carriers.traffic import Accepted, Kind, Outcome, Submission, Traffic
from magpie.dispatch.ways import Ways

PHONE, OLD = "+15558675310", "+15558675311"


class Link:
    """A carrier of the field that knows which of its numbers take pictures."""

    def __init__(self, name: str, *kinds: Kind, without: str = "") -> None:
        self.name = name
        self.capabilities = Capabilities(kinds=frozenset(kinds))
        self._without = without

    async def start(self, traffic: Traffic) -> None:
        """Nothing is sent here."""

    async def stop(self) -> None:
        """Nor ended."""

    async def reach(self, to: str) -> Reach:
        return Reach(mms=to != self._without, profile="att", network=self.name)

    async def submit(self, submission: Submission) -> Outcome:
        return Accepted((submission.key,))


LINKS = {
    "texts": Link("texts", Kind.SMS),
    "both": Link("both", Kind.SMS, Kind.MMS, without=OLD),
}
ROUTES = [Route(prefix="", carrier="texts"), Route(prefix="", carrier="both", priority=5)]


@pytest.mark.parametrize(
    ("to", "kind", "carrier"),
    [
        (PHONE, Kind.SMS, "texts"),
        (OLD, Kind.SMS, "texts"),
        (PHONE, Kind.MMS, "both"),
        (OLD, Kind.MMS, None),
    ],
)
async def test_the_best_route_that_can(to: str, kind: Kind, carrier: str | None) -> None:
    """A link that cannot carry a kind is passed over, and one that cannot to this number."""
    way = await Ways(LINKS, ROUTES).find(to, kind)
    assert (way.carrier if way else None) == carrier


async def test_a_route_without_a_link_is_no_way() -> None:
    """A route may name a carrier that is not set up."""
    ways = Ways(LINKS, [Route(prefix="", carrier="gone")])
    assert await ways.find(PHONE, Kind.SMS) is None
    assert not await ways.takes_mms(PHONE)
