"""Sounds made to fit: the best rate that their bytes allow."""

import pytest
from tests.unit.media.fitting import av_clips as clips

from magpie.media.fitting import films, sounds
from magpie.media.recipe import BROKEN, NEVER_FITS, Sound, SoundFormat, Unusable

# Bytes of an AMR frame by its rate (3GPP TS 26.101), 50 a second, six in front
# and one more frame because the encoder looks ahead.
AMR = {12.2: 32, 10.2: 27, 7.95: 21, 7.4: 20, 6.7: 18, 5.9: 16, 5.15: 14, 4.75: 13}


@pytest.mark.parametrize(("rate", "frame"), AMR.items())
def test_amr_takes_the_best_rate_that_fits(rate: float, frame: int) -> None:
    """Each of the eight rates is chosen when exactly its bytes are left."""
    most = 6 + 101 * frame
    made, content = sounds.fit(clips.sound(2), Sound(format="amr", most_bytes=most))
    assert (made.content_type, made.quality) == ("audio/amr", rate * 1000)
    assert content.startswith(b"#!AMR\n")
    assert len(content) <= most
    assert films.probe(content).seconds == pytest.approx(2, abs=0.05)


@pytest.mark.parametrize(("form", "name", "codec"), [("m4a", "m4a", "aac"), ("mp3", "mp3", "mp3")])
@pytest.mark.parametrize("most", [14_000, 30_000, 70_000])
def test_a_sound_stays_below_its_bytes(form: SoundFormat, name: str, codec: str, most: int) -> None:
    """Music is kept whole at a rate that fits, and uses more than half of what there is."""
    source = clips.sound(4, rate=44_100, channels=2)
    made, content = sounds.fit(source, Sound(format=form, most_bytes=most))
    facts = films.probe(content)
    assert most / 2 < len(content) <= most
    assert (facts.format, facts.audio) == (name, codec)
    assert facts.seconds == pytest.approx(4, abs=0.15)
    assert made.seconds == pytest.approx(4, abs=0.05)


@pytest.mark.parametrize(
    ("container", "codec", "rate"),
    [
        ("ogg", "libopus", 48_000),
        ("webm", "libopus", 48_000),
        ("mp3", "libmp3lame", 44_100),
        ("ipod", "aac", 44_100),
        ("adts", "aac", 22_050),
        ("amr", "libopencore_amrnb", 8_000),
        ("ac3", "ac3", 48_000),
        ("au", "pcm_mulaw", 8_000),
        ("wav", "pcm_s24le", 96_000),
    ],
)
@pytest.mark.parametrize("form", ["amr", "m4a", "mp3"])
def test_any_sound_becomes_any_other(
    container: str, codec: str, rate: int, form: SoundFormat
) -> None:
    """All that phones send can be made into all that phones take."""
    source = clips.sound(1, container=container, codec=codec, rate=rate)
    _, content = sounds.fit(source, Sound(format=form, most_bytes=40_000))
    assert films.probe(content).seconds == pytest.approx(1, abs=0.2)


def test_the_sound_of_a_film_will_do() -> None:
    """A film that is asked for as a sound gives its sound."""
    _, content = sounds.fit(clips.film(1, size=(64, 64)), Sound(format="amr", most_bytes=5_000))
    assert films.probe(content).kind == "sound"


@pytest.mark.parametrize(("form", "most"), [("amr", 1_000), ("m4a", 3_000), ("mp3", 4_000)])
def test_what_never_fits_is_told(form: SoundFormat, most: int) -> None:
    """Not even the lowest rate is small enough for two seconds."""
    with pytest.raises(Unusable) as refused:
        sounds.fit(clips.sound(2), Sound(format=form, most_bytes=most))
    assert refused.value.code == NEVER_FITS


def test_names_and_pictures_are_taken_out() -> None:
    """A tag in front of an MP3 does not come through, however it is put."""
    text = b"\x00Jane Doe, 5 Main Street"
    frame = b"TPE1" + len(text).to_bytes(4, "big") + bytes(2) + text
    tagged = b"ID3\x03\x00\x00" + bytes([0, 0, 0, len(frame)]) + frame
    source = tagged + clips.sound(1, container="mp3", codec="libmp3lame", rate=44_100)
    assert films.probe(source).tagged
    _, content = sounds.fit(source, Sound(format="mp3", most_bytes=40_000))
    assert b"Jane" not in content
    assert not films.probe(content).tagged


def test_a_silent_film_has_no_sound() -> None:
    """There is nothing to make a sound of."""
    with pytest.raises(Unusable) as refused:
        sounds.fit(
            clips.film(0.3, size=(64, 64), sound=False), Sound(format="amr", most_bytes=9_000)
        )
    assert refused.value.code == BROKEN


def test_the_same_sound_is_made_twice() -> None:
    """The same recipe on the same bytes gives the same bytes."""
    source, recipe = clips.sound(1), Sound(format="m4a", most_bytes=9_000)
    assert sounds.fit(source, recipe) == sounds.fit(source, recipe)
