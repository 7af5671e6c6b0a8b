"""Photos made to fit: the bytes are kept, used, and spent well."""

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageCms, ImageStat
from tests import pictures

from magpie.media.fitting import images, jpeg, still
from magpie.media.recipe import NEVER_FITS, Made, Picture, PictureFormat, Unusable

SIDE = 4096
GROUND = {"jpeg": "JPEG", "png": "PNG", "gif": "GIF"}


def asked(most: int, side: int = SIDE, kind: PictureFormat = "jpeg") -> Picture:
    return Picture(format=kind, most_bytes=most, most_width=side, most_height=side)


def fitted(content: bytes, recipe: Picture) -> tuple[Made, Image.Image, bytes]:
    made, result = jpeg.fit(content, recipe)
    image = Image.open(BytesIO(result))
    assert image.format == "JPEG"
    assert image.size == (made.width, made.height)
    assert len(result) <= recipe.most_bytes
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    return made, image.convert("RGB"), result


def loss(one: Image.Image, other: Image.Image) -> float:
    """Mean difference of levels at the size of the first."""
    scaled = other.resize(one.size, Image.Resampling.BICUBIC)
    return sum(ImageStat.Stat(ImageChops.difference(one, scaled)).mean) / 3


def naive(image: Image.Image, most: int) -> Image.Image:
    """The largest of quality 85 that fits."""
    for percent in range(100, 4, -2):
        out = BytesIO()
        size = still.scaled(image.size, percent / 100)
        image.resize(size, Image.Resampling.LANCZOS).save(out, "JPEG", quality=85)
        if len(out.getvalue()) <= most:
            return Image.open(out)
    raise AssertionError


@pytest.mark.parametrize("most", [150_000, 60_000, 25_000, 6_000])
def test_a_photo_uses_its_bytes_and_looks_better_than_the_usual_way(most: int) -> None:
    """At the same bytes there is less loss than by resizing until quality 85 fits."""
    content = pictures.photo(1200, 900)
    made, image, result = fitted(content, asked(most))
    assert len(result) >= most * 0.9
    assert made.width / made.height == pytest.approx(4 / 3, rel=0.02)
    source = Image.open(BytesIO(content)).convert("RGB")
    assert loss(source, image) <= loss(source, naive(source, most)) * 1.01


def test_a_photo_that_has_room_keeps_its_size() -> None:
    """Where bytes are plenty, nothing is made smaller, nor larger."""
    made, _, _ = fitted(pictures.photo(400, 300), asked(10**6))
    assert (made.width, made.height) == (400, 300)
    assert made.quality is not None
    assert made.quality >= 92


@pytest.mark.parametrize("turn", range(1, 9))
def test_a_turned_photo_is_put_upright(turn: int) -> None:
    """Each of the eight turns of EXIF shows the same picture, within the sides of a screen."""
    upright = pictures.scene(320, 200)
    lying = upright if turn == 1 else upright.transpose(INVERSE[turn])
    exif = Image.Exif()
    exif[still.ORIENTATION] = turn
    content = pictures.encoded(lying, "jpeg", quality=95, exif=exif.tobytes())
    facts = images.probe(content, verify=True)
    assert (facts.width, facts.height, facts.orientation) == (320, 200, turn)
    recipe = Picture(format="jpeg", most_bytes=90_000, most_width=160, most_height=4096)
    made, image, _ = fitted(content, recipe)
    assert (made.width, made.height) == (160, 100)
    assert loss(image, upright) < 12


INVERSE = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16", "I", "F", "LAB"])
def test_every_kind_of_pixel_becomes_a_jpeg(mode: str) -> None:
    """Ink, palettes, sixteen bits, floating point and transparency come out in plain colours."""
    grey = mode in {"1", "L", "LA", "I;16", "I", "F"}
    source = Image.linear_gradient("L").resize((96, 64))
    image = source if grey else Image.merge("RGB", (source, source, source))
    if mode == "LAB":
        lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
        turned = ImageCms.profileToProfile(image, srgb, lab, outputMode="LAB")
        assert turned is not None
        image = turned
    elif mode == "I;16":
        image = image.convert("I").point(lambda v: v * 257 + 0).convert("I;16")
    else:
        image = image.convert(mode)
    content = pictures.encoded(image, "tiff")
    _, result, _ = fitted(content, asked(50_000))
    assert loss(result, source.convert("RGB")) < (90 if mode in {"1", "P"} else 6)


def test_what_can_be_seen_through_lies_on_white() -> None:
    """A JPEG has no holes: they are paper."""
    clear = Image.new("RGBA", (64, 64), (200, 0, 0, 0))
    _, image, _ = fitted(pictures.encoded(clear, "png"), asked(50_000))
    assert image.getpixel((30, 30)) == (255, 255, 255)


def test_a_broken_profile_is_ignored() -> None:
    """Colours stay as they are where nobody knows what they were to be."""
    content = pictures.encoded(pictures.scene(64, 48), "jpeg", icc_profile=b"nonsense" * 40)
    assert not images.probe(content, verify=True).profiled
    _, image, _ = fitted(content, asked(50_000))
    assert loss(Image.open(BytesIO(content)).convert("RGB"), image) < 6


def test_a_progressive_one_is_made_where_it_is_asked_for() -> None:
    """Some carriers take it, and it is smaller."""
    recipe = Picture(
        format="jpeg", most_bytes=60_000, most_width=600, most_height=600, progressive=True
    )
    _, result = jpeg.fit(pictures.photo(900, 600), recipe)
    assert Image.open(BytesIO(result)).info["progressive"]
    assert len(result) <= 60_000


def test_nothing_fits_a_hundred_bytes() -> None:
    """Even the smallest picture has tables."""
    with pytest.raises(Unusable) as refused:
        jpeg.fit(pictures.photo(400, 300), asked(100))
    assert refused.value.code == NEVER_FITS


@settings(max_examples=30, deadline=None)
@given(
    width=st.integers(1, 400),
    height=st.integers(1, 400),
    most=st.integers(700, 60_000),
    side=st.integers(1, 500),
    kind=st.sampled_from(("jpeg", "png", "gif")),
    source=st.sampled_from(("jpeg", "png")),
)
def test_the_bytes_and_the_sides_are_never_exceeded(
    width: int, height: int, most: int, side: int, kind: PictureFormat, source: str
) -> None:
    """Whatever the shape, a result is within what was asked for, or is refused as never fitting."""
    content = pictures.encoded(SCENE.crop((0, 0, width, height)), source)
    found = made_of(content, asked(most, side, kind))
    if found is None:
        return
    made, result = found
    image = Image.open(BytesIO(result))
    image.load()
    assert len(result) <= most
    assert image.format == GROUND[kind]
    assert image.size == (made.width, made.height)
    assert made.width <= min(width, side)
    assert made.height <= min(height, side)


def made_of(content: bytes, recipe: Picture) -> tuple[Made, bytes] | None:
    try:
        return images.fit(content, recipe)
    except Unusable as refused:
        if refused.code != NEVER_FITS:
            raise
        return None


SCENE = pictures.scene(400, 400)
