"""Films made to fit: format, sides, length and bytes."""

import io
from typing import cast

import av
import pytest
from av.video.frame import VideoFrame
from PIL import Image
from tests.unit.media.fitting import av_clips as clips

from magpie.media.fitting import films
from magpie.media.recipe import BROKEN, NEVER_FITS, Film, FilmFormat, Unusable


def recipe(most: int, form: FilmFormat = "mp4", width: int = 1280, height: int = 1280) -> Film:
    return Film(format=form, most_bytes=most, most_width=width, most_height=height)


def boxes(content: bytes) -> list[bytes]:
    """Names of the outermost boxes of an MP4."""
    names, at = [], 0
    while at + 8 <= len(content):
        names.append(content[at + 4 : at + 8])
        at += int.from_bytes(content[at : at + 4], "big")
    return names


def shot(frame: VideoFrame) -> Image.Image:
    return cast("Image.Image", frame.to_image())  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("most", [150_000, 80_000, 40_000])
def test_a_film_uses_the_bytes_it_has(most: int) -> None:
    """Nine tenths of the budget at least, never more than all of it, and the length is kept."""
    made, content = films.fit(clips.film(3, grain=45), recipe(most))
    facts = films.probe(content)
    assert 0.9 * most <= len(content) <= most
    assert made.content_type == "video/mp4"
    assert (facts.video, facts.audio) == ("h264", "aac")
    assert (facts.width, facts.height) == (made.width, made.height)
    assert facts.seconds == pytest.approx(3, abs=0.1)


def test_a_film_that_is_good_enough_leaves_bytes_over() -> None:
    """At full size and the best quality that is worth while, the rest of the budget stays."""
    made, content = films.fit(clips.film(1, grain=0), recipe(1_000_000))
    assert (made.width, made.height, made.quality) == (320, 240, 18)
    assert len(content) < 900_000


def test_it_is_a_film_for_any_phone() -> None:
    """Baseline without B pictures, the index in front, and not a word of where it was made."""
    _, content = films.fit(clips.film(1, title="at home"), recipe(60_000))
    assert boxes(content)[:2] == [b"ftyp", b"moov"]
    assert b"home" not in content
    assert b"+48" not in content
    with av.open(io.BytesIO(content), "r", format="mov") as opened:
        context = opened.streams.video[0].codec_context
        assert context.profile in {"Baseline", "Constrained Baseline"}
        assert context.level <= 31
        assert context.pix_fmt == "yuv420p"
        stamps = [packet.pts for packet in opened.demux(video=0) if packet.size]
        assert stamps == sorted(stamps, key=lambda stamp: stamp or 0)


def test_the_sides_asked_for_are_kept_to() -> None:
    """The shape stays, no side is longer than asked for, and both are even."""
    made, _ = films.fit(clips.film(0.5, size=(640, 360)), recipe(500_000, width=202, height=300))
    assert (made.width, made.height) == (202, 114)


def test_a_film_held_upright_stands_upright() -> None:
    """The display matrix becomes pixels."""
    made, content = films.fit(clips.film(0.5, turned=-90), recipe(200_000))
    facts = films.probe(content)
    assert (made.width, made.height) == (240, 320)
    assert (facts.width, facts.height, facts.orientation) == (240, 320, 1)


@pytest.mark.parametrize("turned", [-90, 90, 180])
def test_a_turned_film_shows_the_same_picture(turned: int) -> None:
    """What stood at the top of the shown film still does: a mark is found at the same place."""
    source = clips.film(0.3, turned=turned, grain=0)
    _, content = films.fit(source, recipe(200_000))
    with av.open(io.BytesIO(source), "r", format="mov") as opened:
        first = shot(next(opened.decode(video=0))).rotate(turned, expand=True)
    with av.open(io.BytesIO(content), "r", format="mov") as opened:
        shown = shot(next(opened.decode(video=0)))
    assert first.size == shown.size
    points = [(20, 20), (shown.width - 20, 20), (20, shown.height - 20)]
    for point in points:
        assert shown.getpixel(point) == pytest.approx(first.getpixel(point), abs=24)


