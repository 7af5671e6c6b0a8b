"""Files that were made to hurt go through the real sandbox: each ends in a number or a result."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests import pictures, vectors
from tests.vectors.others import POLYGLOTS
from tests.vectors.vector import ANY, EMPTY, FINE, Vector

from magpie.media.check import check
from magpie.media.fit import Cost
from magpie.media.plan import plan
from magpie.media.profile import Profiles
from magpie.media.recipe import Unusable
from magpie.media.sandbox import Sandbox
from magpie.media.terms import Part, Terms
from magpie.media.workshop import Workshop, workable

_MOST_MEMORY = 512_000_000
_MOST_CPU_MS = 10_000
_PARENT_MAY_GROW = 32_000_000
"""Some copies of a file of 5 MB, while it is handed over."""
_TERMS = Terms(profile=Profiles.load().get("video-rich"))


@pytest.fixture(scope="module")
async def sandbox() -> AsyncIterator[Sandbox]:
    made = Sandbox()
    yield made
    await made.stop()


@pytest.fixture
def workshop(sandbox: Sandbox) -> Workshop:
    return Workshop(sandbox)


async def work(workshop: Workshop, content_type: str, content: bytes) -> tuple[int, list[Cost]]:
    """Give the code of the refusal, 0 where something was made, and what it cost."""
    wrong = check(content_type, content)
    if wrong is not None:
        return wrong[0], []
    if not workable(content):
        return FINE, []
    costs = []
    try:
        facts, cost = await workshop.probe(content_type, content, verify=True)
        costs.append(cost)
        part = Part(content_type=content_type, size=len(content), facts=facts)
        (step,) = plan([part], _TERMS).steps
        if step.recipe is not None:
            costs.append((await workshop.make(content, step.recipe))[2])
    except Unusable as unusable:
        return unusable.code, costs
    return FINE, costs


async def bears(workshop: Workshop, content_type: str, content: bytes) -> int:
    code, costs = await work(workshop, content_type, content)
    assert all(cost.peak_bytes <= _MOST_MEMORY and cost.cpu_ms <= _MOST_CPU_MS for cost in costs)
    return code


async def is_well(workshop: Workshop) -> None:
    """An honest picture is worked on as ever."""
    assert (await work(workshop, "image/png", pictures.png()))[0] == FINE


def parent() -> tuple[int, int]:
    """Bytes of ours that are in memory, and files that are open."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE"), len(list(Path("/proc/self/fd").iterdir()))


@pytest.mark.parametrize("vector", vectors.NAMED, ids=lambda vector: vector.name)
async def test_a_hostile_file(workshop: Workshop, sandbox: Sandbox, vector: Vector) -> None:
    """It ends in a number or a result, within bounds; the parent and the next file are well."""
    content = vector.make()
    await is_well(workshop)
    (memory, files), zygote = parent(), sandbox._zygote
    code = await bears(workshop, vector.content_type, content)
    assert code in vector.codes
    await is_well(workshop)
    after = parent()
    assert after[0] - memory <= _PARENT_MAY_GROW
    assert after[1] <= files
    assert sandbox._zygote is zygote


@pytest.mark.parametrize("kind", vectors.WHOLE)
async def test_a_file_that_is_cut_off(workshop: Workshop, kind: str) -> None:
    """At each of 64 places, half a file is told as broken or is good for what there is of it."""
    content_type, make = vectors.WHOLE[kind]
    content = make()
    assert await bears(workshop, content_type, content) == FINE
    parts = vectors.cut_off(content)
    codes = await asyncio.gather(*(bears(workshop, content_type, part) for part in parts))
    assert codes[0] == EMPTY
    assert set(codes[1:]) <= ANY
    await is_well(workshop)


def test_there_are_many_of_them() -> None:
    """Each has a name of its own."""
    assert len({vector.name for vector in vectors.NAMED}) == len(vectors.NAMED) >= 160


@pytest.mark.parametrize(
    "vector", [v for v in POLYGLOTS if "image" in v.content_type], ids=lambda vector: vector.name
)
async def test_what_hangs_behind_a_picture_is_cut_off(workshop: Workshop, vector: Vector) -> None:
    """A page or an archive behind a picture does not reach the phone."""
    content = vector.make()
    facts, _ = await workshop.probe(vector.content_type, content, verify=True)
    assert facts.tagged
    part = Part(content_type=vector.content_type, size=len(content), facts=facts)
    (step,) = plan([part], _TERMS).steps
    assert step.recipe is not None
    _, made, _ = await workshop.make(content, step.recipe)
    assert b"script" not in made
    assert b"alert" not in made
    assert b"PK" not in made[-30:]
