"""Photos as iPhones take them, with real pixels: decoded, turned and made JPEGs in the sandbox."""

import io
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import numpy as np
import pillow_heif
import pytest
from PIL import Image
from tests import pictures

from magpie.media.plan import Action, plan
from magpie.media.profile import Profiles
from magpie.media.recipe import Facts, Picture
from magpie.media.sandbox import Sandbox
from magpie.media.terms import Part, Terms
from magpie.media.workshop import Workshop

WIDTH, HEIGHT = 640, 480
JPEG = Picture(format="jpeg", most_bytes=100_000, most_width=320, most_height=320)
PNG = msgspec.structs.replace(JPEG, format="png", most_bytes=300_000)


@pytest.fixture(scope="module")
async def workshop() -> AsyncIterator[Workshop]:
    sandbox = Sandbox()
    yield Workshop(sandbox)
    await sandbox.stop()


def saved(made: Any, **options: object) -> bytes:
    buffer = io.BytesIO()
    made.save(buffer, quality=90, **options)
    return buffer.getvalue()


def heic(image: Image.Image, turn: int = 1) -> bytes:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = turn, "A camera"
    return saved(pillow_heif.from_pillow(image), exif=exif.tobytes())


def deep(image: Image.Image) -> bytes:
    """The same in samples of 10 bits."""
    wide = np.asarray(image).astype("<u2") * 257
    made = pillow_heif.from_bytes("RGB;16", image.size, wide.tobytes())
    return saved(made)


def see_through() -> Image.Image:
    return Image.open(io.BytesIO(pictures.transparent(WIDTH, HEIGHT)))


def likeness(one: Image.Image, other: Image.Image) -> float:
    """Mean difference of the samples, of 255."""
    size = (80, 60) if one.width > one.height else (60, 80)
    pair = [np.asarray(each.convert("RGB").resize(size), dtype=float) for each in (one, other)]
    return float(np.abs(pair[0] - pair[1]).mean())


async def made_of(workshop: Workshop, content: bytes, recipe: Picture = JPEG) -> Image.Image:
    made, result, _ = await workshop.make(content, recipe)
    image = Image.open(io.BytesIO(result))
    assert (made.width, made.height) == image.size
    assert len(result) <= recipe.most_bytes
    return image


async def facts_of(workshop: Workshop, content: bytes) -> Facts:
    return (await workshop.probe("image/heic", content, verify=True))[0]


async def test_a_photo_becomes_a_jpeg(workshop: Workshop) -> None:
    """The same picture, smaller, without a word of the camera."""
    scene = pictures.scene(WIDTH, HEIGHT)
    content = heic(scene)
    facts = await facts_of(workshop, content)
    assert (facts.format, facts.width, facts.height) == ("heif", WIDTH, HEIGHT)
    assert facts.tagged
    image = await made_of(workshop, content)
    assert (image.format, image.size) == ("JPEG", (320, 240))
    assert likeness(image, scene) < 4
    assert len(image.getexif()) == 0


@pytest.mark.parametrize(
    ("turn", "how"),
    [
        (3, Image.Transpose.ROTATE_180),
        (6, Image.Transpose.ROTATE_270),
        (8, Image.Transpose.ROTATE_90),
    ],
)
async def test_it_stands_upright(workshop: Workshop, turn: int, how: Image.Transpose) -> None:
    """A photo that was taken with the phone on its side is turned once, and only once."""
    scene = pictures.scene(WIDTH, HEIGHT)
    upright = scene.transpose(how)
    content = heic(scene, turn)
    facts = await facts_of(workshop, content)
    assert (facts.width, facts.height) == upright.size
    image = await made_of(workshop, content)
    assert (image.width > image.height) == (upright.width > upright.height)
    assert likeness(image, upright) < 4


async def test_ten_bits_become_eight(workshop: Workshop) -> None:
    """Neither too dark nor too light."""
    scene = pictures.scene(WIDTH, HEIGHT)
    content = deep(scene)
    assert not (await facts_of(workshop, content)).alpha
    assert likeness(await made_of(workshop, content), scene) < 4


async def test_what_is_see_through_is_told(workshop: Workshop) -> None:
    """Alpha is kept in a PNG, and lies on white in a JPEG."""
    scene = see_through()
    content = heic(scene)
    assert (await facts_of(workshop, content)).alpha
    image = await made_of(workshop, content, PNG)
    assert image.mode in {"RGBA", "P", "PA"}
    alpha = image.convert("RGBA").getchannel("A")
    assert (alpha.getpixel((0, 0)), alpha.getpixel((160, 120))) == (0, 255)
    corner = (await made_of(workshop, content)).convert("RGB").getpixel((1, 1))
    assert isinstance(corner, tuple)
    assert min(corner) > 245


async def test_the_plan_for_a_carrier_asks_for_a_jpeg(workshop: Workshop) -> None:
    """No carrier's phones show HEIC; even a small one is converted."""
    content = heic(pictures.scene(WIDTH, HEIGHT))
    part = Part(
        content_type="image/heic", size=len(content), facts=await facts_of(workshop, content)
    )
    (step,) = plan([part], Terms(profile=Profiles.load().get("att"))).steps
    assert (step.action, step.content_type) == (Action.CONVERT, "image/jpeg")
