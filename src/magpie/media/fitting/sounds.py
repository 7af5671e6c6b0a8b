"""Sounds, whole: the best rate that fits the bytes."""

from typing import Final

from magpie.media.fitting import demux, rates, voice
from magpie.media.fitting.survey import survey
from magpie.media.recipe import BROKEN, NEVER_FITS, Made, Sound, SoundFormat, Unusable

_CONTAINERS: Final[dict[SoundFormat, str]] = {"amr": "amr", "m4a": "ipod", "mp3": "mp3"}
_TYPES: Final[dict[SoundFormat, str]] = {
    "amr": "audio/amr",
    "m4a": "audio/mp4",
    "mp3": "audio/mpeg",
}
_TRIES: Final = 4


def fit(content: bytes, recipe: Sound) -> tuple[Made, bytes]:
    """The sound of a film will do, too. Raises Unusable when the lowest rate is too much."""
    bare = demux.bare(content)
    seen = survey(bare)
    if seen.audio is None:
        raise Unusable(BROKEN, "there is no sound in it")
    seconds = seen.audio.seconds
    ladder = rates.voices(recipe.format, *voice.source(bare))
    fitting = [v for v in ladder if v.size(seconds) <= recipe.most_bytes] or ladder[-1:]
    smallest = 0
    with demux.failing():
        for chosen in fitting[:_TRIES]:
            made = voice.encoded(bare, chosen, _CONTAINERS[recipe.format])
            if len(made) <= recipe.most_bytes:
                return _made(recipe, seconds, chosen), made
            smallest = len(made)
    raise Unusable(NEVER_FITS, f"{smallest} bytes at least, {recipe.most_bytes} are left")


def _made(recipe: Sound, seconds: float, chosen: rates.Voice) -> Made:
    return Made(
        content_type=_TYPES[recipe.format],
        seconds=round(seconds, 3),
        quality=float(chosen.bits),
        note=f"{chosen.bits / 1000:g} kbit/s, {'stereo' if chosen.channels > 1 else 'mono'}",
    )
