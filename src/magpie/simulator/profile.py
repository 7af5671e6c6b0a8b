"""How a simulated carrier behaves, and what it does with one message: decided by a seed."""

import random
from enum import StrEnum
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

# msgspec 0.22 mistakes the bounds of a number that may also be a tuple or a struct, so these are
# checked by hand where they are such.
Share = Annotated[float, Meta(ge=0, le=1)]
Seconds = Annotated[float, Meta(ge=0, le=3600)]
_MOST_SECONDS = 3600
_NAME = "^[a-z0-9][a-z0-9._-]{0,63}$"


class When(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A share of the messages to numbers that end in `to`, in their first `attempts` (0: all)."""

    share: Share = 1.0
    to: Annotated[str, Meta(pattern="^[0-9]{0,15}$")] = ""
    attempts: Annotated[int, Meta(ge=0)] = 0


class Faults(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many messages meet each fault: a share from 0 to 1, or a pattern.

    A silent carrier takes the message over and never says so. One that disconnects, answers with
    garbage or is cut off in its answer has taken about half of what it did not answer.
    """

    throttle: Annotated[float | When, Meta(description="Answers that it is too much at once.")] = (
        0.0
    )
    temporary: Annotated[float | When, Meta(description="Answers that it cannot now.")] = 0.0
    refuse: Annotated[float | When, Meta(description="Refuses for good.")] = 0.0
    refuse_code: Annotated[int, Meta(description="The error of what is refused.")] = 30007
    undelivered: Annotated[
        float | When, Meta(description="Takes it, and says later that it did not arrive.")
    ] = 0.0
    undelivered_code: Annotated[int, Meta(description="The error of what did not arrive.")] = 30003
    silence: Annotated[float | When, Meta(description="Takes it, and never says so.")] = 0.0
    disconnect: Annotated[float | When, Meta(description="Hangs up in place of an answer.")] = 0.0
    garbage: Annotated[float | When, Meta(description="Answers what nobody understands.")] = 0.0
    cut: Annotated[float | When, Meta(description="Breaks off in its answer.")] = 0.0
    duplicate: Annotated[float | When, Meta(description="Puts it on the phone twice.")] = 0.0

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            hit = getattr(self, name)
            if isinstance(hit, float) and not 0 <= hit <= 1:
                raise ValueError(f"{name} is a share from 0 to 1")


class Profile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A carrier. `latency` is until its answer, `receipt_delay` from there to its receipt.

    `media` names the media profile by which the platform adapts pictures for it.
    One that does not deduplicate puts what is submitted twice on the phone twice.
    """

    name: Annotated[str, Meta(pattern=_NAME, description="What handsets call it.")]
    mms: Annotated[bool, Meta(description="Whether it takes pictures.")] = True
    max_bytes: Annotated[int, Meta(ge=0, description="How large an MMS may be.")] = 1_000_000
    media: Annotated[
        str, Meta(pattern=_NAME, description="The media profile that fits pictures for it.")
    ] = "simulator"
    latency: Annotated[
        float | tuple[float, float],
        Meta(description="Seconds until its answer, or a range of them."),
    ] = 0.0
    receipts: Annotated[
        Literal["normal", "none", "late", "duplicate", "before_response"],
        Meta(description="How its receipts come."),
    ] = "normal"
    # Long enough for the answer to be written down before the receipt asks for it.
    receipt_delay: Annotated[
        Seconds, Meta(description="Seconds from its answer to its receipt.")
    ] = 0.02
    faults: Faults = Faults()
    seed: Annotated[int, Meta(description="The same seed does the same again.")] = 1
    deduplicates: Annotated[
        bool, Meta(description="Whether what is submitted twice arrives once.")
    ] = True

    def __post_init__(self) -> None:
        low, high = self.latencies
        if not 0 <= low <= high <= _MOST_SECONDS:
            raise ValueError(f"latency is from 0 to {_MOST_SECONDS} seconds, or a range of them")

    @property
    def latencies(self) -> tuple[float, float]:
        return self.latency if isinstance(self.latency, tuple) else (self.latency, self.latency)


class Fault(StrEnum):
    NONE = "none"
    SILENCE = "silence"
    DISCONNECT = "disconnect"
    THROTTLE = "throttle"
    TEMPORARY = "temporary"
    REFUSE = "refuse"
    GARBAGE = "garbage"
    CUT = "cut"


class Fate(msgspec.Struct, frozen=True, kw_only=True):
    """What happens to one try of a message; times are seconds, of `receipts` after the answer.

    `taken` says whether the carrier took it over, whatever it answers; `early` that the receipt
    comes before the answer.
    """

    fault: Fault
    taken: bool
    delivered: bool
    copies: int
    latency: float
    receipts: tuple[float, ...]
    early: bool


_LATE = 30.0
_TWICE = 0.2
_NO_FAULTS = Faults()
_TAKEN = frozenset({Fault.NONE, Fault.SILENCE})
_TAKEN_BY_HALF = frozenset({Fault.DISCONNECT, Fault.GARBAGE, Fault.CUT})
_FAULTS = tuple(fault for fault in Fault if fault is not Fault.NONE)


def fate(profile: Profile, key: str, to: str, attempt: int = 1) -> Fate:
    """The same for the same seed, message and attempt, whenever it is asked."""
    if not profile.latency and profile.faults == _NO_FAULTS:
        return _untroubled(profile)  # dice cost more than all the rest
    dice = random.Random(f"{profile.seed}:{key}:{attempt}")  # noqa: S311 - no secret is drawn

    def meets(named: str) -> bool:
        # Each question throws the dice once, so that no answer depends on the others.
        return dice.random() < _share(getattr(profile.faults, named), to, attempt)

    met = [fault for fault in _FAULTS if meets(fault.value)]
    fault = met[0] if met else Fault.NONE
    half = dice.random() < 1 / 2
    return Fate(
        fault=fault,
        taken=fault in _TAKEN or (fault in _TAKEN_BY_HALF and half),
        delivered=not meets("undelivered"),
        copies=2 if meets("duplicate") else 1,
        latency=dice.uniform(*profile.latencies),
        receipts=_receipts(profile),
        early=profile.receipts == "before_response",
    )


def _untroubled(profile: Profile) -> Fate:
    return Fate(
        fault=Fault.NONE,
        taken=True,
        delivered=True,
        copies=1,
        latency=0.0,
        receipts=_receipts(profile),
        early=profile.receipts == "before_response",
    )


def _share(hit: float | When, to: str, attempt: int) -> float:
    if not isinstance(hit, When):
        return hit
    meant = to.endswith(hit.to) and (not hit.attempts or attempt <= hit.attempts)
    return hit.share if meant else 0.0


def _receipts(profile: Profile) -> tuple[float, ...]:
    match profile.receipts:
        case "none":
            return ()
        case "late":
            return (max(profile.receipt_delay, _LATE),)
        case "duplicate":
            return (profile.receipt_delay, profile.receipt_delay + _TWICE)
        case "before_response":
            return (0.0,)
        case _:
            return (profile.receipt_delay,)


BUILT_IN = (
    Profile(name="simulator"),
    Profile(name="big-mms", max_bytes=1_500_000),
    Profile(name="mid-mms", max_bytes=600_000),
    Profile(name="small-mms", max_bytes=300_000),
    Profile(name="old-phones", max_bytes=300_000, media="video-rich"),
    Profile(name="att", max_bytes=1_000_000, media="att"),
    Profile(name="t-mobile", max_bytes=1_500_000, media="t-mobile"),
    Profile(name="verizon", max_bytes=1_200_000, media="verizon"),
    Profile(name="no-mms", mms=False, max_bytes=0),
    Profile(name="slow", latency=(1.0, 3.0), receipt_delay=5.0),
    Profile(name="no-receipts", receipts="none"),
    Profile(name="late-receipts", receipts="late"),
    Profile(name="duplicate-receipts", receipts="duplicate"),
    Profile(name="early-receipts", receipts="before_response"),
    Profile(name="throttling", faults=Faults(throttle=0.5)),
    Profile(name="refusing", faults=Faults(refuse=1.0)),
    Profile(name="silent", faults=Faults(silence=1.0)),
    Profile(name="hanging-up", faults=Faults(disconnect=0.5)),
    Profile(name="garbage", faults=Faults(garbage=0.5)),
    Profile(name="cutting", faults=Faults(cut=0.5)),
)
BY_NAME = {profile.name: profile for profile in BUILT_IN}
