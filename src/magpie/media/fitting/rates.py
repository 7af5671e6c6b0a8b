"""How bits are spent: pure figures for the voice and the picture of a film."""

import math
from typing import Final, Literal, NamedTuple

from magpie.media.recipe import FilmFormat, SoundFormat

Codec = Literal["libopencore_amrnb", "aac", "libmp3lame"]

# 3GPP TS 26.101 table 1a, as bytes of a frame in a file (RFC 4867 section 5.3).
_AMR: Final = {
    12_200: 32,
    10_200: 27,
    7_950: 21,
    7_400: 20,
    6_700: 18,
    5_900: 16,
    5_150: 14,
    4_750: 13,
}
_KILOBITS: Final[dict[SoundFormat, tuple[int, ...]]] = {
    "m4a": (128, 112, 96, 80, 64, 56, 48, 40, 32, 24, 20, 16),
    "mp3": (128, 112, 96, 80, 64, 56, 48, 40, 32, 24),
}
_STEREO: Final = 64_000
_FULL_BAND: Final = {"m4a": 32_000, "mp3": 48_000}
_HALF_BAND: Final = 24_000
_NARROW: Final = 16_000
_BITS_PER_HERTZ: Final = 2.7
"""More than this of one channel is nothing that can be heard."""
_SHARE: Final = 0.1
_FILM_AAC: Final = (96_000, 64_000, 48_000, 32_000, 24_000)
_LEAST_AAC: Final = 16_000


class Voice(NamedTuple):
    codec: Codec
    bits: int
    hertz: int
    channels: int

    def size(self, seconds: float) -> int:
        """About so many bytes in a file of their own, the container's tables with them.

        AMR looks ahead: there is one frame more than there is sound.
        """
        if self.codec == "libopencore_amrnb":
            return 6 + (math.ceil(seconds * 50) + 1) * _AMR[self.bits]
        if self.codec == "libmp3lame":
            return math.ceil(seconds * self.bits / 8) + 600
        return math.ceil(seconds * (self.bits / 8 + self.hertz / 1024 * 4.2)) + 900


def voices(sound: SoundFormat, hertz: int, channels: int) -> list[Voice]:
    """The best first, for a source of so many hertz and channels."""
    if sound == "amr":
        return [Voice("libopencore_amrnb", bits, 8_000, 1) for bits in _AMR]
    made = [_voice(sound, kilobits * 1000, hertz, channels) for kilobits in _KILOBITS[sound]]
    heard = [v for v in made if v.bits <= _BITS_PER_HERTZ * v.hertz * v.channels]
    return heard or made[-1:]


def film_voice(film: FilmFormat, bits: float, hertz: int, channels: int) -> Voice:
    """A tenth of all bits of a second, as far as that can be listened to."""
    if film == "3gp":
        rates = [rate for rate in _AMR if rate <= bits * _SHARE * 2]
        return Voice("libopencore_amrnb", max(rates, default=min(_AMR)), 8_000, 1)
    fair = [rate for rate in _FILM_AAC if rate <= bits * _SHARE * 1.2]
    least = _FILM_AAC[-1] if bits > _FILM_AAC[-1] * 2.5 else _LEAST_AAC
    best = max(fair, default=least)
    top = voices("m4a", hertz, channels)[0].bits
    return _voice("m4a", min(best, top), hertz, channels)


def _voice(sound: Literal["m4a", "mp3"], bits: int, hertz: int, channels: int) -> Voice:
    codec: Codec = "aac" if sound == "m4a" else "libmp3lame"
    family = 11_025 if hertz % 11_025 == 0 else 12_000
    full = 4 * family
    if bits < _HALF_BAND or hertz <= _NARROW:
        full = _NARROW
    elif bits < _FULL_BAND[sound] or hertz <= 2 * family:
        full = 2 * family
    return Voice(codec, bits, full, 2 if channels > 1 and bits >= _STEREO else 1)
