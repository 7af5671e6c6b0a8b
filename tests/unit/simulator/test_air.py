"""What goes between the simulated network and its phones."""

from uuid import UUID

import pytest

from magpie.carriers.traffic import Kind, Submission
from magpie.kit.blobs import Blobs
from magpie.protocols import tpdu
from magpie.simulator.air import Air


def text(body: str, from_: str = "+15017122661") -> Submission:
    return Submission(
        account_sid="AC",
        message_id=UUID(int=1),
        attempt=1,
        kind=Kind.SMS,
        from_=from_,
        to="+15558675310",
        body=body,
    )


@pytest.fixture
def air() -> Air:
    return Air(Blobs.open("memory://"))


@pytest.mark.parametrize("from_", ["+15017122661", "12345", "Pica"])
async def test_a_phone_shows_what_it_read(air: Air, from_: str) -> None:
    """A long text is one again, and from whom it was."""
    body = "\N{BIRD} long {\N{EURO SIGN}} " * 30
    shown = await air.bring("att", text(body, from_), "id")
    assert (shown.body, shown.from_) == (body, from_)


async def test_its_parts_are_traced(air: Air) -> None:
    """By their carrier, in order, each with its octets, and all about the one message."""
    await air.bring("att", text("x" * 200), "id")
    assert air.trace_of("other").show() == []
    traced = air.trace_of("att").show(personal=True)
    assert [one.sequence for one in traced] == ["1 of 2", "2 of 2"]
    assert {name for one in traced for name in one.names} == {text("").key}
    assert tpdu.read(tpdu.decode(one.octets) for one in traced) == "x" * 200
    assert traced[0].fields["more"]


async def test_people_are_masked(air: Air) -> None:
    """Neither the fields nor the octets tell a number or a text, unless that is asked for."""
    await air.bring("att", text("secret"), "id")
    [shown] = air.trace_of("att").show()
    assert (shown.fields["from"], shown.fields["text"]) == ("********2661", "******")
    again = tpdu.decode(shown.octets)
    assert (again.source, again.text) == ("********2661", "******")
