from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from magpie.esmes import actions
from magpie.esmes.model import ID_FORMS, Esme
from magpie.esmes.parameters import CreateEsme, changed
from magpie.esmes.parts.model import Kept, LongText, head_id, part_id
from magpie.kit import clock

ESME = actions._new("AC" + "0" * 32, "shop", b"")


def esme(**fields: Any) -> Esme:
    return replace(ESME, **fields)


@given(id_=st.uuids(), form=st.sampled_from(ID_FORMS))
def test_an_id_comes_back(id_: UUID, form: str) -> None:
    """Each form is letters and digits, short enough, and read again."""
    one = esme(id_form=form)
    text = one.id_of(id_)
    assert text.isalnum()
    assert len(text) <= 64
    assert one.id_from(text) == id_


@pytest.mark.parametrize("text", ["", "zz", "-1", "٣", "9" * 60, "SM", "12 34", "f" * 40])
@pytest.mark.parametrize("form", ID_FORMS)
def test_what_is_no_id(form: str, text: str) -> None:
    """Whatever a client asks for, there is an answer."""
    found = esme(id_form=form).id_from(text)
    assert found is None or found.int < 2**128


@pytest.mark.parametrize(
    ("allowed", "address", "may"),
    [
        ([], "192.0.2.1", True),
        ([], "", True),
        (["192.0.2.0/24"], "192.0.2.1", True),
        (["192.0.2.0/24"], "::ffff:192.0.2.1", True),
        (["192.0.2.0/24"], "192.0.3.1", False),
        (["192.0.2.0/24", "2001:db8::/32"], "2001:db8::1", True),
        (["192.0.2.0/24"], "2001:db8::1", False),
        (["192.0.2.0/24"], "", False),
    ],
)
def test_networks(allowed: list[str], address: str, may: bool) -> None:
    """None are all; an IPv4 address is one in either notation."""
    assert esme(allowed=allowed).may_bind_from(address) is may


def test_what_is_not_given_stays() -> None:
    """Lists and the service can be taken away by a blank."""
    one = esme(receives="list", numbers=["+15017122661"], messaging_service_sid="MG" + "0" * 32)
    assert changed(one, CreateEsme.of(friendly_name="Shop")).numbers == one.numbers
    blank = changed(one, CreateEsme.of(numbers=(), messaging_service_sid=""))
    assert (blank.numbers, blank.messaging_service_sid) == ([], None)


def test_ids_of_parts() -> None:
    """Each has its own, and each leads to that of the text."""
    head = head_id(clock.uuid7())
    parts = [part_id(head, n) for n in range(1, 256)]
    assert len({head, *parts}) == 256
    assert {head_id(part) for part in parts} == {head}


def test_a_gap() -> None:
    """A text knows which of its parts are missing, and the shortest life that was asked for."""
    text = LongText(
        account_sid="AC",
        system_id="shop",
        from_="",
        to="",
        total=4,
        message_id=head_id(clock.uuid7()),
        parts=(Kept(1, "a", 1, None, b"1"), Kept(3, "c", 0, 60, None)),
    )
    assert (text.body, text.missing, text.validity) == ("ac", [2, 4], 60)
    assert text.pdus == [b"1"]
