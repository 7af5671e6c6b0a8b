"""What films and sounds are, told before anything is made of them."""

import pytest
from tests.unit.media.fitting import av_clips as clips

from magpie.media.fitting import films
from magpie.media.recipe import BROKEN, EXCESSIVE, Unusable


def test_a_film_is_told_by_its_packets() -> None:
    """Sides, length and both codecs of an ordinary film are known."""
    facts = films.probe(clips.film(2))
    assert (facts.kind, facts.format, facts.video, facts.audio) == ("film", "mp4", "h264", "aac")
    assert (facts.width, facts.height, facts.orientation, facts.tagged) == (320, 240, 1, False)
    assert facts.seconds == pytest.approx(2, abs=0.1)


def test_a_film_held_upright_is_told_as_it_is_shown() -> None:
    """A quarter turn in the display matrix changes width and height and is told."""
    facts = films.probe(clips.film(0.5, turned=-90))
    assert (facts.width, facts.height, facts.orientation) == (240, 320, 6)


def test_a_place_in_a_film_is_told() -> None:
    """Metadata of a person or a place makes a film tagged."""
    assert films.probe(clips.film(0.5, title="at home")).tagged


@pytest.mark.parametrize(
    ("container", "codec", "rate", "name", "audio"),
    [
        ("wav", "pcm_s16le", 16000, "wav", "pcm_s16le"),
        ("mp3", "libmp3lame", 44100, "mp3", "mp3"),
        ("amr", "libopencore_amrnb", 8000, "amr", "amrnb"),
        ("ipod", "aac", 48000, "m4a", "aac"),
        ("adts", "aac", 48000, "aac", "aac"),
        ("ogg", "libopus", 48000, "ogg", "opus"),
        ("au", "pcm_mulaw", 8000, "au", "pcm_mulaw"),
        ("ac3", "ac3", 48000, "ac3", "ac3"),
        ("webm", "libopus", 48000, "webm", "opus"),
    ],
)
def test_a_sound_is_told(container: str, codec: str, rate: int, name: str, audio: str) -> None:
    """Each kind of sound that a phone may send is known with its codec and its length."""
    facts = films.probe(clips.sound(2, container=container, codec=codec, rate=rate))
    assert (facts.kind, facts.format, facts.audio, facts.video) == ("sound", name, audio, "")
    assert facts.seconds == pytest.approx(2, abs=0.15)


@pytest.mark.parametrize(
    ("container", "video", "audio", "name"),
    [
        ("mov", "libx264", "aac", "mov"),
        ("webm", "libvpx", "libopus", "webm"),
        ("3gp", "h263", "libopencore_amrnb", "3gp"),
        ("mpegts", "mpeg2video", "mp2", "mpeg"),
        ("mpeg", "mpeg1video", "mp2", "mpeg"),
    ],
)
def test_other_films_are_told(container: str, video: str, audio: str, name: str) -> None:
    """Films of old phones, browsers and cameras are known by name."""
    made = clips.film(1, size=(176, 144), rate=25, container=container, video=video, audio=audio)
    facts = films.probe(made)
    assert (facts.kind, facts.format, facts.width) == ("film", name, 176)
    # The pixels of H.263 are 12:11 (H.263 section 5.1.3), and the sides are told in square ones.
    assert facts.height == (132 if video == "h263" else 144)


def test_a_film_of_hours_is_refused_before_it_is_decoded() -> None:
    """Ten minutes are the most, whatever the picture rate."""
    with pytest.raises(Unusable) as refused:
        films.probe(b"#!AMR\n" + (b"\x04" + bytes(12)) * 50 * 602)
    assert refused.value.code == EXCESSIVE


def test_nothing_is_no_film() -> None:
    """An empty file is broken, not a crash."""
    with pytest.raises(Unusable) as refused:
        films.probe(b"")
    assert refused.value.code == BROKEN
