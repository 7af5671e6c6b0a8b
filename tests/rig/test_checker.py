"""A checker that cannot fail is worthless: each of these runs has one fault, and it is found."""

import hmac
from base64 import b64encode
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from msgspec.structs import replace
from tests.rig.checker import busiest, check
from tests.rig.history import Asked, Called, History, Rules, Stored, Submitted, Told

TOKEN = "secret"
URL = "http://sink/status"
RULES = Rules(deduplicates=True, token=TOKEN, rates={"+15017122661": 3})
DUMB = replace(RULES, deduplicates=False)
SID = "SM1"


def test_a_faultless_run_has_no_violations() -> None:
    """The histories below differ from this one in what they name and in nothing else."""
    assert check(history(), RULES).violations == []
    assert check(history(), DUMB).violations == []


def history(**parts: Any) -> History:
    faultless = History(
        asked=[Asked(t=0, to="+1", from_="+15017122661", body="one two", key="k")],
        told=[Told(t=0.1, to="+1", status=201, sid=SID)],
        submitted=[submitted(1, "one "), submitted(2, "two")],
        called=[call("sending"), call("sent", t=2), call("delivered", t=3)],
        stored=[stored()],
    )
    return replace(faultless, **parts)


def submitted(part: int, text: str, **more: Any) -> Submitted:
    row = Submitted(t=1, from_="+15017122661", to="+1", text=text, id="a", part=part, parts=2)
    return replace(row, **more)


def stored(**more: Any) -> Stored:
    faultless = Stored(
        sid=SID,
        to="+1",
        from_="+15017122661",
        status="delivered",
        segments=2,
        callback=True,
        hops=[
            (0.1, "accepted", {}),
            (0.2, "submitting", {"status": "sending"}),
            (0.3, "accepted", {"status": "sent"}),
            (0.4, "receipt", {"status": "delivered"}),
        ],
        tries=[(1, "accepted")],
    )
    return replace(faultless, **more)


def call(status: str, *, t: float = 1, token: str | None = None, sign: str = TOKEN) -> Called:
    body = urlencode({"MessageSid": SID, "MessageStatus": status, "To": "+1"})
    flat = "".join(sorted(name + value for name, value in parse_qsl(body)))
    digest = hmac.digest(sign.encode(), (URL + flat).encode(), "sha1")
    signature = b64encode(digest).decode()
    return Called(t=t, url=URL, token=token or status, signature=signature, body=body)


ONCE_UNKNOWN = stored(
    tries=[(1, "unknown"), (2, "accepted")],
    hops=[*stored().hops, (0.25, "submitting", {"possible_duplicate": True})],
)
THRICE = [submitted(1, "one ", id=n) for n in "abc"] + [submitted(2, "two")]
SECOND = stored(sid="SM2")
NEVER_TOLD = [call("sent", t=2), call("delivered", t=3)]
BACKWARDS = [call("sending"), call("delivered", t=2), call("sent", t=3)]
TWO_TOKENS = [*history().called, call("delivered", t=4, token="another")]
UNANSWERED = [*NEVER_TOLD, replace(call("sending"), answered=False)]
HURRIED = [submitted(1, "one ", t=5.0), submitted(2, "two", t=5.2)] + [
    submitted(1, "", to=f"+{n}", t=5.8) for n in (7, 8, 9)
]


