import zlib
from io import BytesIO

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from magpie.media.fitting import still
from magpie.media.fitting.strip import strip, tagged
from magpie.media.recipe import Unusable

GRADIENT = Image.merge(
    "RGB", (Image.linear_gradient("L"), Image.radial_gradient("L"), Image.linear_gradient("L"))
)
FRAMES = [GRADIENT.quantize(16), GRADIENT.rotate(90).quantize(16)]
PRIVATE = b"51.5007,-0.1246"


def exif(turn: int, *, place: bool) -> bytes:
    entries = Image.Exif()
    if turn > 1:
        entries[still.ORIENTATION] = turn
    if place:
        entries[0x010E] = PRIVATE.decode()
    return entries.tobytes()


def saved(kind: str, image: Image.Image = GRADIENT, **options: object) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def foreign_profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()


def texts() -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", PRIVATE.decode())
    info.add_itxt("XML:com.adobe.xmp", f"<x>{PRIVATE.decode()}</x>", zip=True)
    return info


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def is_tagged(content: bytes) -> bool:
    return tagged(content, opened(content).info)


TAGGED = {
    "a place in EXIF": saved("JPEG", exif=exif(1, place=True)),
    "a place and a turn": saved("JPEG", exif=exif(6, place=True)),
    "a comment": saved("JPEG", comment=PRIVATE),
    "XMP": saved("JPEG", xmp=PRIVATE),
    "a tail": saved("JPEG") + PRIVATE,
    "progressive": saved("JPEG", progressive=True, comment=PRIVATE),
    "restarts": saved("JPEG", restart_marker_blocks=3, comment=PRIVATE),
    "ink": saved("JPEG", GRADIENT.convert("CMYK"), comment=PRIVATE),
    "grey": saved("JPEG", GRADIENT.convert("L"), comment=PRIVATE),
    "a PNG's texts": saved("PNG", pnginfo=texts()),
    "a PNG's EXIF": saved("PNG", exif=exif(3, place=True)),
    "a PNG's tail": saved("PNG") + PRIVATE,
    "a palette": saved("PNG", GRADIENT.quantize(16), transparency=3, pnginfo=texts()),
    "frames": saved(
        "PNG", save_all=True, append_images=[GRADIENT.rotate(90)], duration=70, pnginfo=texts()
    ),
    "a GIF's comment": saved("GIF", FRAMES[0], comment=PRIVATE),
    "a GIF's tail": saved("GIF", FRAMES[0]) + PRIVATE,
    "a GIF's frames": saved(
        "GIF", FRAMES[0], save_all=True, append_images=FRAMES[1:], comment=PRIVATE, loop=0
    ),
}


@pytest.mark.parametrize("content", TAGGED.values(), ids=TAGGED)
def test_nothing_private_is_left_and_every_pixel_is(content: bytes) -> None:
    """Stripping takes the words and the place out and changes no pixel, no turn and no mode."""
    result = strip(content)
    before, after = opened(content), opened(result)
    assert is_tagged(content)
    assert not is_tagged(result)
    assert PRIVATE not in result
    assert (after.mode, after.size, after.tobytes()) == (before.mode, before.size, before.tobytes())
    assert still.orientation_of(after) == still.orientation_of(before)
    assert strip(result) == result


@pytest.mark.parametrize("name", ["frames", "a GIF's frames"])
def test_frames_stay(name: str) -> None:
    """A moving picture moves on after its texts are gone, and as often."""
    before, after = opened(TAGGED[name]), opened(strip(TAGGED[name]))
    assert before.n_frames == after.n_frames == 2  # type: ignore[attr-defined]
    assert after.info.get("loop") == before.info.get("loop")


def test_only_colours_that_need_a_profile_keep_it() -> None:
    """An sRGB profile says nothing new; another one does."""
    plain = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert "icc_profile" not in opened(strip(saved("JPEG", icc_profile=plain))).info
    other = foreign_profile()
    assert opened(strip(saved("JPEG", icc_profile=other))).info["icc_profile"] == other


def test_an_untagged_picture_is_told_so() -> None:
    """A turn alone is nobody's secret."""
    assert not is_tagged(saved("JPEG"))
    assert not is_tagged(saved("JPEG", exif=exif(8, place=False)))
    assert not is_tagged(saved("PNG"))
    assert not is_tagged(saved("GIF"))
    assert is_tagged(saved("GIF", comment=PRIVATE))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF"])
def test_a_file_that_is_cut_off_is_refused(kind: str) -> None:
    """Wherever a file is cut, it is told, and never by another error."""
    content = saved(kind)
    for number in range(64):
        with pytest.raises(Unusable):
            strip(content[: len(content) * number // 64])


def test_a_wrong_checksum_is_told() -> None:
    """A PNG whose pixels do not agree with their sum is broken."""
    content = bytearray(saved("PNG"))
    content[content.index(b"IDAT") + 9] ^= 1
    with pytest.raises(Unusable, match="checksum"):
        strip(bytes(content))


def test_what_is_neither_is_refused() -> None:
    """Only JPEG, PNG and GIF are taken apart."""
    with pytest.raises(Unusable):
        strip(saved("WEBP"))
    with pytest.raises(Unusable):
        strip(zlib.compress(b"text"))
