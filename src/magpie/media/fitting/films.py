"""Films, whole: what one is, and what a recipe makes of it."""

import math
from functools import partial
from typing import Final, NamedTuple

from magpie.media.fitting import decode, demux, rates, room, search, sizes, strip_film, voice
from magpie.media.fitting.clip import Clip, Span, clip
from magpie.media.fitting.pictures import H263, H264, Encoder
from magpie.media.fitting.probe_av import probe
from magpie.media.fitting.sizes import Shape
from magpie.media.fitting.survey import Survey, Track, survey
from magpie.media.recipe import BROKEN, NEVER_FITS, Film, FilmFormat, Made, Unusable
from magpie.media.sniff import sniff

__all__ = ["fit", "probe", "strip_of"]

_TYPES: Final[dict[FilmFormat, str]] = {"mp4": "video/mp4", "3gp": "video/3gpp"}
_RESHAPES: Final = 3
_TRIES: Final = 4
_LEAST_SECONDS: Final = 0.1
_LEAST_RATE: Final = 1.0


class _Job(NamedTuple):
    content: bytes
    recipe: Film
    seen: Survey
    encoder: Encoder
    sound: bytes

    @property
    def seconds(self) -> float:
        return max(_LEAST_SECONDS, self.seen.seconds)


class _Tries:
    """One shape of a film, encoded once at each setting that is asked for."""

    def __init__(self, job: _Job, shape: Shape, pictures: Clip) -> None:
        self.shape = shape
        self.most = _TRIES if pictures.keep else _TRIES - 1
        self._job = job
        self._pictures = pictures
        self._made: dict[float, bytes] = {}

    def __call__(self, at: float) -> bytes:
        if at not in self._made:
            job = self._job
            self._made[at] = job.encoder.encode(self._pictures, self.shape, job.sound, at)
        return self._made[at]

    def share(self, at: float) -> float:
        """Of the bytes that the sound leaves for pictures."""
        sound = len(self._job.sound)
        return max(1, len(self(at)) - sound) / max(1, self._job.recipe.most_bytes - sound)


def fit(content: bytes, recipe: Film) -> tuple[Made, bytes]:
    """Raises Unusable also when the smallest film of its length is too much."""
    room.returned()
    bare = demux.bare(content)
    seen = survey(bare)
    with demux.failing():
        sound = _sound(bare, seen, recipe) if seen.audio else b""
        if seen.video is None:
            return _heard(sound, seen, recipe)
        encoder = H264() if recipe.format == "mp4" else H263()
        return _fitted(_Job(bare, recipe, seen, encoder, sound), seen.video)


def strip_of(content: bytes) -> tuple[Made, bytes]:
    """The same film or sound without words, places and times; MP4 and 3GP only."""
    if sniff(content) != "film":
        raise Unusable(BROKEN, "neither MP4 nor 3GP")
    stripped = strip_film.stripped(content)
    facts = probe(stripped)
    return Made(
        content_type=("video/" if facts.kind == "film" else "audio/") + "mp4",
        width=facts.width,
        height=facts.height,
        frames=facts.frames,
        seconds=facts.seconds,
    ), stripped


def _sound(bare: bytes, seen: Survey, recipe: Film) -> bytes:
    bits = recipe.most_bytes * 8 / max(_LEAST_SECONDS, seen.seconds)
    if seen.video is None:
        bits *= 4
    chosen = rates.film_voice(recipe.format, bits, *voice.source(bare))
    return voice.encoded(bare, chosen, recipe.format, seen.start)


def _heard(sound: bytes, seen: Survey, recipe: Film) -> tuple[Made, bytes]:
    """A film of which there is only the sound."""
    if len(sound) > recipe.most_bytes:
        raise Unusable(NEVER_FITS, f"{len(sound)} bytes at least, {recipe.most_bytes} are left")
    made = Made(content_type=_TYPES[recipe.format], seconds=round(seen.seconds, 3), note="sound")
    return made, sound


def _fitted(job: _Job, video: Track) -> tuple[Made, bytes]:
    tries, first = _tried(job, video)
    encoder = job.encoder
    found = search.largest(
        tries,
        job.recipe.most_bytes,
        first=first,
        low=encoder.low,
        high=encoder.high,
        slope=encoder.slope,
        tries=tries.most,
    )
    return _made(job, tries.shape, found), found.content


def _tried(job: _Job, video: Track) -> tuple[_Tries, float]:
    """A shape that suits the film's bytes, learnt by trying, and the setting it was tried at."""
    look = decode.look(job.content)
    given = _given(look, video)
    bits = (job.recipe.most_bytes - len(job.sound)) * 8 / job.seconds
    if bits <= 0:
        raise Unusable(NEVER_FITS, f"its sound alone has {len(job.sound)} bytes")
    span = Span(job.seen.start, video.end)
    read = partial(decode.pictures, job.content)
    first = job.encoder.first(bits)
    hardness = given.hardness
    tries: _Tries | None = None
    for _ in range(_RESHAPES):
        shape = sizes.shaped(given, job.recipe, bits, hardness)
        if tries is not None and tries.shape == shape:
            break
        tries = _Tries(job, shape, clip(read, shape, look.turn, span))
        hardness *= job.encoder.strain(first, tries.share(first))
    assert tries is not None
    return tries, first


def _given(look: decode.Look, video: Track) -> sizes.Given:
    seconds = max(_LEAST_SECONDS, video.seconds)
    rate = max(_LEAST_RATE, video.rate)
    bits = video.size * 8 / seconds
    return sizes.Given(look.width, look.height, rate, bits, seconds, look.high)


def _made(job: _Job, shape: Shape, found: search.Found) -> Made:
    """What is told of the result is read in the result."""
    h264 = job.recipe.format == "mp4"
    result = survey(found.content)
    return Made(
        content_type=_TYPES[job.recipe.format],
        width=shape.width,
        height=shape.height,
        frames=result.video.packets if result.video else 1,
        seconds=round(result.seconds, 3),
        quality=round(-found.at, 2) if h264 else round(math.exp(found.at)),
        note=f"{shape.rate:.4g} pictures a second",
    )
