from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from magpie.messages.search.grammar import (
    COMPLETIONS,
    FIELDS,
    MOST,
    Query,
    Term,
    WrongQuery,
    parse,
)

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
SID = "SM" + "0" * 32


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("", ()),
        ("hello", (Term("any", "hello"),)),
        ('"two words"', (Term("any", "two words"),)),
        ("status:FAILED", (Term("status", "failed"),)),
        ("-status:failed x", (Term("status", "failed", negated=True), Term("any", "x"))),
        ('to:+15558675310 body:"see you"', (Term("to", "+15558675310"), Term("body", "see you"))),
        ("direction:in", (Term("direction", "inbound"),)),
        ("error:30005", (Term("error", ("=", 30005)),)),
        ("error:any", (Term("error", "any"),)),
        ("segments:>1", (Term("segments", (">", 1)),)),
        ("size:300 size:>300k", (Term("size", ("=", 300)), Term("size", (">", 300_000)))),
        ("size:<1MB", (Term("size", ("<", 1_000_000)),)),
        ("tag:spring=yes", (Term("tag", "spring=yes"),)),
        ("has:media -has:link", (Term("has", "media"), Term("has", "link", negated=True))),
        ("since:2h", (Term("since", NOW - timedelta(hours=2)),)),
        ("before:2026-11-01", (Term("before", datetime(2026, 11, 1, tzinfo=UTC)),)),
        (f"sid:{SID}", (Term("sid", SID),)),
        ("carrier:acme service:MG1", (Term("carrier", "acme"), Term("service", "MG1"))),
        ("since: x", (Term("any", "x"),)),
    ],
)
def test_what_is_asked_for(text: str, terms: tuple[Term, ...]) -> None:
    """Words, phrases, fields and what must not be; ages are counted from now."""
    assert parse(text, NOW) == Query(terms)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("colour:red", "colour: is none of to, from"),
        ("status:gone", "status: is one of accepted"),
        ("direction:up", "direction: is one of in"),
        ("segments:many", "a number"),
        ("size:big", "a number of bytes"),
        ("size:>1g", "a number of bytes"),
        ("error:bad", "a number"),
        ("since:soon", "an age as 2h"),
        ("sid:SM1", "32 hexadecimal digits"),
        ("has:wings", "one of link, media"),
        (" ".join("x" * (MOST + 1)), "At most"),
    ],
)
def test_mistakes(text: str, told: str) -> None:
    """Whoever types something else is told what the field may be."""
    with pytest.raises(WrongQuery, match=told):
        parse(text, NOW)


@pytest.mark.parametrize("text", COMPLETIONS)
def test_what_is_offered_can_be_asked(text: str) -> None:
    """A field waits for its value; a field with one is a query."""
    assert bool(parse(text, NOW)) != text.endswith(":")


@given(st.text(max_size=60) | st.lists(st.sampled_from([*FIELDS]), max_size=5).map(":".join))
def test_anything_can_be_typed(text: str) -> None:
    """It is a query or a sentence about it, never anything else."""
    with suppress(WrongQuery):
        assert len(parse(text, NOW).terms) <= MOST
