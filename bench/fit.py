"""What a fit costs and how good it is, beside a library that is told the answer.

For pictures that is libvips, doing only the final resize and save; for films PyAV, doing the same
decode and one encode, of the same sides, pictures a second and bytes. Neither searches. The naive
way of comparison for quality is a plain resize at which quality 85 fits.
"""

import asyncio
import io
from collections.abc import Callable
from fractions import Fraction
from statistics import median
from typing import Any, NamedTuple

import av
import numpy as np
import pyvips
from bench import report
from PIL import Image
from tests import pictures

from magpie.media.fit import Cost
from magpie.media.recipe import Animation, Film, Made, Picture, Recipe
from magpie.media.sandbox import Sandbox
from magpie.media.workshop import Workshop

_ROUNDS = 5
_CEILINGS = 3
_VIEW = 1024  # the side at which pictures are compared: a phone's
_SIDE = 4096
_FILM_BYTES = 600_000
_SOUND_RATE = 48_000  # bits a second


class Case(NamedTuple):
    name: str
    source: Callable[[], bytes]
    recipe: Recipe
    ceiling: Callable[[bytes, Made], float] | None = None


async def main() -> None:
    sandbox = Sandbox()
    await sandbox.start()
    workshop = Workshop(sandbox)
    try:
        figures = {case.name: await _measure(workshop, case) for case in CASES}
    finally:
        await sandbox.stop()
    rows = [(name, _shown(told)) for name, told in figures.items()]
    report.table("One fit, in the sandbox; the library only does the last of it", rows)
    quality = {f"{limit // 1000} KB": _quality(figures, limit) for limit in (600_000, 300_000)}
    report.table(
        "12-megapixel JPEG, SSIM as seen on a phone",
        [(name, {k: f"{v:.4f}" for k, v in one.items()}) for name, one in quality.items()],
    )
    for told in figures.values():
        told.pop("content")
    report.keep("fit", {**figures, "ssim": quality})


async def _measure(workshop: Workshop, case: Case) -> dict[str, Any]:
    source = case.source()
    made, content, cost = await workshop.make(source, case.recipe)
    costs: list[Cost] = [cost]
    for _ in range(_ROUNDS - 1):
        made, content, cost = await workshop.make(source, case.recipe)
        costs.append(cost)
    ceiling = median(case.ceiling(source, made) for _ in range(_CEILINGS)) if case.ceiling else 0.0
    return {
        "ms": median(cost.ms for cost in costs),
        "cpu_ms": median(cost.cpu_ms for cost in costs),
        "peak_mb": max(cost.peak_bytes for cost in costs) / 1e6,
        "bytes": len(content),
        "used": len(content) / getattr(case.recipe, "most_bytes", len(content)),
        "library_ms": ceiling,
        "content": content,
    }


def _shown(told: dict[str, Any]) -> dict[str, str]:
    against = told["library_ms"]
    return {
        "ms": f"{told['ms']:.0f}",
        "CPU ms": f"{told['cpu_ms']:.0f}",
        "peak MB": f"{told['peak_mb']:.0f}",
        "of the bytes": f"{told['used']:.0%}",
        "library ms": f"{against:.0f}" if against else "",
        "ratio": f"{told['ms'] / against:.2f}" if against else "",
    }


def _vips(suffix: str, **options: Any) -> Callable[[bytes, Made], float]:
    def saves(source: bytes, made: Made) -> float:
        timer = report.Timer()
        small = pyvips.Image.thumbnail_buffer(source, made.width, height=made.height)
        small.write_to_buffer(suffix, **options)
        return timer.ms

    return saves


def _vips_gif(source: bytes, made: Made) -> float:
    timer = report.Timer()
    small = pyvips.Image.thumbnail_buffer(
        source, made.width, height=made.height, option_string="n=-1"
    )
    small.write_to_buffer(".gif", effort=1)
    return timer.ms


