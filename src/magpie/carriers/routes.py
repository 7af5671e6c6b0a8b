"""Which carrier takes a message: by the longest matching prefix, then by priority."""

from collections.abc import Sequence

import msgspec

from magpie.carriers.traffic import Kind


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """Numbers that begin with `prefix` (with plus; empty for all) may go by `carrier`."""

    prefix: str
    carrier: str
    kinds: frozenset[Kind] = frozenset(Kind)
    priority: int = 0


def candidates(routes: Sequence[Route], to: str, kind: Kind) -> list[Route]:
    """Give the routes for a number, best first."""
    fitting = [r for r in routes if kind in r.kinds and to.startswith(r.prefix)]
    return sorted(fitting, key=lambda r: (-len(r.prefix), r.priority, r.carrier))


def choose(routes: Sequence[Route], to: str, kind: Kind) -> Route | None:
    return next(iter(candidates(routes, to, kind)), None)
