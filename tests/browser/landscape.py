"""A photograph that nobody took: an evening over hills, with a magpie on a branch."""

import io
from functools import cache

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

_SKY = ((0.0, (38, 62, 112)), (0.45, (226, 132, 112)), (0.7, (252, 205, 138)))
_NEAR, _FAR = np.array((24, 36, 44)), np.array((150, 112, 128))
_HILLS = 5
_INK, _WHITE, _WING, _WOOD = (15, 16, 22), (238, 236, 230), (34, 56, 108), (38, 28, 26)


@cache
def evening(width: int = 1200, height: int = 900, seed: int = 7, *, bird: bool = True) -> bytes:
    """A JPEG. The seed decides how the hills lie and where the sun stands."""
    dice = np.random.default_rng(seed)
    image = Image.fromarray(_sky(width, height, dice).astype(np.uint8))
    for hill in range(_HILLS):
        _hill(image, hill / (_HILLS - 1), dice)
    if bird:
        image.paste(_bird(width, height), mask=_bird(width, height).getchannel("A"))
    grain = np.asarray(image, float) + dice.normal(0, 3, (height, width, 1))
    out = io.BytesIO()
    Image.fromarray(grain.clip(0, 255).astype(np.uint8)).save(out, "jpeg", quality=88)
    return out.getvalue()


def _sky(width: int, height: int, dice: np.random.Generator) -> np.ndarray:
    """From night above to light at the horizon, where the sun goes down."""
    y, x = np.mgrid[0:height, 0:width]
    stops, colours = [at for at, _ in _SKY], np.array([colour for _, colour in _SKY])
    sky = np.stack([np.interp(y / height, stops, colours[:, n]) for n in range(3)], axis=-1)
    across, down = width * dice.uniform(0.2, 0.45), height * 0.56
    far = np.hypot(x - across, y - down) / height
    glow = np.exp(-far * 5)[..., None] * 0.8 + (far < 0.06)[..., None]
    lit: np.ndarray = sky + (np.array((255, 246, 214)) - sky) * glow.clip(0, 1)
    return lit


def _hill(image: Image.Image, near: float, dice: np.random.Generator) -> None:
    """Those near us are darker and lower."""
    width, height = image.size
    x = np.linspace(0, 1, width)
    waves = (1, 2, 3.7, 6.1, 9.3, 31)
    line = np.zeros(width)
    for wave in waves:
        line += np.sin(x * np.pi * 2 * wave + dice.uniform(0, 7)) / (wave + 0.7)
    y = height * (0.6 + near * 0.28) - line * height * (0.045 - near * 0.02)
    colour = tuple((_FAR + (_NEAR - _FAR) * near).astype(int).tolist())
    edge = [*zip(range(width), y.tolist(), strict=True)]
    ImageDraw.Draw(image).polygon([(0, height), *edge, (width, height)], colour)


def _bird(width: int, height: int) -> Image.Image:
    """Drawn at 240 by 180 and four times as fine, so that its edges are soft."""
    made = Image.new("RGBA", (960, 720), (0, 0, 0, 0))
    draw = ImageDraw.Draw(made)

    def blob(colour: tuple[int, int, int], *box: int) -> None:
        draw.ellipse([side * 4 for side in box], colour)

    def shape(colour: tuple[int, int, int], *points: tuple[float, float]) -> None:
        draw.polygon([(x * 4, y * 4) for x, y in points], colour)

    shape(_WOOD, (95, 163), (240, 146), (240, 154), (95, 168))
    shape(_WING, (104, 172), (108, 178), (166, 133), (150, 124))
    blob(_INK, 140, 98, 190, 142)
    blob(_WHITE, 150, 116, 194, 147)
    shape(_WING, (128, 137), (150, 104), (178, 112), (172, 128))
    blob(_WHITE, 158, 103, 180, 119)
    blob(_INK, 170, 86, 196, 111)
    shape(_INK, (193, 92), (212, 99), (193, 103))
    blob(_WHITE, 184, 93, 188, 97)
    for leg in (168, 176):
        shape(_INK, (leg, 144), (leg + 1.5, 144), (leg + 1.5, 158), (leg, 158))
    return made.resize((width, height), Image.Resampling.LANCZOS).filter(ImageFilter.SMOOTH)
