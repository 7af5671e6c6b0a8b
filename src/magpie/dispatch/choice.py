"""Which of several carriers a message tries next, after what it has been through. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

import msgspec

from magpie.carriers.traffic import Accepted, Deferred, Outcome, Rejected, Unknown
from magpie.dispatch.model import Attempt

# What a "not now" weighs: a fault is left at once for another carrier, if there is one; a throttle
# or a link that is away only at the second time.
_WEIGHTS: Final = {"refused": 2, "throttled": 1}
_ENOUGH: Final = 2
_NONE: Final[Mapping[str, int]] = MappingProxyType({})
_PERHAPS_THERE: Final = frozenset({"unknown", "partial"})


class Past(msgspec.Struct, frozen=True, kw_only=True):
    """`bound` is the carrier that has the message, or part of it, or perhaps has.

    `tries` weighs how often each said "not now"; `barred` will never take it, though another may.
    """

    tries: Mapping[str, int] = _NONE
    barred: frozenset[str] = frozenset()
    bound: str = ""


NEW: Final = Past()


def state_of(outcome: Outcome | None) -> str:
    """As an attempt is kept: what a later try must know of it."""
    match outcome:
        case Accepted():
            return "accepted"
        case Unknown():
            return "unknown"
        case Deferred(partial=True):
            return "partial"
        case Deferred(throttled=True):
            return "throttled"
        case Rejected(elsewhere=True):
            return "barred"
        case _:
            return "refused"


def may_help(outcome: Outcome) -> bool:
    """Whether another carrier may do what this one has not done."""
    match outcome:
        case Deferred(partial=partial):
            return not partial
        case Rejected(elsewhere=elsewhere):
            return elsewhere
        case _:
            return False


def past_of(attempts: Sequence[Attempt]) -> Past:
    if not attempts:
        return NEW
    tries: Counter[str] = Counter()
    for one in attempts:
        tries[one.carrier] += _WEIGHTS.get(one.state, 0)
    return Past(
        tries=tries,
        barred=frozenset(one.carrier for one in attempts if one.state == "barred"),
        bound=next((a.carrier for a in reversed(attempts) if a.state in _PERHAPS_THERE), ""),
    )


def after(past: Past, carrier: str, outcome: Outcome) -> Past:
    """What is known once `carrier` has said this, too."""
    match state_of(outcome):
        case "refused" | "throttled" as state:
            weight = past.tries.get(carrier, 0) + _WEIGHTS[state]
            return msgspec.structs.replace(past, tries={**past.tries, carrier: weight})
        case "barred":
            return msgspec.structs.replace(past, barred=past.barred | {carrier})
        case _:
            return msgspec.structs.replace(past, bound=carrier)


def ranked(names: Sequence[str], past: Past) -> list[str]:
    """Best first."""
    open_ = [name for name in names if name not in past.barred]
    return sorted(open_, key=lambda name: past.tries.get(name, 0) // _ENOUGH)


def passed_over(names: Sequence[str], past: Past, taken: str) -> dict[str, str]:
    """Why carriers of a better route were not asked again."""
    better = names[: names.index(taken)] if taken in names else ()
    told = {n: "said not now" for n in better if past.tries.get(n)}
    return told | {n: "does not take it" for n in better if n in past.barred}
