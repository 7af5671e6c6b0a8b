from magpie.carriers.routes import Route, candidates, choose
from magpie.carriers.traffic import Kind

ROUTES = (
    Route(prefix="", carrier="world"),
    Route(prefix="+1", carrier="america", priority=1),
    Route(prefix="+1", carrier="backup", priority=2),
    Route(prefix="+1555", carrier="fiction", kinds=frozenset({Kind.MMS})),
)


def test_the_longest_prefix_wins() -> None:
    """A route for +1555 is closer than one for +1."""
    best = choose(ROUTES, "+15558675310", Kind.MMS)
    assert best is not None
    assert best.carrier == "fiction"


def test_a_route_takes_only_its_kinds() -> None:
    """A text passes over a route for pictures."""
    names = [route.carrier for route in candidates(ROUTES, "+15558675310", Kind.SMS)]
    assert names == ["america", "backup", "world"]


def test_no_route_is_no_route() -> None:
    """A number that no route covers has none."""
    assert choose(ROUTES[1:], "+447911123456", Kind.SMS) is None
