"""Files that were made to hurt go through the real sandbox: each ends in a number or a result."""

from collections.abc import AsyncIterator

import pytest
from tests import pictures, vectors

from magpie.media.check import check
from magpie.media.fit import Cost
from magpie.media.plan import plan
from magpie.media.profile import Profiles
from magpie.media.recipe import BROKEN, EXCESSIVE, NEVER_FITS, Unusable
from magpie.media.sandbox import Sandbox
from magpie.media.terms import Part, Terms
from magpie.media.workshop import Workshop, workable

_MOST_MEMORY = 512_000_000
_MOST_CPU_MS = 10_000
_TERMS = Terms(profile=Profiles.load().get("video-rich"))


@pytest.fixture(scope="module")
async def workshop() -> AsyncIterator[Workshop]:
    sandbox = Sandbox()
    yield Workshop(sandbox)
    await sandbox.stop()


async def work(workshop: Workshop, content_type: str, content: bytes) -> tuple[int, list[Cost]]:
    """Give the code of the refusal, 0 where something was made, and what it cost."""
    wrong = check(content_type, content)
    if wrong is not None:
        return wrong[0], []
    if not workable(content):
        return 0, []
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
    return 0, costs


async def bears(workshop: Workshop, content_type: str, content: bytes) -> int:
    code, costs = await work(workshop, content_type, content)
    assert code in {0, BROKEN, EXCESSIVE, NEVER_FITS, 63019, 63021}
    assert all(cost.peak_bytes <= _MOST_MEMORY and cost.cpu_ms <= _MOST_CPU_MS for cost in costs)
    assert (await work(workshop, "image/png", pictures.png()))[0] == 0
    return code


@pytest.mark.parametrize(
    ("content_type", "content"), [pytest.param(*v[1:], id=v[0]) for v in vectors.named()]
)
async def test_a_hostile_file(workshop: Workshop, content_type: str, content: bytes) -> None:
    """It has a number or a result, within memory and time, and the next file is worked on."""
    await bears(workshop, content_type, content)


@pytest.mark.parametrize(
    ("content_type", "content"), [pytest.param(*v[1:], id=v[0]) for v in vectors.cut_off()]
)
async def test_a_file_that_is_cut_off(
    workshop: Workshop, content_type: str, content: bytes
) -> None:
    """A half picture is told as broken or is good for what there is of it."""
    await bears(workshop, content_type, content)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("pixel flood", EXCESSIVE),
        ("larger pixel flood", EXCESSIVE),
        ("jpeg of 65535", EXCESSIVE),
        ("gif screen", EXCESSIVE),
        ("gif frames", EXCESSIVE),
        ("large gif frames", EXCESSIVE),
        ("bmp", EXCESSIVE),
        ("lying rows", BROKEN),
        ("hls", BROKEN),
        ("concat", BROKEN),
        ("svg", BROKEN),
        ("pdf renamed", BROKEN),
    ],
)
async def test_what_it_is_called(workshop: Workshop, name: str, code: int) -> None:
    """What unpacks to too much is 11751, what is not what it says 12300."""
    (found,) = [vector for vector in vectors.named() if vector[0] == name]
    assert await bears(workshop, *found[1:]) == code


@pytest.mark.parametrize("name", ["jpeg and page", "png and script"])
async def test_what_hangs_behind_a_picture_is_cut_off(workshop: Workshop, name: str) -> None:
    """A page behind a picture does not reach the phone."""
    (found,) = [vector for vector in vectors.named() if vector[0] == name]
    facts, _ = await workshop.probe(found[1], found[2], verify=True)
    assert facts.tagged
