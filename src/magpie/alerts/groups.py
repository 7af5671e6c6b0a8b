"""What went wrong, counted by code over a span of time: of alerts and of messages alike."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec


class Span(msgspec.Struct, frozen=True):
    """`bins` are as many parts of equal length."""

    since: datetime
    until: datetime
    bins: int = 24

    @property
    def step(self) -> timedelta:
        return (self.until - self.since) / self.bins


class Group(msgspec.Struct, frozen=True):
    """`counts` are by part of the span, from its beginning; `affected` are distinct numbers."""

    code: int
    counts: tuple[int, ...]
    first: datetime
    last: datetime
    affected: int = 0

    @property
    def count(self) -> int:
        return sum(self.counts)


def joined(groups: Iterable[Group]) -> list[Group]:
    """One for each code, the most frequent first."""
    found: dict[int, Group] = {}
    for group in groups:
        known = found.get(group.code)
        found[group.code] = _sum(known, group) if known else group
    return sorted(found.values(), key=lambda group: (-group.count, group.code))


def of_rows(rows: Iterable[tuple[int, int, int, datetime, datetime]], span: Span) -> list[Group]:
    """From rows of code, part, count, first and last."""
    return joined(
        Group(code, _counts(part, count, span.bins), first, last)
        for code, part, count, first, last in rows
    )


def _counts(part: int, count: int, bins: int) -> tuple[int, ...]:
    place = min(max(part, 0), bins - 1)
    return tuple(count if n == place else 0 for n in range(bins))


def _sum(one: Group, other: Group) -> Group:
    counts = zip(one.counts, other.counts, strict=True)
    return Group(
        one.code,
        tuple(a + b for a, b in counts),
        min(one.first, other.first),
        max(one.last, other.last),
        max(one.affected, other.affected),
    )