@pytest.mark.parametrize(("most", "sides"), [(120_000, (352, 288)), (40_000, (176, 144))])
def test_an_old_phone_gets_its_own_sizes(most: int, sides: tuple[int, int]) -> None:
    """H.263 has five sizes, of which phones know two; the picture stands in black there."""
    made, content = films.fit(clips.film(3, grain=3), recipe(most, "3gp", 352, 288))
    facts = films.probe(content)
    assert len(content) <= most
    assert made.content_type == "video/3gpp"
    assert (made.width, made.height) == sides
    assert (facts.format, facts.video, facts.audio) == ("3gp", "h263", "amrnb")
    assert facts.seconds == pytest.approx(3, abs=0.15)


@pytest.mark.parametrize("form", ["mp4", "3gp"])
def test_a_silent_film_stays_silent(form: FilmFormat) -> None:
    """A film without sound is fitted without one."""
    _, content = films.fit(clips.film(1, sound=False), recipe(60_000, form))
    assert films.probe(content).audio == ""


def test_a_film_of_sound_alone_is_sound_alone() -> None:
    """When there are no pictures, the sound is the film."""
    made, content = films.fit(clips.sound(2), recipe(60_000))
    assert (made.width, films.probe(content).kind) == (0, "sound")


def test_the_last_picture_stands_until_the_end() -> None:
    """One picture with a sound of three seconds is a film of three seconds."""
    source = clips.film(3, only=1, container="webm", video="libvpx", audio="libopus")
    _, content = films.fit(source, recipe(200_000))
    assert films.probe(content).seconds == pytest.approx(3, abs=0.1)


@pytest.mark.parametrize(
    ("container", "video", "audio"),
    [
        ("webm", "libvpx", "libopus"),
        ("mov", "mpeg4", "pcm_s16le"),
        ("3gp", "h263", "libopencore_amrnb"),
        ("mpegts", "mpeg2video", "mp2"),
    ],
)
def test_films_of_other_makes_become_mp4(container: str, video: str, audio: str) -> None:
    """Browsers', cameras' and old phones' films are all made into one kind."""
    source = clips.film(1, size=(176, 144), rate=25, container=container, video=video, audio=audio)
    _, content = films.fit(source, recipe(60_000))
    facts = films.probe(content)
    assert (facts.format, facts.video, facts.audio) == ("mp4", "h264", "aac")
    assert facts.seconds == pytest.approx(1, abs=0.25)


def test_sixty_pictures_a_second_become_thirty() -> None:
    """More than a phone shows is left out, evenly."""
    _, content = films.fit(clips.film(1, rate=60), recipe(500_000))
    assert films.probe(content).frames == pytest.approx(30, abs=1)


def test_sound_that_comes_late_stays_late() -> None:
    """The sound begins with the picture it belongs to."""
    source = clips.film(2, rate=10, sound_after=1.0)
    _, content = films.fit(source, recipe(100_000))
    with av.open(io.BytesIO(content), "r", format="mov") as opened:
        first = next(opened.decode(audio=0))
        assert first.time == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize("form", ["mp4", "3gp"])
def test_what_never_fits_is_told(form: FilmFormat) -> None:
    """So few bytes that not even the smallest film of this length is possible."""
    with pytest.raises(Unusable) as refused:
        films.fit(clips.film(3, grain=60), recipe(5_000, form))
    assert refused.value.code == NEVER_FITS


def test_a_cover_is_no_film() -> None:
    """A picture is not taken for a film of one frame."""
    with pytest.raises(Unusable) as refused:
        films.fit(b"\xff\xd8\xff\xe0" + bytes(100), recipe(60_000))
    assert refused.value.code == BROKEN


def test_the_same_film_is_made_twice() -> None:
    """The same recipe on the same bytes gives the same bytes."""
    source = clips.film(0.5)
    assert films.fit(source, recipe(30_000)) == films.fit(source, recipe(30_000))
