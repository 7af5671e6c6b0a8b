"""What a carrier says to a submission, decided from its profile and the message's fate."""

from enum import StrEnum
from typing import Final

from magpie.carriers.traffic import Deferred, Kind, Outcome, Rejected, Submission, Unknown
from magpie.simulator.model import AIRPLANE, Handset
from magpie.simulator.profile import Fate, Fault, Profile

NO_SUBSCRIBER, UNREACHABLE, NO_MMS, TOO_LARGE = 30005, 30003, 30011, 30019
# How long a network looks for a phone that is off.
SEARCH_SECONDS = 5.0

GARBAGE: Final = b"<<garbage>>"
"""No PDU, no XML, no reply of SMTP and no message of MM1."""


class NoAnswer(StrEnum):
    """What a server does in place of its answer."""

    HANG_UP = "hang up"
    GARBAGE = "garbage"
    CUT = "cut"


class Spoiled(Unknown, frozen=True):
    """Something came, but no answer."""

    way: NoAnswer = NoAnswer.HANG_UP


_UNANSWERED: Final = {
    Fault.SILENCE: Unknown("the simulated carrier said nothing"),
    Fault.DISCONNECT: Unknown("the simulated carrier hung up"),
    Fault.GARBAGE: Spoiled("the simulated carrier answered with garbage", NoAnswer.GARBAGE),
    Fault.CUT: Spoiled("the simulated carrier was cut off in its answer", NoAnswer.CUT),
}


def no_answer(outcome: Outcome) -> NoAnswer:
    return outcome.way if isinstance(outcome, Spoiled) else NoAnswer.HANG_UP


def refusal(profile: Profile, submission: Submission) -> Rejected | None:
    """What the carrier cannot carry at all."""
    if submission.kind is not Kind.MMS:
        return None
    if not profile.mms:
        return Rejected(NO_MMS, f"{profile.name} has no MMS")
    size = len(submission.body.encode()) + sum(part.size for part in submission.media)
    if size > profile.max_bytes:
        return Rejected(TOO_LARGE, f"{size} bytes, {profile.name} takes {profile.max_bytes}")
    return None


def answer(profile: Profile, happens: Fate, taken: Outcome) -> Outcome:
    """The outcome that the sender sees; `taken` where nothing goes wrong."""
    match happens.fault:
        case Fault.THROTTLE:
            return Deferred("throttled by the simulated carrier", throttled=True, after=0.5)
        case Fault.TEMPORARY:
            return Deferred("temporary error of the simulated carrier")
        case Fault.REFUSE:
            return Rejected(profile.faults.refuse_code, "refused by the simulated carrier")
        case fault:
            return _UNANSWERED.get(fault, taken)


def ending(profile: Profile, happens: Fate, handset: Handset) -> tuple[int | None, float]:
    """Give the code with which a message that was taken fails, and how much later that is known."""
    if handset.state == AIRPLANE:
        return UNREACHABLE, SEARCH_SECONDS
    if not happens.delivered:
        return profile.faults.undelivered_code, 0.0
    return None, 0.0
