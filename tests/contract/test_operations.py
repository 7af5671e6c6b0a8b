"""Every operation and every parameter of the description is ours, or listed with a reason."""

from typing import Final

import pytest
from tests.contract import listed, ours, spec

TOLD: Final = spec.operations()
OFFERED: Final = ours.offered()
BOTH: Final = sorted(TOLD.keys() & OFFERED.keys())
WRITES: Final = ("create", "update")


@pytest.mark.parametrize("key", sorted(TOLD))
def test_what_is_published_is_offered_or_listed(key: str) -> None:
    """An operation of the description is either served or listed as absent, and never both."""
    assert (key in OFFERED) != (listed.group_of(key) is not None)


def test_nothing_is_offered_that_is_not_published() -> None:
    """Below /2010-04-01 there is no resource of our own invention."""
    assert OFFERED.keys() <= TOLD.keys()


@pytest.mark.parametrize("group", listed.groups(), ids=lambda group: group.title)
def test_what_is_listed_is_published(group: listed.Group) -> None:
    """Each path that is listed as absent names operations of the description."""
    for path in group.paths:
        alone = listed.Group(group.title, group.reason, (path,), group.coming)
        assert any(alone.holds(key) for key in TOLD), path
    assert group.reason.endswith(".")


@pytest.mark.parametrize("key", BOTH)
def test_published_parameters_are_read_or_listed(key: str) -> None:
    """What the description lets a client say is read; what is not is listed, and only that."""
    missing = TOLD[key].parameters - OFFERED[key].parameters
    assert missing == listed.names("absent_parameters", key)


@pytest.mark.parametrize("key", BOTH)
def test_parameters_of_our_own_are_listed(key: str) -> None:
    """What is read beyond the description is listed as an addition, and only that."""
    added = OFFERED[key].parameters - TOLD[key].parameters
    assert added == listed.names("added_parameters", key)


@pytest.mark.parametrize("key", BOTH)
def test_parameters_stand_where_the_description_has_them(key: str) -> None:
    """Lists are asked by the query, changes by the form."""
    elsewhere = TOLD[key].query if OFFERED[key].verb in WRITES else TOLD[key].form
    assert not elsewhere


@pytest.mark.parametrize("key", BOTH)
def test_what_is_only_recorded_is_read(key: str) -> None:
    """A parameter that is said to be recorded or refused is one that is read, in one way only."""
    recorded = listed.names("recorded_parameters", key)
    refused = listed.names("refused_parameters", key)
    assert recorded | refused <= OFFERED[key].parameters
    assert not recorded & refused


def test_notes_are_about_something() -> None:
    """Each note of the list is about an operation that is offered or a schema that is published."""
    known = OFFERED.keys() | spec.document()["components"]["schemas"].keys() | spec.titles()
    for kind, note in listed.all_notes():
        of = note.of.rpartition("/")[0] if kind.endswith("_properties") else ""
        assert (of or note.of) in known
        assert note.reason.endswith(".")
