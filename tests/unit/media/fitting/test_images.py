"""What a picture is, told by its header or by all of it; and bytes that are none."""

import struct
import zlib
from functools import cache
from io import BytesIO

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms
from tests import pictures
from tests.vectors import raw, stills
from tests.vectors.vector import FINE

from magpie.media.fitting import images
from magpie.media.fitting.work import work
from magpie.media.recipe import (
    BROKEN,
    EXCESSIVE,
    NEVER_FITS,
    Animation,
    Facts,
    Made,
    Picture,
    Probe,
    Strip,
    Unusable,
    encode,
)

SMALL = pictures.scene(60, 40)
CLEAR = Image.new("RGBA", (60, 40), (9, 9, 9, 100))
LAB = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
PLAIN = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def saved(kind: str, image: Image.Image = SMALL, **options: object) -> bytes:
    return pictures.encoded(image, kind, **options)


def moving(kind: str, **options: object) -> bytes:
    more = [SMALL.rotate(90), SMALL.rotate(180)]
    return pictures.encoded(SMALL, kind, save_all=True, append_images=more, **options)


def facts(**told: object) -> Facts:
    return msgspec.convert({"kind": "image", "width": 60, "height": 40} | told, Facts)


SIXTEEN = Image.new("I;16", (60, 40), 40_000)
KINDS = {
    "jpeg": (saved("jpeg"), facts(format="jpeg")),
    "progressive jpeg": (
        saved("jpeg", progressive=True),
        facts(format="jpeg", progressive=True),
    ),
    "two pictures in a jpeg": (moving("mpo"), facts(format="jpeg", tagged=True)),
    "ink": (saved("jpeg", SMALL.convert("CMYK")), facts(format="jpeg", profiled=True)),
    "sRGB profile": (saved("jpeg", icc_profile=PLAIN), facts(format="jpeg")),
    "other profile": (saved("jpeg", icc_profile=LAB), facts(format="jpeg", profiled=True)),
    "png": (saved("png"), facts(format="png")),
    "opaque alpha": (saved("png", SMALL.convert("RGBA")), facts(format="png")),
    "alpha": (saved("png", CLEAR), facts(format="png", alpha=True)),
    "sixteen bits": (saved("png", SIXTEEN), facts(format="png", profiled=True)),
    "moving png": (moving("png"), facts(format="png", frames=3)),
    "gif": (saved("gif"), facts(format="gif")),
    "moving gif": (moving("gif"), facts(format="gif", frames=3)),
    "webp": (saved("webp"), facts(format="webp")),
    "clear webp": (saved("webp", CLEAR), facts(format="webp", alpha=True)),
    "moving webp": (moving("webp"), facts(format="webp", frames=3)),
    "avif": (saved("avif"), facts(format="avif")),
    "tiff": (saved("tiff"), facts(format="tiff")),
    "packed tiff": (saved("tiff", compression="tiff_lzw"), facts(format="tiff")),
    "pages": (moving("tiff", compression="tiff_deflate"), facts(format="tiff")),
    "bmp": (saved("bmp"), facts(format="bmp")),
}


@pytest.mark.parametrize(("content", "expected"), KINDS.values(), ids=KINDS)
def test_what_a_picture_is(content: bytes, expected: Facts) -> None:
    """Format, sides, frames, transparency, colours and metadata, as a planner needs them."""
    assert images.probe(content, verify=True) == expected
    header = images.probe(content, verify=False)
    assert msgspec.structs.replace(header, alpha=expected.alpha) == expected


def test_through_the_door() -> None:
    """A task and an answer are JSON; the file and the result are bytes."""
    answer, nothing = work(encode(Probe(content_type="image/png")), memoryview(saved("png")))
    assert (msgspec.json.decode(answer, type=Facts), nothing) == (facts(format="png"), b"")
    answer, result = work(encode(Strip()), saved("png") + b"tail")
    assert msgspec.json.decode(answer, type=Made).content_type == "image/png"
    assert result == saved("png")


