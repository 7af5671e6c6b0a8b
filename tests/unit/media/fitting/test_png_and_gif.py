"""Pictures that can be seen through, and those that move, made to fit."""

import io

import pytest
from PIL import Image, ImageDraw
from tests import pictures

from magpie.media.fitting import gif, gif_moving, png
from magpie.media.recipe import Animation, Picture, Unusable

SIDE = 4096


@pytest.mark.parametrize("most", [300_000, 80_000, 9_000])
def test_a_png_stays_transparent(most: int) -> None:
    """It fits, uses its bytes, keeps its shape, and its corners can be seen through."""
    source = pictures.transparent(800, 600)
    recipe = Picture(format="png", most_bytes=most, most_width=SIDE, most_height=SIDE)
    made, content = png.fit(source, recipe)
    assert most * 0.9 <= len(content) <= most or made.width == 800
    image = Image.open(io.BytesIO(content)).convert("RGBA")
    assert image.size == (made.width, made.height)
    assert image.getpixel((0, 0))[3] == 0  # type: ignore[index]
    assert image.getpixel((image.width // 2, image.height // 2))[3] == 255  # type: ignore[index]
    assert image.width / image.height == pytest.approx(4 / 3, rel=0.03)


def test_a_png_that_fits_is_lossless() -> None:
    """Only its sides were asked for: no colour is lost."""
    source = pictures.transparent(120, 90)
    recipe = Picture(format="png", most_bytes=10**6, most_width=SIDE, most_height=SIDE)
    _, content = png.fit(source, recipe)
    before, after = (Image.open(io.BytesIO(c)).convert("RGBA") for c in (source, content))
    assert before.tobytes() == after.tobytes()


def shadow() -> Image.Image:
    """A picture whose colours fade away to nothing, softly."""
    image = pictures.scene(320, 240).convert("RGBA")
    image.putalpha(Image.radial_gradient("L").resize(image.size).point(lambda level: 255 - level))
    return image


def drawing() -> Image.Image:
    """Small letters in a few colours on nothing."""
    image = Image.new("RGBA", (900, 600))
    draw = ImageDraw.Draw(image)
    for n in range(1_500):
        x, y = n * 173 % 880, n * 59 % 590
        draw.text((x, y), chr(65 + n % 26), fill=(n % 5 * 60, 40, 200 - n % 3 * 80, 255))
    return image


@pytest.mark.parametrize(("image", "mode"), [(shadow(), "RGBA"), (drawing(), "P")])
def test_what_would_be_seen_less_is_given_up(image: Image.Image, mode: str) -> None:
    """A soft shadow becomes smaller instead of rings, letters become fewer colours, not mush."""
    buffer = io.BytesIO()
    image.save(buffer, "png")
    most = len(buffer.getvalue()) * 5 // 8
    recipe = Picture(format="png", most_bytes=most, most_width=SIDE, most_height=SIDE)
    made, content = png.fit(buffer.getvalue(), recipe)
    assert Image.open(io.BytesIO(content)).mode == mode
    assert len(content) <= most
    assert len(content) >= most * 0.9 or made.width == image.width


def test_a_gif_keeps_what_can_be_seen_through() -> None:
    """For phones that know no PNG."""
    recipe = Picture(format="gif", most_bytes=40_000, most_width=640, most_height=480)
    made, content = gif.fit(pictures.transparent(800, 600), recipe)
    image = Image.open(io.BytesIO(content)).convert("RGBA")
    assert len(content) <= 40_000
    assert max(made.width, made.height) <= 640
    assert image.getpixel((0, 0))[3] == 0  # type: ignore[index]


@pytest.mark.parametrize("most", [200_000, 90_000, 30_000])
def test_an_animation_keeps_its_time(most: int) -> None:
    """However few frames are left, it takes as long as before and goes round as often."""
    source = pictures.animation(240, 180, 16)
    recipe = Animation(most_bytes=most, most_width=SIDE, most_height=SIDE)
    made, content = gif_moving.fit(source, recipe)
    assert most * 0.85 <= len(content) <= most
    image = Image.open(io.BytesIO(content))
    times = []
    for n in range(getattr(image, "n_frames", 1)):
        image.seek(n)
        times.append(image.info["duration"])
    assert sum(times) == 16 * 70
    assert len(times) == made.frames > 3
    assert image.info["loop"] == 0


def test_frames_are_thinned_last() -> None:
    """Smaller and with fewer colours first: at a third of the bytes all frames are there."""
    source = pictures.animation(240, 180, 16)
    recipe = Animation(most_bytes=len(source) // 3, most_width=SIDE, most_height=SIDE)
    made, _ = gif_moving.fit(source, recipe)
    assert made.frames == 16
    assert made.width < 240


def test_an_animation_that_never_fits() -> None:
    """A few bytes hold no animation."""
    recipe = Animation(most_bytes=900, most_width=SIDE, most_height=SIDE)
    with pytest.raises(Unusable, match="30019"):
        gif_moving.fit(pictures.animation(240, 180, 16), recipe)


def test_a_webp_that_moves_becomes_a_gif() -> None:
    """Its frames, times and transparent pixels come along."""
    frames = [Image.new("RGBA", (60, 40), (n * 40, 0, 0, 0 if n % 2 else 255)) for n in range(5)]
    buffer = io.BytesIO()
    frames[0].save(buffer, "webp", save_all=True, append_images=frames[1:], duration=120)
    recipe = Animation(most_bytes=50_000, most_width=SIDE, most_height=SIDE)
    made, content = gif_moving.fit(buffer.getvalue(), recipe)
    image = Image.open(io.BytesIO(content))
    assert (made.frames, getattr(image, "n_frames", 1)) == (5, 5)
    image.seek(1)
    assert image.convert("RGBA").getpixel((5, 5))[3] == 0  # type: ignore[index]
