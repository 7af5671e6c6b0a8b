"""What becomes of a message's media on a carrier."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from magpie.media.plan import Action, Plan, plan
from magpie.media.profile import Profiles
from magpie.media.recipe import Animation, Facts, Film, Picture, Sound, Strip, name_of
from magpie.media.terms import Part, Terms

PROFILES = Profiles.load()


def terms(profile: str = "standard", **other: Any) -> Terms:
    return Terms(profile=PROFILES.get(profile), **other)


def image(size: int, format_: str = "jpeg", type_: str | None = None, **facts: Any) -> Part:
    told: dict[str, Any] = {"width": 1000, "height": 800} | facts
    return Part(
        content_type=type_ or f"image/{format_}",
        size=size,
        facts=Facts(kind="image", format=format_, **told),
    )


def film(size: int, **facts: Any) -> Part:
    told: dict[str, Any] = {"video": "h264", "audio": "aac", "width": 640, "height": 360} | facts
    told.setdefault("format", "mp4")
    return Part(content_type="video/mp4", size=size, facts=Facts(kind="film", **told))


def other(type_: str, size: int) -> Part:
    return Part(content_type=type_, size=size)


def actions(made: Plan) -> list[str]:
    return [step.action.value for step in made.steps]


@pytest.mark.parametrize(
    ("part", "action", "content_type"),
    [
        (image(50_000), "keep", "image/jpeg"),
        (image(50_000, type_="image/jpg"), "keep", "image/jpeg"),
        (image(50_000, tagged=True), "strip", "image/jpeg"),
        (image(50_000, orientation=6), "convert", "image/jpeg"),
        (image(50_000, profiled=True), "convert", "image/jpeg"),
        (image(900_000), "shrink", "image/jpeg"),
        (image(50_000, width=9000), "shrink", "image/jpeg"),
        (image(50_000, "png", alpha=True), "keep", "image/png"),
        (image(900_000, "png", alpha=True), "shrink", "image/png"),
        (image(900_000, "png"), "convert", "image/jpeg"),
        (image(90_000, "png", profiled=True), "shrink", "image/png"),
        (image(90_000, "png", width=9000), "shrink", "image/png"),
        (image(500_000, "png", profiled=True), "convert", "image/jpeg"),
        (image(900_000, "gif", frames=40), "shrink", "image/gif"),
        (image(50_000, "webp"), "convert", "image/jpeg"),
        (image(50_000, "webp", alpha=True), "convert", "image/png"),
        (image(50_000, "webp", frames=9), "convert", "image/gif"),
        (image(50_000, "heif"), "convert", "image/jpeg"),
        (film(90_000), "keep", "video/mp4"),
        (film(90_000, tagged=True), "strip", "video/mp4"),
        (film(90_000, more=True), "shrink", "video/mp4"),
        (film(90_000, format="3gp", tagged=True), "strip", "video/3gpp"),
        (film(9_000_000), "shrink", "video/mp4"),
        (film(90_000, format="webm", video="vp9", audio="opus"), "convert", "video/mp4"),
        (film(90_000, video="hevc"), "shrink", "video/mp4"),
        (other("text/x-vcard", 300), "keep", "text/vcard"),
        (other("application/pdf", 300_000), "keep", "application/pdf"),
        (other("application/pdf", 700_000), "drop", ""),
        (other("video/h261", 300), "drop", ""),
    ],
)
def test_one_part(part: Part, action: str, content_type: str) -> None:
    """A part alone on a carrier of 600 KB is kept, changed or dropped by what it is."""
    (step,) = plan([part], terms()).steps
    if action in {"convert", "shrink"}:
        assert step.action in {Action.CONVERT, Action.SHRINK}
    else:
        assert step.action == action
    assert step.content_type == content_type
    assert step.why


@pytest.mark.parametrize(
    ("sides", "most"),
    [((3000, 4000), (480, 640)), ((4000, 3000), (640, 480)), ((3000, 3000), (640, 480))],
)
def test_a_picture_may_be_held_either_way(sides: tuple[int, int], most: tuple[int, int]) -> None:
    """One that is higher than wide has as many pixels on an old phone as one that is not."""
    (step,) = plan([image(900_000, width=sides[0], height=sides[1])], terms("video-rich")).steps
    assert isinstance(step.recipe, Picture)
    assert (step.recipe.most_width, step.recipe.most_height) == most


@pytest.mark.parametrize(
    ("sides", "action"),
    [((480, 640), "keep"), ((640, 480), "keep"), ((640, 640), "shrink"), ((500, 640), "shrink")],
)
def test_sides_are_those_of_the_profile(sides: tuple[int, int], action: str) -> None:
    """Neither side may be longer than the phone shows, however it is held."""
    made = plan([image(9_000, width=sides[0], height=sides[1])], terms("video-rich"))
    assert actions(made) == [action]


def test_old_phones_show_baseline_alone() -> None:
    """A progressive JPEG that would fit is made anew for them, and goes as it is elsewhere."""
    part = image(9_000, width=400, height=300, progressive=True)
    (step,) = plan([part], terms("video-rich")).steps
    assert isinstance(step.recipe, Picture)
    assert "baseline" in step.why
    assert actions(plan([part], terms())) == ["keep"]


def test_codes_of_what_is_dropped() -> None:
    """A type that the carrier refuses has another number than a file that is too large."""
    steps = plan([other("video/h261", 9), other("application/pdf", 700_000)], terms()).steps
    assert [step.code for step in steps] == [63021, 30019]


def test_old_phones_get_old_formats() -> None:
    """What can be played there decides what a film, a sound and a transparent picture become."""
    sound = Part(
        content_type="audio/mpeg",
        size=9_000,
        facts=Facts(kind="sound", format="mp3", audio="mp3", seconds=9),
    )
    made = plan([film(90_000), sound, image(9_000, "png", alpha=True)], terms("video-rich"))
    kinds = [type(step.recipe) for step in made.steps]
    assert kinds == [Film, Sound, Picture]
    assert [step.content_type for step in made.steps] == ["video/3gpp", "audio/amr", "image/gif"]


def test_recipes_are_told_by_their_text() -> None:
    """An animation's recipe is named by what it asks for."""
    (step,) = plan([image(900_000, "gif", frames=9)], terms()).steps
    assert isinstance(step.recipe, Animation)
    assert name_of(step.recipe).startswith('{"type":"animation","most_bytes":')
    assert name_of(Strip()) == '{"type":"strip"}'


