"""Colours brought to sRGB, which is what phones take unmarked pictures to be."""

import re
from io import BytesIO
from typing import Final

from PIL import Image, ImageCms

_SRGB: Final = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
_LAB: Final = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
# c2 is the tiny sRGB profile that some sites put into every upload.
_NAMES: Final = re.compile(r"^(?:.*(?<!e-)(?<!sc)srgb|c2$|urgb$)", re.IGNORECASE)
_WHITES: Final = (255.0, 65535.0)
_SPACES: Final = {"RGB": "RGB ", "CMYK": "CMYK", "L": "GRAY", "LAB": "Lab "}


def foreign(profile: bytes | None) -> bool:
    """Whether a profile can be read and is not sRGB."""
    read = _read(profile) if profile else None
    return read is not None and not _NAMES.match(read.profile.profile_description or "")


def to_srgb(image: Image.Image) -> Image.Image:
    """Give RGB or L; pixels must be opaque. A profile that does not fit the pixels is ignored."""
    image = _eight_bits(image)
    source = _LAB if image.mode == "LAB" else _read(image.info.get("icc_profile"))
    wanted = _SPACES.get(image.mode)
    if source is None or wanted is None or (source is not _LAB and not _fits(source, wanted)):
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


def _read(profile: bytes | None) -> ImageCms.ImageCmsProfile | None:
    if not profile:
        return None
    try:
        return ImageCms.ImageCmsProfile(BytesIO(profile))
    except (OSError, ValueError, TypeError):
        return None


def _fits(source: ImageCms.ImageCmsProfile, wanted: str) -> bool:
    described = source.profile.profile_description or ""
    return source.profile.xcolor_space == wanted and not _NAMES.match(described)


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