def _one_pass(source: bytes, made: Made) -> float:
    """Decode, resize, encode once at the rate that fills the bytes; on one thread, as we do."""
    timer = report.Timer()
    rate = Fraction(round(made.frames * 1000 / made.seconds), 1000)
    film: Any
    target: Any
    with av.open(io.BytesIO(source)) as film, av.open(io.BytesIO(), "w", format="mp4") as target:
        video = target.add_stream("libx264", rate=rate, options={"preset": "veryfast"})
        video.width, video.height, video.pix_fmt = made.width, made.height, "yuv420p"
        video.bit_rate = int(_FILM_BYTES * 8 / made.seconds) - _SOUND_RATE
        audio = target.add_stream("aac", rate=44_100, layout="mono")
        audio.bit_rate = _SOUND_RATE
        shown = film.streams.video[0]
        video.thread_count = shown.thread_count = 1
        step = max(1, round(shown.frames / made.frames))
        for number, frame in enumerate(film.decode(shown)):
            if number % step == 0:
                small = frame.reformat(made.width, made.height, "yuv420p", threads=1)
                small.pict_type, small.pts, small.time_base = 0, number // step, 1 / rate
                target.mux(video.encode(small))
        target.mux(video.encode(None))
        film.seek(0)
        for sound in film.decode(film.streams.audio[0]):
            target.mux(audio.encode(sound))
        target.mux(audio.encode(None))
    return timer.ms


def _jpeg(limit: int) -> Picture:
    return Picture(format="jpeg", most_bytes=limit, most_width=_SIDE, most_height=_SIDE)


def _photo() -> bytes:
    return pictures.photo(4032, 3024)


CASES = (
    Case("12 Mpx JPEG to 600 KB", _photo, _jpeg(600_000), _vips(".jpg", Q=80)),
    Case("12 Mpx JPEG to 300 KB", _photo, _jpeg(300_000), _vips(".jpg", Q=80)),
    Case(
        "12 Mpx PNG with alpha to 600 KB",
        lambda: pictures.transparent(4032, 3024),
        Picture(format="png", most_bytes=600_000, most_width=_SIDE, most_height=_SIDE),
        _vips(".png", palette=True, effort=1),
    ),
    Case(
        "GIF of 40 frames to 600 KB",
        lambda: pictures.animation(320, 240, 40),
        Animation(most_bytes=600_000, most_width=_SIDE, most_height=_SIDE),
        _vips_gif,
    ),
    Case(
        "10 s of 1080p to 600 KB",
        lambda: pictures.clip(1920, 1080, 10),
        Film(format="mp4", most_bytes=_FILM_BYTES, most_width=1280, most_height=1280),
        _one_pass,
    ),
)


def _quality(figures: dict[str, dict[str, Any]], limit: int) -> dict[str, float]:
    wanted = _view(_photo())
    ours = figures[f"12 Mpx JPEG to {limit // 1000} KB"]["content"]
    return {
        "Magpie": ssim(wanted, _view(ours)),
        "plain, quality 85": ssim(wanted, _view(_plain(limit))),
    }


def _plain(limit: int) -> bytes:
    """The largest resize whose quality 85 fits, by halving."""
    image = Image.open(io.BytesIO(_photo()))
    low, high, best = 0.05, 1.0, b""
    for _ in range(9):
        scale = (low + high) / 2
        size = (round(image.width * scale), round(image.height * scale))
        content = pictures.encoded(image.resize(size, Image.Resampling.LANCZOS), "jpeg", quality=85)
        if len(content) <= limit:
            low, best = scale, content
        else:
            high = scale
    return best


def _view(content: bytes) -> Any:
    image = Image.open(io.BytesIO(content)).convert("L")
    side = (_VIEW * 2, _VIEW * 3 // 2)  # all are 4 to 3
    return np.asarray(image.resize(side, Image.Resampling.LANCZOS), dtype=np.float64)


def ssim(one: Any, other: Any) -> float:
    """Mean structural similarity over windows of 8 x 8 (Wang et al., 2004)."""
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    ma, mb = _windows(one), _windows(other)
    va, vb = _windows(one**2) - ma**2, _windows(other**2) - mb**2
    cov = _windows(one * other) - ma * mb
    top = (2 * ma * mb + c1) * (2 * cov + c2)
    return float((top / ((ma**2 + mb**2 + c1) * (va + vb + c2))).mean())


def _windows(values: Any, side: int = 8) -> Any:
    sums = np.pad(values, ((1, 0), (1, 0))).cumsum(0).cumsum(1)
    all_ = sums[side:, side:] - sums[:-side, side:] - sums[side:, :-side] + sums[:-side, :-side]
    return all_ / side**2


if __name__ == "__main__":
    asyncio.run(main())