@cache
def bombs() -> dict[str, bytes]:
    exif = b"MM\0*\0\0\0\x08\0\1\x87\x69\0\4\0\0\0\1\0\0\0\x08" + bytes(4)
    noise = saved("jpeg", exif=b"Exif\0\0" + exif)
    scans = saved("jpeg", progressive=True)
    at = scans.rindex(b"\xff\xda")
    flood = scans[:at] + scans[at:-2] * 10_000 + b"\xff\xd9"
    chunk = raw.chunk
    acts = b"".join(
        chunk(b"fcTL", struct.pack(">IIIIIHHBB", n, 8, 8, 0, 0, 1, 10, 0, 0)) for n in range(600)
    )
    return {one.name: one.make() for one in stills.VECTORS if FINE not in one.codes} | {
        "a loop in EXIF": noise,
        "ten thousand scans": flood,
        "fifty million pixels": raw.png(10_000, 5_000),
        "frames that are not there": raw.png(
            8, 8, chunk(b"acTL", struct.pack(">II", 500, 0)), acts
        ),
        "frames outside": b"GIF89a\x01\0\x01\0\0\0\0," + b"\xff" * 8 + b"\0\2\1\0\0;",
        "far side": raw.png(40_000, 2),
        "side of a tiff": saved("tiff").replace(struct.pack("<HHII", 256, 4, 1, 60), b"\0" * 12),
        "nothing": b"",
        "a profile without letters": saved("jpeg", icc_profile=LAB.replace(b"Lab ", b"\xffab ")),
        "a table of another number": saved("jpeg").replace(b"\0\x43\0", b"\0\x43\2"),
        "a frame of a day": saved("png").replace(
            raw.chunk(b"IEND", b""),
            chunk(b"fcTL", struct.pack(">IIIIIHHBB", 0, 60, 40, 0, 0, 65_535, 1, 0, 0)),
        )
        + raw.chunk(b"IEND", b""),
        "palette of a bmp": b"BM" + struct.pack("<IHHI", 54, 0, 0, 54)
        + struct.pack("<IiiHHIIiiII", 40, 9, 9, 1, 8, 0, 0, 0, 0, 2**32 - 1, 0),
        "tail of zeros": zlib.compress(bytes(10**6)),
    }  # fmt: skip


RECIPES = (
    Strip(),
    Picture(format="jpeg", most_bytes=20_000, most_width=640, most_height=480),
    Picture(format="png", most_bytes=20_000, most_width=640, most_height=480),
    Picture(format="gif", most_bytes=20_000, most_width=640, most_height=480),
    Animation(most_bytes=20_000, most_width=640, most_height=480),
)


def bears(content: bytes) -> set[int]:
    """Do everything that can be done to a file, and give the codes of the refusals."""
    codes = set()
    for verify in (False, True):
        try:
            images.probe(content, verify=verify)
        except Unusable as refused:
            codes.add(refused.code)
    for recipe in RECIPES:
        try:
            _, result = images.fit(content, recipe)
        except Unusable as refused:
            codes.add(refused.code)
        else:
            if recipe != Strip():  # which looks at no pixel
                Image.open(BytesIO(result)).load()
    return codes


@pytest.mark.parametrize("content", bombs().values(), ids=bombs())
def test_a_bomb_is_refused_or_worked_on(content: bytes) -> None:
    """It ends in one of three numbers or in a good picture, never in an error of a library."""
    assert bears(content) <= {BROKEN, EXCESSIVE, NEVER_FITS}


@pytest.mark.parametrize(
    "name",
    [
        "pixel flood",
        "larger pixel flood",
        "jpeg of 65535",
        "gif screen",
        "gif of 100000 frames",
        "gif of large frames",
        "webp canvas",
        "ten thousand scans",
        "fifty million pixels",
        "frames outside",
        "far side",
        "bmp",
    ],
)
def test_too_much_is_told_before_it_is_decoded(name: str) -> None:
    """Whatever is asked, the header alone is enough to refuse it."""
    assert bears(bombs()[name]) == {EXCESSIVE}


@pytest.mark.parametrize("recipe", RECIPES[1:])
def test_no_word_comes_along(recipe: Picture | Animation) -> None:
    """Comments and times of a file do not reach what is made of it."""
    for content in (
        saved("gif", comment=b"51.5007,-0.1246"),
        saved("jpeg", comment=b"51.5007,-0.1246", icc_profile=LAB),
    ):
        _, result = images.fit(content, recipe)
        assert b"51.5" not in result
        assert "icc_profile" not in Image.open(BytesIO(result)).info


@pytest.mark.parametrize("name", ["jpeg", "png", "moving png", "gif", "moving gif", "webp", "avif"])
def test_a_cut_off_file_is_told_by_all_of_it(name: str) -> None:
    """At 64 places; only what a decoder does not need may be missing."""
    content = KINDS[name][0]
    for number in range(64):
        cut = content[: len(content) * number // 64]
        with pytest.raises(Unusable) as refused:
            images.probe(cut, verify=True)
        assert refused.value.code == BROKEN


@settings(max_examples=60, deadline=None)
@given(
    name=st.sampled_from(sorted(KINDS)),
    places=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1),
)
def test_damage_is_never_another_error(name: str, places: list[tuple[float, int]]) -> None:
    """Bytes changed anywhere give a picture or a number."""
    content = bytearray(KINDS[name][0])
    for place, value in places:
        content[int(place * len(content))] = value
    assert bears(bytes(content)) <= {BROKEN, EXCESSIVE, NEVER_FITS}
