"""A small mosaic of a picture, by which the size of a whole encode is foretold."""

from typing import Final

from PIL import Image

from magpie.media.fitting import flat

_TILES: Final = 6
"""In a row and in a column."""
_BLOCK: Final = 16
"""Tiles are of whole blocks, so that an encoder sees in them what it sees in the picture."""
_SHARE: Final = 14


def sample(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """What stands at regular places of the picture when it is brought to `size`.

    Small and narrow pictures are their own sample.
    """
    pixels = size[0] * size[1]
    side = int((pixels / _SHARE) ** 0.5 / _TILES) // _BLOCK * _BLOCK
    if not side or side * _TILES > min(size):
        return flat.resized(image, size)
    mosaic = Image.new(image.mode, (side * _TILES, side * _TILES))
    if image.mode == "P":
        mosaic.putpalette(image.getpalette() or [])
    for number in range(_TILES * _TILES):
        column, row = number % _TILES, number // _TILES
        place = (column * side, row * side)
        mosaic.paste(_tile(image, size, (column, row), side), place)
    mosaic.info = dict(image.info)
    return mosaic


def _tile(
    image: Image.Image, size: tuple[int, int], place: tuple[int, int], side: int
) -> Image.Image:
    left, top = (
        (whole - side) * (2 * at + 1) // (2 * _TILES) // _BLOCK * _BLOCK
        for whole, at in zip(size, place, strict=True)
    )
    if image.size == size:
        return image.crop((left, top, left + side, top + side))
    across, down = image.width / size[0], image.height / size[1]
    box = (left * across, top * down, (left + side) * across, (top + side) * down)
    return image.resize((side, side), flat.sampling(image), box=box, reducing_gap=3.0)


def growth(mosaic: Image.Image, size: tuple[int, int]) -> float:
    return size[0] * size[1] / (mosaic.width * mosaic.height)
