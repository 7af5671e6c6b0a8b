"""What a carrier says to a submission, decided from its profile and the message's fate."""

from magpie.carriers.traffic import Deferred, Kind, Outcome, Rejected, Submission, Unknown
from magpie.simulator.model import AIRPLANE, Handset
from magpie.simulator.profile import Fate, Fault, Profile

NO_SUBSCRIBER, UNREACHABLE, NO_MMS, TOO_LARGE = 30005, 30003, 30011, 30019
# How long a network looks for a phone that is off.
SEARCH_SECONDS = 5.0


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
        case Fault.SILENCE:
            return Unknown("the simulated carrier said nothing")
        case Fault.DISCONNECT:
            return Unknown("the simulated carrier hung up")
        case _:
            return taken


def ending(profile: Profile, happens: Fate, handset: Handset) -> tuple[int | None, float]:
    """Give the code with which a message that was taken fails, and how much later that is known."""
    if handset.state == AIRPLANE:
        return UNREACHABLE, SEARCH_SECONDS
    if not happens.delivered:
        return profile.faults.undelivered_code, 0.0
    return None, 0.0
