"""A picture brought to the form in which all encoders take it: 8 bits, sRGB, upright."""

from typing import Final

from PIL import Image, ImageFile

from magpie.media.fitting import colour, still
from magpie.media.recipe import Picture

LEAST_SIDE: Final = 64
_MANY: Final = 3_000_000
_WHITE: Final = (255, 255, 255)


def bounds(image: ImageFile.ImageFile, recipe: Picture) -> tuple[int, int]:
    """The largest sides allowed, as the file has them: before it is turned."""
    turn = still.orientation_of(image)
    shown = still.shown(image.size, turn)
    return still.shown(still.inside(shown, recipe.most_width, recipe.most_height), turn)


def opaque(image: Image.Image) -> Image.Image:
    """In a mode that can be resized: RGB, L or CMYK, with the profile that the file has.

    What can be seen through lies on white.
    """
    if image.has_transparency_data:
        layer = image if image.mode == "RGBA" else image.convert("RGBA")
        ground = Image.new("RGB", image.size, _WHITE)
        ground.paste(layer, mask=layer.getchannel("A"))
        ground.info = dict(image.info)
        return ground
    return image if image.mode in {"RGB", "L", "CMYK"} else colour.to_srgb(image)


def see_through(image: ImageFile.ImageFile) -> Image.Image:
    """RGBA, or what it was if nothing can be seen through; no word, time or profile is left."""
    with still.reading():
        loaded = still.loaded(image)
        if loaded.has_transparency_data:
            picture = loaded.convert("RGBA")
            shown = _coloured(picture, loaded)
            shown.putalpha(picture.getchannel("A"))
        else:
            shown = colour.to_srgb(loaded).copy()
        shown.info = {}
        return shown


def _coloured(picture: Image.Image, source: Image.Image) -> Image.Image:
    plain = picture.convert("RGB")
    plain.info = {"icc_profile": source.info.get("icc_profile")}
    return colour.to_srgb(plain)


def resized(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    if image.size == size:
        return image
    return image.resize(size, sampling(image), reducing_gap=3.0)


def sampling(image: Image.Image) -> Image.Resampling:
    """Lanczos; of many pixels the bicubic one makes the same SSIM in three quarters of the time."""
    many = image.width * image.height > _MANY
    return Image.Resampling.BICUBIC if many else Image.Resampling.LANCZOS


def least(size: tuple[int, int]) -> float:
    """The scale below which nobody recognises anything."""
    return min(1.0, LEAST_SIDE / max(size))