def recipes(made: Plan) -> list[int]:
    return [getattr(step.recipe, "most_bytes", 0) for step in made.steps]


def test_the_sender_decides_on_the_bytes() -> None:
    """A carrier takes more from a long code than from a toll-free number, a link perhaps less."""
    part = image(4_000_000)
    (local,) = recipes(plan([part], terms("att", sender_kind="local")))
    (free,) = recipes(plan([part], terms("att", sender_kind="toll-free")))
    (link,) = recipes(plan([part], terms("att", sender_kind="local", most_bytes=300_000)))
    assert link < 300_000 < free < 600_000 < local < 1_000_000
    assert link > 297_000


def test_small_parts_keep_their_bytes_and_large_ones_share_the_rest() -> None:
    """Two photographs share what a small one and a card leave them."""
    parts = [image(20_000), image(3_000_000), image(2_000_000), other("text/vcard", 1_000)]
    made = plan(parts, terms("simulator", most_bytes=621_000))
    assert actions(made) == ["keep", "shrink", "shrink", "keep"]
    assert recipes(made) == [0, 300_000, 300_000, 0]


def test_what_one_leaves_goes_to_the_others() -> None:
    """A part that came out smaller than its share makes room."""
    parts = [image(3_000_000), image(2_000_000)]
    made = plan(parts, terms("simulator", most_bytes=600_000), made={0: 100_000})
    assert recipes(made) == [300_000, 500_000]


def test_a_film_has_a_larger_share() -> None:
    """Of a picture and a film the film gets three quarters."""
    made = plan([image(3_000_000), film(9_000_000)], terms("simulator", most_bytes=400_000))
    assert recipes(made) == [100_000, 300_000]


def test_the_text_counts() -> None:
    """The bytes of the body are a part of what the carrier takes."""
    (with_text,) = recipes(
        plan([image(10**6)], terms("simulator", most_bytes=300_000, text_bytes=999))
    )
    assert with_text == 299_001


def test_the_largest_file_goes_first() -> None:
    """Of files that cannot be changed the largest is dropped until the others have room."""
    parts = [other("application/pdf", 400_000), other("text/csv", 150_000), image(900_000)]
    made = plan(parts, terms("simulator", most_bytes=300_000))
    assert actions(made) == ["drop", "keep", "shrink"]
    assert recipes(made)[2] == 150_000


sizes = st.integers(1, 5_000_000)
parts_ = st.lists(
    st.one_of(
        sizes.map(image),
        sizes.map(film),
        st.tuples(st.sampled_from(["image/jpeg", "gif"]), sizes).map(
            lambda t: image(t[1], "gif", frames=5)
        ),
        sizes.map(lambda size: other("application/pdf", size)),
    ),
    max_size=10,
)


@given(parts_, st.integers(1_000, 5_000_000), st.integers(0, 6_400))
def test_no_plan_is_over_the_budget(parts: list[Part], most: int, text: int) -> None:
    """What is kept and what recipes may make is never more than the carrier takes."""
    given_ = terms("standard", most_bytes=most, text_bytes=text)
    made = plan(parts, given_)
    total = sum(
        part.size if step.action is Action.KEEP else getattr(step.recipe, "most_bytes", 0)
        for part, step in zip(parts, made.steps, strict=True)
        if step.action is not Action.DROP
    )
    sent = any(step.action is not Action.DROP for step in made.steps)
    assert not sent or total + text <= min(most, 600_000)


@given(parts_)
def test_a_plan_is_told_the_same_twice(parts: list[Part]) -> None:
    """The same parts and terms give the same plan, so that its results can be used again."""
    assert plan(parts, terms()) == plan(parts, terms())
