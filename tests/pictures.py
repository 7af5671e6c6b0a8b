"""Real pictures, films and sounds, made by seed: nothing in the tree need be photographed."""

import io
import random
from fractions import Fraction
from functools import cache
from typing import Any

import av
from PIL import Image, ImageChops, ImageDraw, ImageFilter


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


@cache
def png(width: int = 60, height: int = 40, seed: int = 1) -> bytes:
    """A small opaque one that no encoder makes smaller."""
    return encoded(_noise(width, height, random.Random(seed)), "png")


@cache
def photo(width: int, height: int, seed: int = 1, quality: int = 92, **options: object) -> bytes:
    return encoded(scene(width, height, seed), "jpeg", quality=quality, **options)


@cache
def scene(width: int, height: int, seed: int = 1) -> Image.Image:
    """Clouds at all scales, as nature has them, some hard edges, and the noise of a sensor."""
    dice = random.Random(seed)
    image = _noise(4, 3, dice).resize((width, height), Image.Resampling.BICUBIC)
    side, weight = 8, 0.5
    while side < width:
        octave = _noise(side, max(1, side * height // width), dice)
        image = Image.blend(image, octave.resize((width, height), Image.Resampling.BICUBIC), weight)
        side, weight = side * 2, max(0.06, weight * 0.62)
    draw = ImageDraw.Draw(image)
    for _ in range(40):
        x, y, r = dice.randrange(width), dice.randrange(height), dice.randrange(9, width // 6 + 10)
        colour = tuple(dice.randrange(256) for _ in range(3))
        draw.ellipse((x, y, x + r, y + r // 2), outline=colour, width=max(1, r // 20))
    return image.filter(ImageFilter.UnsharpMask(1, 60, 2))


@cache
def transparent(width: int, height: int, seed: int = 1) -> bytes:
    """A PNG that is see-through around its edges."""
    image = scene(width, height, seed).convert("RGBA")
    mask = Image.new("L", image.size, 0)
    ImageDraw.Draw(mask).ellipse((0, 0, width, height), fill=255)
    image.putalpha(mask.filter(ImageFilter.GaussianBlur(width / 40)))
    return encoded(image, "png")


@cache
def animation(width: int, height: int, frames: int, seed: int = 1) -> bytes:
    """A GIF of something that moves over a picture."""
    ground = scene(width, height, seed)
    shown = []
    for n in range(frames):
        frame = ImageChops.offset(ground, n * width // frames, 0)
        ImageDraw.Draw(frame).ellipse(
            (n * 3, n * 2, n * 3 + width // 5, n * 2 + width // 5), fill=(255, 40 + n, 0)
        )
        shown.append(frame.quantize(128))
    return encoded(shown[0], "gif", save_all=True, append_images=shown[1:], duration=70, loop=0)


@cache
def clip(width: int, height: int, seconds: float, rate: int = 30, seed: int = 1) -> bytes:
    """A film of a camera that pans over a scene, with a tone; H.264 and AAC in MP4."""
    buffer = io.BytesIO()
    ground = scene(width * 2, height, seed)
    count = int(seconds * rate)
    with av.open(buffer, "w", format="mp4") as container:
        video = container.add_stream("libx264", rate=rate, options={"preset": "ultrafast"})
        video.width, video.height, video.pix_fmt = width, height, "yuv420p"
        audio = container.add_stream("aac", rate=44_100, layout="mono")
        for n in range(count):
            x = n * width // count
            image = ground.crop((x, 0, x + width, height))
            frame: Any = av.VideoFrame.from_image(image)  # type: ignore[no-untyped-call]
            container.mux(video.encode(frame))
        container.mux(video.encode())
        for frame in tone(seconds):
            container.mux(audio.encode(frame))
        container.mux(audio.encode())
    return buffer.getvalue()


def tone(seconds: float, rate: int = 44_100) -> list[av.AudioFrame]:
    frames = []
    size = 1024
    for start in range(0, int(seconds * rate), size):
        frame = av.AudioFrame(format="s16", layout="mono", samples=size)
        frame.sample_rate, frame.pts = rate, start
        frame.time_base = Fraction(1, rate)
        samples = ((8000 if (start + i) // 50 % 2 else -8000) for i in range(size))
        frame.planes[0].update(b"".join(s.to_bytes(2, "little", signed=True) for s in samples))
        frames.append(frame)
    return frames


def _noise(width: int, height: int, dice: random.Random) -> Image.Image:
    return Image.frombytes("RGB", (width, height), dice.randbytes(width * height * 3))
