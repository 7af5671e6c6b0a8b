"""Colours brought to sRGB, which is what phones take unmarked pictures to be."""

import re
from io import BytesIO
from typing import Final, NamedTuple

from PIL import Image, ImageCms

_SRGB: Final = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
_LAB: Final = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
# c2 is the tiny sRGB profile that some sites put into every upload.
_NAMES: Final = re.compile(r"^(?:.*(?<!e-)(?<!sc)srgb|c2$|urgb$)", re.IGNORECASE)
_WHITES: Final = (255.0, 65535.0)
_SPACES: Final = {"RGB": "RGB ", "CMYK": "CMYK", "L": "GRAY", "LAB": "Lab "}


class _Profile(NamedTuple):
    whole: ImageCms.ImageCmsProfile
    plain: bool
    """Whether it describes sRGB."""
    space: str


def foreign(profile: bytes | None) -> bool:
    """Whether a profile can be read and is not sRGB."""
    read = _read(profile)
    return read is not None and not read.plain


def to_srgb(image: Image.Image) -> Image.Image:
    """Give RGB or L; pixels must be opaque. A profile that does not fit the pixels is ignored."""
    image = _eight_bits(image)
    source = _source(image)
    if source is None:
        return image if image.mode in {"L", "RGB"} else image.convert("RGB")
    try:
        turned = ImageCms.profileToProfile(
            image,
            source,
            _SRGB,
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            outputMode="RGB",
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except ImageCms.PyCMSError:
        turned = None
    return turned or image.convert("RGB")


def _source(image: Image.Image) -> ImageCms.ImageCmsProfile | None:
    if image.mode == "LAB":
        return _LAB
    read = _read(image.info.get("icc_profile"))
    if read is None or read.plain or read.space != _SPACES.get(image.mode):
        return None
    return read.whole


def _read(profile: bytes | None) -> _Profile | None:
    if not profile:
        return None
    try:
        whole = ImageCms.ImageCmsProfile(BytesIO(profile))
        described = whole.profile.profile_description or ""
        return _Profile(whole, _NAMES.match(described) is not None, whole.profile.xcolor_space)
    except (OSError, ValueError, TypeError):  # also texts in which there are no letters
        return None


def _eight_bits(image: Image.Image) -> Image.Image:
    """Modes of more bits are brought to 8: Pillow would clip them."""
    if image.mode.startswith("I;16"):
        image = image.convert("I")
    elif image.mode not in {"I", "F"}:
        return image
    low, high = image.getextrema()
    assert isinstance(low, int | float)
    assert isinstance(high, int | float)
    bottom = min(0.0, low)
    top = next((most for most in _WHITES if most >= high), float(high))
    scale = _WHITES[0] / (top - bottom)
    return image.point(lambda value: value * scale - bottom * scale).convert("L")
