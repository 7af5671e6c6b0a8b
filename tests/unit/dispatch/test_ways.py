"""By which link a message can reach a number."""

import pytest

from magpie.carriers.base import Capabilities, Reach
from magpie.carriers.routes import Obstacle, Roads, Route
from magpie.carriers.traffic import Accepted, Kind, Outcome, Submission, Traffic
from magpie.dispatch.choice import Past
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
    way = await Ways(LINKS, Roads(ROUTES)).find(to, kind)
    assert (way.carrier if way else None) == carrier


async def test_a_route_without_a_link_is_no_way() -> None:
    """A route may name a carrier that is not set up."""
    ways = Ways(LINKS, Roads([Route(prefix="", carrier="gone")]))
    assert await ways.find(PHONE, Kind.SMS) is None
    assert not await ways.takes_mms(PHONE)


DOWN, SHUT = Obstacle("down", firm=False), Obstacle("paused", firm=True)


@pytest.mark.parametrize(
    ("obstacles", "carrier", "blocked"),
    [
        ({"texts": DOWN}, "both", ""),
        ({"texts": SHUT}, "both", ""),
        ({"texts": DOWN, "both": DOWN}, "texts", ""),
        ({"texts": SHUT, "both": DOWN}, "both", ""),
        ({"texts": SHUT, "both": SHUT}, "texts", "paused"),
    ],
)
async def test_a_link_with_an_obstacle_is_passed_over(
    obstacles: dict[str, Obstacle], carrier: str, blocked: str
) -> None:
    """As long as there is another; nothing goes where it may not, and the reason is told."""
    roads = Roads(ROUTES)
    roads.obstacles = obstacles
    way = await Ways(LINKS, roads).find(PHONE, Kind.SMS)
    assert way is not None
    assert (way.carrier, way.blocked) == (carrier, blocked)
    assert way.clear is (len(obstacles) == 1)
    if way.clear:
        assert way.passed == {"texts": obstacles["texts"].why}


@pytest.mark.parametrize(
    ("past", "carrier"),
    [
        (Past(tries={"texts": 1}), "texts"),
        (Past(tries={"texts": 2}), "both"),
        (Past(tries={"texts": 2, "both": 2}), "texts"),
        (Past(barred=frozenset({"texts"})), "both"),
        (Past(bound="both"), "both"),
        (Past(bound="gone", tries={"texts": 2}), "both"),
    ],
)
async def test_what_a_message_has_been_through(past: Past, carrier: str) -> None:
    """After two refusals the next is asked; one that may have it keeps it."""
    way = await Ways(LINKS, Roads(ROUTES)).find(PHONE, Kind.SMS, past)
    assert way is not None
    assert way.carrier == carrier


async def test_who_may_have_it_keeps_it_even_when_it_is_away() -> None:
    """A second sending in silence is worse than a wait."""
    roads = Roads(ROUTES)
    roads.obstacles = {"texts": DOWN}
    way = await Ways(LINKS, roads).find(PHONE, Kind.SMS, Past(bound="texts"))
    assert way is not None
    assert (way.carrier, way.doubtful) == ("texts", "down")


async def test_a_picture_that_goes_as_a_text_goes_where_texts_go() -> None:
    """What its picture's carrier may have is not the text."""
    links = {"pictures": Link("pictures", Kind.MMS), "texts": Link("texts", Kind.SMS)}
    roads = Roads([Route(prefix="", carrier=name) for name in links])
    way = await Ways(links, roads).find(PHONE, Kind.SMS, Past(bound="pictures"))
    assert way is not None
    assert way.carrier == "texts"


async def test_nobody_is_left() -> None:
    """All that there are will never take it."""
    past = Past(barred=frozenset(LINKS))
    assert await Ways(LINKS, Roads(ROUTES)).find(PHONE, Kind.SMS, past) is None