@pytest.mark.parametrize(
    ("faulty", "rules", "invariant", "why"),
    [
        (history(stored=[]), RULES, "I1", "not in the store"),
        (history(stored=[stored(to="+2")]), RULES, "I1", "stored for +2"),
        (history(stored=[stored(), SECOND]), RULES, "I1", "one idempotency key"),
        (history(asked=[]), RULES, "I1", "nobody asked"),
        (history(stored=[stored(status="queued")]), RULES, "I2", "queued for ever"),
        (history(stored=[stored(tries=[(1, "unknown")], status="sending")]), DUMB, "I2", "sending"),
        (history(stored=[stored(status="failed")]), RULES, "I2", "once ['delivered']"),
        (history(submitted=THRICE), RULES, "I3", "part 1 taken over 3 times"),
        (history(submitted=THRICE), DUMB, "I3", "2 too many, 0 unknown"),
        (history(submitted=THRICE, stored=[ONCE_UNKNOWN]), DUMB, "I3", "2 too many, 1 unknown"),
        (
            history(submitted=THRICE[1:], stored=[stored(tries=[(1, "unknown"), (2, "accepted")])]),
            DUMB,
            "I3",
            "1 duplicates, 0 flagged",
        ),
        (history(submitted=[submitted(1, "one ")]), RULES, "I3", "not what was asked for"),
        (
            history(submitted=[*history().submitted, submitted(1, "x", to="+9")]),
            RULES,
            "I3",
            "at the carrier and not in the store",
        ),
        (history(called=NEVER_TOLD), RULES, "I4", "sending was never called back"),
        (history(called=UNANSWERED), RULES, "I4", "sending was never called back"),
        (history(called=BACKWARDS), RULES, "I4", "sent after delivered"),
        (history(called=TWO_TOKENS), RULES, "I4", "two tokens"),
        (
            history(called=[*NEVER_TOLD, call("sending", sign="guess")]),
            RULES,
            "I4",
            "wrong signature",
        ),
        (
            history(submitted=HURRIED),
            RULES,
            "I7",
            "5 in a second, allowed are 3 and 1 over the edge",
        ),
    ],
)
def test_a_planted_violation_is_found(
    faulty: History, rules: Rules, invariant: str, why: str
) -> None:
    """Whatever the platform may do wrong has a sentence of its own in the verdict."""
    found = [str(violation) for violation in check(faulty, rules).violations]
    assert any(line.startswith(invariant) and why in line for line in found), found


@pytest.mark.parametrize(
    "allowed",
    [
        history(submitted=THRICE[1:], stored=[ONCE_UNKNOWN]),
        history(told=[Told(t=0.1, to="+1", status=0)]),
        history(told=[Told(t=0.1, to="+1", status=503)], stored=[], submitted=[], called=[]),
        history(called=[*history().called, call("delivered", t=9)]),
        history(called=[call("sent"), call("delivered")], stored=[stored(hops=stored().hops[2:])]),
        history(
            stored=[
                stored(
                    status="sending",
                    tries=[(1, "unknown"), (2, "unknown")],
                    hops=[*stored().hops[:2], (0.3, "unknown", {})],
                )
            ],
            called=[call("sending")],
        ),
    ],
)
def test_what_is_promised_to_be_possible_is_no_violation(allowed: History) -> None:
    """A flagged duplicate, a lost answer, a repeated callback, a held message: all are told."""
    assert check(allowed, DUMB).violations == []


def test_a_redelivery_that_the_carrier_knew_is_no_duplicate() -> None:
    """A carrier that knows references answers a repeated one as it did at first."""
    again = [*history().submitted, submitted(1, "one ", known=True)]
    assert check(history(submitted=again), RULES).violations == []


@pytest.mark.parametrize(
    ("times", "most"),
    [([], 0), ([0.0], 1), ([0.0, 1.0], 1), ([0.0, 0.999], 2), ([0.0, 0.9, 1.1, 1.8, 2.05], 3)],
)
def test_the_busiest_second_may_begin_anywhere(times: list[float], most: int) -> None:
    """Fixed seconds would hide twice the limit across their border."""
    assert busiest([(at, at) for at in times]) == most


def test_what_may_have_come_earlier_is_no_haste() -> None:
    """Of a carrier that stood still only what surely came within one second counts."""
    assert busiest([(0.0, 0.0), (0.3, 0.6), (0.4, 1.2), (0.5, 0.9)]) == 3
