"""Films and sounds made to fit."""

import io
from typing import Any

import av
import pytest
from tests import pictures

from magpie.media.fitting.timed import films, sounds
from magpie.media.fitting.timed.faststart import index_first
from magpie.media.recipe import Film, Sound, Unusable


def clip() -> bytes:
    return pictures.clip(480, 270, 3)


def film(most: int, format_: Any = "mp4", side: int = 1280) -> Film:
    return Film(format=format_, most_bytes=most, most_width=side, most_height=side)


@pytest.mark.parametrize("most", [200_000, 90_000])
def test_a_film_uses_its_bytes(most: int) -> None:
    """H.264 and AAC, as long as before, its index in front."""
    made, content = films.fit(clip(), film(most))
    assert most * 0.9 <= len(content) <= most
    facts = films.probe(content)
    assert (facts.kind, facts.format, facts.video, facts.audio) == ("film", "mp4", "h264", "aac")
    assert facts.seconds == pytest.approx(3, abs=0.2)
    assert (facts.width, facts.height) == (made.width, made.height)
    assert content.index(b"moov") < content.index(b"mdat")


def test_a_film_for_old_phones() -> None:
    """H.263 of a size that the standard knows, and AMR."""
    made, content = films.fit(clip(), film(100_000, "3gp", 352))
    facts = films.probe(content)
    assert len(content) <= 100_000
    assert (facts.format, facts.video, facts.audio) == ("3gp", "h263", "amrnb")
    assert (made.width, made.height) in {(352, 288), (176, 144), (128, 96)}


def test_a_film_without_sound() -> None:
    """All bytes are the picture's."""
    buffer = io.BytesIO()
    source: Any
    with av.open(io.BytesIO(clip())) as source, av.open(buffer, "w", format="mp4") as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(source.streams.video[0]):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    made, content = films.fit(buffer.getvalue(), film(120_000))
    assert films.probe(content).audio == ""
    assert 100_000 <= len(content) <= 120_000
    assert made.content_type == "video/mp4"


def test_a_film_that_never_fits() -> None:
    """Three seconds have no place in five hundred bytes."""
    with pytest.raises(Unusable, match="30019"):
        films.fit(clip(), film(500))


@pytest.mark.parametrize(
    ("format_", "codec", "content_type"),
    [("amr", "amrnb", "audio/amr"), ("m4a", "aac", "audio/mp4"), ("mp3", "mp3", "audio/mpeg")],
)
def test_a_sound_of_each_kind(format_: Any, codec: str, content_type: str) -> None:
    """The sound of a film alone, within its bytes and as long as before."""
    made, content = sounds.fit(clip(), Sound(format=format_, most_bytes=9_000))
    facts = films.probe(content)
    assert len(content) <= 9_000
    assert facts.audio.startswith(codec)
    assert made.content_type == content_type
    assert facts.seconds == pytest.approx(3, abs=0.4)


def test_a_sound_that_never_fits() -> None:
    """Below the lowest rate of the codec there is nothing."""
    with pytest.raises(Unusable, match="30019"):
        sounds.fit(clip(), Sound(format="amr", most_bytes=200))


def test_an_index_in_front_leads_to_the_same_frames() -> None:
    """What is moved is found again: all frames can be decoded, and moving twice changes nothing."""
    moved = index_first(clip())
    assert moved.index(b"moov") < moved.index(b"mdat")
    assert len(moved) == len(clip())
    assert index_first(moved) == moved
    container: Any
    with av.open(io.BytesIO(moved)) as container:
        assert len(list(container.decode(video=0))) == 90
