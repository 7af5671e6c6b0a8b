"""Which carriers may take a message: by the longest matching prefix, then by priority."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from magpie.carriers.traffic import Kind


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """Numbers that begin with `prefix` (with plus; empty for all) may go by `carrier`."""

    prefix: str
    carrier: str
    kinds: frozenset[Kind] = frozenset(Kind)
    priority: int = 0


class Table:
    """Routes by kind and prefix: what one look costs does not grow with their number."""

    def __init__(self, routes: Sequence[Route] = ()) -> None:
        self._carriers: dict[tuple[Kind, str], list[str]] = {}
        for route in sorted(routes, key=lambda route: route.priority):
            for kind in route.kinds:
                self._carriers.setdefault((kind, route.prefix), []).append(route.carrier)
        self._lengths = {
            kind: sorted({len(p) for k, p in self._carriers if k is kind}, reverse=True)
            for kind in Kind
        }

    def candidates(self, to: str, kind: Kind) -> list[str]:
        """Names of carriers, best first; of equals the one that was given first."""
        found: list[str] = []
        for length in self._lengths[kind]:
            if length <= len(to) and (names := self._carriers.get((kind, to[:length]))):
                found += names
        return found if len(found) < 2 else [*dict.fromkeys(found)]  # noqa: PLR2004 - none twice


class Obstacle(NamedTuple):
    """`firm` says that nothing may go there; else only where there is another way."""

    why: str
    firm: bool


class Roads:
    """The routes that hold now, and by name the links that take nothing, or had better not."""

    def __init__(self, routes: Sequence[Route] = ()) -> None:
        self.table = Table(routes)
        self.obstacles: dict[str, Obstacle] = {}
