from magpie.carriers.routes import Route, Table
from magpie.carriers.traffic import Kind

ROUTES = (
    Route(prefix="", carrier="world"),
    Route(prefix="+1", carrier="backup", priority=2),
    Route(prefix="+1", carrier="america", priority=1),
    Route(prefix="+1555", carrier="fiction", kinds=frozenset({Kind.MMS})),
)


def test_the_longest_prefix_wins() -> None:
    """A route for +1555 is closer than one for +1."""
    found = Table(ROUTES).candidates("+15558675310", Kind.MMS)
    assert found == ["fiction", "america", "backup", "world"]


def test_a_route_takes_only_its_kinds() -> None:
    """A text passes over a route for pictures."""
    found = Table(ROUTES).candidates("+15558675310", Kind.SMS)
    assert found == ["america", "backup", "world"]


def test_no_route_is_no_route() -> None:
    """A number that no route covers has none."""
    assert Table(ROUTES[1:]).candidates("+447911123456", Kind.SMS) == []
    assert Table(ROUTES[1:]).candidates("", Kind.SMS) == []


def test_of_equals_the_first_given_wins() -> None:
    """Those of the file are given before those of the API; a carrier is named once."""
    same = [Route(prefix="+1", carrier=name) for name in ("file", "api", "file")]
    assert Table(same).candidates("+15558675310", Kind.SMS) == ["file", "api"]
