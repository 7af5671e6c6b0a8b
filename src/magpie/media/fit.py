"""Carries a plan out: asks what the media are, plans, has them made, and plans once more.

How a file is looked at and made is the maker's matter: the platform's remembers all of it.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final, Protocol

import msgspec
from msgspec.structs import replace

from magpie.media.plan import Action, Plan, Step, plan
from magpie.media.recipe import NEVER_FITS, Facts, Made, Recipe, Unusable
from magpie.media.terms import Part, Terms

# What comes out below this share of its bytes could not use them: others may have the rest.
_USED: Final = 0.85


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """A medium as it was sent; `digest` names its bytes."""

    content_type: str
    size: int
    digest: str


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """Of one work in the sandbox: `ms` on the clock, of the processor, and memory at its peak."""

    ms: float
    cpu_ms: float
    peak_bytes: int


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What a recipe made. `cost` is None when it had been made before."""

    digest: str
    size: int
    made: Made
    cost: Cost | None = None


class Maker(Protocol):
    """Both raise Unusable for good, SandboxFailed for now."""

    async def facts(self, source: Source) -> Facts | None: ...

    async def make(self, source: Source, recipe: Recipe) -> Result: ...


class Fitted(msgspec.Struct, frozen=True, kw_only=True):
    """One part, as it was and as it goes; one that is kept has no result."""

    source: Source
    facts: Facts | None
    step: Step
    result: Result | None = None

    @property
    def dropped(self) -> bool:
        return self.step.action is Action.DROP

    @property
    def content_type(self) -> str:
        return self.step.content_type

    @property
    def size(self) -> int:
        return self.result.size if self.result else self.source.size

    @property
    def digest(self) -> str:
        return self.result.digest if self.result else self.source.digest


class Fit(msgspec.Struct, frozen=True, kw_only=True):
    """The parts in their order; `budget` is what the carrier takes of the whole message."""

    parts: tuple[Fitted, ...]
    budget: int

    @property
    def sent(self) -> tuple[Fitted, ...]:
        return tuple(part for part in self.parts if not part.dropped)

    @property
    def dropped(self) -> tuple[Fitted, ...]:
        return tuple(part for part in self.parts if part.dropped)

    @property
    def worked(self) -> bool:
        """Whether something was made just now."""
        return any(part.result and part.result.cost for part in self.parts)


async def fit(sources: Sequence[Source], terms: Terms, maker: Maker) -> Fit:
    """Raises Unusable when a file is broken or excessive: no carrier should get that one."""
    facts = await asyncio.gather(*(maker.facts(source) for source in sources))
    parts = [
        Part(content_type=source.content_type, size=source.size, facts=known)
        for source, known in zip(sources, facts, strict=True)
    ]
    first = plan(parts, terms)
    results = await _make(sources, first, maker)
    spare = _spare(first, results)
    if spare:
        second = plan(parts, terms, made=spare)
        if second != first:
            results = await _make(sources, second, maker)
            first = second
    fitted = [
        Fitted(
            source=source,
            facts=part.facts,
            step=step if not isinstance(result, Unusable) else _never(step, result),
            result=result if isinstance(result, Result) else None,
        )
        for source, part, step, result in zip(sources, parts, first.steps, results, strict=True)
    ]
    return Fit(parts=tuple(fitted), budget=first.budget)


async def _make(
    sources: Sequence[Source], planned: Plan, maker: Maker
) -> list[Result | Unusable | None]:
    async def one(source: Source, step: Step) -> Result | Unusable | None:
        try:
            return None if step.recipe is None else await maker.make(source, step.recipe)
        except Unusable as unusable:
            if unusable.code != NEVER_FITS:
                raise
            return unusable

    return await asyncio.gather(
        *(one(source, step) for source, step in zip(sources, planned.steps, strict=True))
    )


def _spare(planned: Plan, results: Sequence[Result | Unusable | None]) -> Mapping[int, int]:
    """Sizes of what left much of its share, when somebody else could use it."""
    shares = {n: getattr(step.recipe, "most_bytes", 0) for n, step in enumerate(planned.steps)}
    small: dict[int, int] = {}
    for n, result in enumerate(results):
        if isinstance(result, Result) and result.size < _USED * shares[n]:
            small[n] = result.size
        elif isinstance(result, Unusable):
            small[n] = 0
    hungry = [n for n, share in shares.items() if share and n not in small]
    return small if hungry else {}


def _never(step: Step, unusable: Unusable) -> Step:
    return replace(
        step,
        action=Action.DROP,
        why=unusable.why,
        content_type="",
        recipe=None,
        code=unusable.code,
    )
