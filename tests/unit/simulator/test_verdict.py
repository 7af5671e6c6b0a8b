from uuid import UUID

import pytest

from magpie.carriers.traffic import (
    Accepted,
    Deferred,
    Kind,
    MediaPart,
    Outcome,
    Rejected,
    Submission,
    Unknown,
)
from magpie.simulator.handsets import first_content
from magpie.simulator.profile import BY_NAME, Faults, Profile, When, fate
from magpie.simulator.verdict import SEARCH_SECONDS, answer, ending, refusal

PHONE = first_content()[0]


def picture(size: int) -> Submission:
    return Submission(
        account_sid="AC",
        message_id=UUID(int=1),
        attempt=1,
        kind=Kind.MMS,
        from_="+15017122661",
        to=PHONE.number,
        body="abc",
        media=(MediaPart(content_type="image/jpeg", size=size, digest="d"),),
    )


@pytest.mark.parametrize(
    ("carrier", "size", "code"),
    [
        ("simulator", 999_997, None),
        ("simulator", 999_998, 30019),
        ("small-mms", 300_000, 30019),
        ("mid-mms", 300_000, None),
        ("no-mms", 10, 30011),
    ],
)
def test_what_a_carrier_cannot_carry(carrier: str, size: int, code: int | None) -> None:
    """Text and media together may be as large as the carrier says, and not a byte larger."""
    refused = refusal(BY_NAME[carrier], picture(size))
    assert (refused.code if refused else None) == code


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("throttle", Deferred),
        ("temporary", Deferred),
        ("refuse", Rejected),
        ("silence", Unknown),
        ("disconnect", Unknown),
        ("garbage", Unknown),
        ("cut", Unknown),
        ("undelivered", Accepted),
    ],
)
def test_what_the_sender_sees(fault: str, kind: type[Outcome]) -> None:
    """Each fault comes back as the outcome that a real link of that kind would give."""
    always: dict[str, float | When] = {fault: 1.0}
    profile = Profile(name="x", faults=Faults(**always))  # type: ignore[arg-type]
    happens = fate(profile, "m", PHONE.number)
    assert isinstance(answer(profile, happens, Accepted(("id",))), kind)


def test_a_phone_in_airplane_mode() -> None:
    """A phone that is off is looked for a while, and then unreachable."""
    first = first_content()[0]
    off = type(first)(first.number, first.carrier, first.date_created, "airplane")
    profile = BY_NAME["simulator"]
    happens = fate(profile, "m", off.number)
    assert ending(profile, happens, off) == (30003, SEARCH_SECONDS)
    assert ending(profile, happens, first) == (None, 0.0)
