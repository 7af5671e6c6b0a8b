"""A plan carried out: what is made, what is made of the room that is left, what cannot be."""

from collections.abc import Mapping

import pytest

from magpie.media.fit import Result, Source, fit
from magpie.media.plan import Action
from magpie.media.profile import Profiles
from magpie.media.recipe import BROKEN, NEVER_FITS, Facts, Made, Recipe, Unusable
from magpie.media.terms import Terms
from magpie.media.told import told

TERMS = Terms(profile=Profiles.load().get("simulator"), most_bytes=600_000)


class Bench:
    """Makes results of the sizes that a test says, all there is room for otherwise."""

    def __init__(self, sizes: Mapping[str, int] | None = None, **fails: Unusable) -> None:
        self.sizes = sizes or {}
        self.fails = fails
        self.asked: list[tuple[str, int]] = []

    async def facts(self, source: Source) -> Facts | None:
        if source.content_type == "application/pdf":
            return None
        return Facts(kind="image", format="jpeg", width=4000, height=3000)

    async def make(self, source: Source, recipe: Recipe) -> Result:
        most = getattr(recipe, "most_bytes", 0)
        self.asked.append((source.digest, most))
        if source.digest in self.fails:
            raise self.fails[source.digest]
        size = min(most, self.sizes.get(source.digest, most))
        return Result(
            digest=f"{source.digest}-{most}", size=size, made=Made(content_type="image/jpeg")
        )


def photo(digest: str, size: int = 3_000_000) -> Source:
    return Source(content_type="image/jpeg", size=size, digest=digest)


async def test_what_is_too_large_is_made_anew() -> None:
    """A photograph is shrunk to what there is, and its result goes instead of it."""
    made = await fit([photo("a")], TERMS, Bench())
    (part,) = made.sent
    assert (part.digest, part.size, part.step.action) == ("a-600000", 600_000, Action.SHRINK)


async def test_what_fits_goes_as_it_is() -> None:
    """A small photograph keeps its digest, and nothing is made."""
    bench = Bench()
    (part,) = (await fit([photo("a", 9_000)], TERMS, bench)).sent
    assert (part.digest, part.result, bench.asked) == ("a", None, [])


async def test_room_that_one_leaves_is_used_by_the_other() -> None:
    """Of two photographs one needs little: the other is made once more, larger."""
    bench = Bench({"a": 100_000})
    made = await fit([photo("a"), photo("b")], TERMS, bench)
    assert [part.size for part in made.sent] == [100_000, 500_000]
    assert bench.asked[:2] == [("a", 300_000), ("b", 300_000)]


async def test_what_never_fits_is_dropped_and_makes_room() -> None:
    """A file of which nothing sensible fits goes with its number; the other gets its bytes."""
    bench = Bench(a=Unusable(NEVER_FITS, "not even at 64 pixels"))
    made = await fit([photo("a"), photo("b")], TERMS, bench)
    (gone,) = made.dropped
    assert (gone.source.digest, gone.step.code, gone.content_type) == ("a", NEVER_FITS, "")
    assert [part.size for part in made.sent] == [600_000]


async def test_a_broken_file_breaks_the_message() -> None:
    """What nobody should get is no matter of room."""
    with pytest.raises(Unusable, match="12300"):
        await fit([photo("a"), photo("b")], TERMS, Bench(b=Unusable(BROKEN, "cut off")))


async def test_a_person_is_told() -> None:
    """Each part with what it was and is, and whether it was made just now."""
    heavy = Source(content_type="application/pdf", size=700_000, digest="c")
    story = told(await fit([photo("a"), heavy], TERMS, Bench()), "att")
    assert (story["for"], story["budget"], story["bytes"]) == ("att", 600_000, 600_000)
    first, second = story["parts"]
    assert first["was"] == {
        "content_type": "image/jpeg",
        "bytes": 3_000_000,
        "width": 4000,
        "height": 3000,
    }
    assert (first["is"]["bytes"], first["cached"]) == (600_000, True)
    assert (second["action"], second["code"]) == ("drop", 30019)
