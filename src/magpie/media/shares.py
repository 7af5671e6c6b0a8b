"""How the bytes that a carrier takes are shared among the parts of a message: pure."""

from collections.abc import Mapping, Sequence
from typing import Final

from magpie.media.profile import Profile
from magpie.media.terms import Part, Terms, may_stay

LEAST: Final = {"image": 4_000, "film": 20_000, "sound": 3_000}
"""So little that nothing sensible comes of it: who asks for less is told that it cannot be."""
_WEIGHT: Final = {"image": 1, "film": 3, "sound": 1}
_SMIL_BYTES: Final = 800
_ALL_THERE_IS: Final = 1 << 40


def room(parts: Sequence[Part], terms: Terms) -> int:
    """Bytes of content that the parts may have together, before the carrier's encoding of them."""
    profile = terms.profile
    extra = profile.part_bytes * (len(parts) + (1 if terms.text_bytes else 0))
    smil = _SMIL_BYTES if profile.part_bytes else 0
    return max(0, int((terms.budget - extra - smil) / profile.growth) - terms.text_bytes)


def too_large(parts: Sequence[Part], fixed: Sequence[int], free: int) -> list[int]:
    """Which of the parts that cannot be changed have to go, the largest first."""
    free -= sum(_least(part) for n, part in enumerate(parts) if n not in fixed)
    left = sorted(fixed, key=lambda n: (parts[n].size, n))
    gone = []
    while left and sum(parts[n].size for n in left) > free:
        gone.append(left.pop())
    return gone


def _least(part: Part) -> int:
    return min(part.size, LEAST[part.facts.kind]) if part.facts else 0


def share(
    parts: Sequence[Part], free: int, profile: Profile, made: Mapping[int, int]
) -> dict[int, int]:
    """Bytes for each part that can be changed; `free` is for all of them.

    Who wants less than a fair share gets what it wants, and the others share the rest by weight.
    `made` came out smaller than they had to: what they leave goes to the others.
    """
    places = [n for n, part in enumerate(parts) if part.facts is not None]
    first = _fill(parts, free, profile, places)
    if not made:
        return first
    others = [n for n in places if n not in made]
    rest = _fill(parts, free - sum(made.values()), profile, others)
    return {n: first[n] for n in made} | rest


def _fill(
    parts: Sequence[Part], free: int, profile: Profile, places: Sequence[int]
) -> dict[int, int]:
    wants = {n: _wish(parts[n], profile) for n in places}
    weights = {n: _weight(parts[n]) for n in places}
    shares: dict[int, int] = {}
    left = sorted(places, key=lambda n: (wants[n] / weights[n], n))
    while left:
        n = left[0]
        fair = max(0, free) * weights[n] // sum(weights[m] for m in left)
        shares[n] = min(wants[n], fair)
        free -= shares[n]
        left.remove(n)
    return shares


def _weight(part: Part) -> int:
    return _WEIGHT[part.facts.kind] if part.facts else 1


def _wish(part: Part, profile: Profile) -> int:
    """What it would have if there were room for all; of a conversion nobody knows it."""
    return part.size if may_stay(part, profile) else _ALL_THERE_IS
