"""A message's hops as bars over one time scale. Pure."""

from collections.abc import Sequence
from typing import Final

import msgspec

from magpie.messages.story import Hop, sentence

# A bar that would be too narrow to see is this wide, in per cent.
_NARROWEST: Final = 0.6
_BAD: Final = frozenset(("rejected", "dropped", "expired", "unknown"))
_WAITS: Final = frozenset(("submitting",))


class Bar(msgspec.Struct, frozen=True):
    """From the hop before to this one; `left` and `width` are per cent of the whole."""

    hop: Hop
    told: str
    seconds: float
    since: float
    left: float
    width: float
    kind: str


def bars(hops: Sequence[Hop]) -> list[Bar]:
    if not hops:
        return []
    began, whole = hops[0].at, (hops[-1].at - hops[0].at).total_seconds() or 1.0
    made = []
    for before, hop in zip([hops[0], *hops], hops, strict=False):
        start = (before.at - began).total_seconds()
        took = (hop.at - before.at).total_seconds()
        width = max(_NARROWEST, 100 * took / whole)
        made.append(
            Bar(
                hop=hop,
                told=sentence(hop),
                seconds=took,
                since=start + took,
                left=min(100 * start / whole, 100 - width),
                width=width,
                kind=_kind(hop),
            )
        )
    return made


def _kind(hop: Hop) -> str:
    failed = hop.detail.get("code") is not None or hop.detail.get("failure") is not None
    if hop.name in _BAD or failed:
        return "bad"
    return "wait" if hop.name in _WAITS else "good" if hop.name == "receipt" else "plain"
