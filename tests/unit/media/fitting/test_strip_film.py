"""A camera's words, places and times, taken out of a film that goes as it is."""

import io

import av
import pytest
from tests.unit.media.fitting import av_clips as clips

from magpie.media.fitting import films, index
from magpie.media.fitting.strip_film import stripped
from magpie.media.fitting.work import work
from magpie.media.recipe import BROKEN, Facts, Strip, Unusable, encode

PLACE = b"+48.85+2.35/"


def packets(content: bytes) -> list[bytes]:
    with av.open(io.BytesIO(content), "r") as film:
        return [bytes(packet) for packet in film.demux() if packet.size]


def dated(content: bytes) -> bytes:
    """With the second at which it was made, in all three places."""
    made = bytearray(content)
    for box in index.boxes(content):
        if box.name in {b"mvhd", b"tkhd", b"mdhd"}:
            made[box.body + 4 : box.body + 12] = b"\xe0\0\0\1" * 2
    return bytes(made)


@pytest.mark.parametrize(
    "content",
    [
        clips.film(0.5, title="at home"),
        clips.film(0.5, title="at home", container="3gp", turned=-90),
        dated(clips.film(0.5)),
    ],
    ids=["mp4", "3gp held upright", "dates alone"],
)
def test_words_go_and_the_film_stays(content: bytes) -> None:
    """Not a packet, no side, no turn and no length changes; the place and the dates are gone."""
    before = films.probe(content)
    assert before.tagged
    _, result = work(encode(Strip()), content)
    after = films.probe(result)
    assert packets(result) == packets(content)
    assert len(result) == len(content)
    assert PLACE not in result
    assert not after.tagged
    assert told(after) == told(before)
    assert stripped(result) == result


def told(facts: Facts) -> tuple[object, ...]:
    return (
        (facts.width, facts.height, facts.orientation, facts.seconds),
        (facts.frames, facts.video, facts.audio, facts.format),
    )


def test_other_files_are_refused() -> None:
    """What is no MP4 and no 3GP is not touched."""
    with pytest.raises(Unusable) as refused:
        films.strip_of(clips.film(0.2, container="webm", video="libvpx", audio="libopus"))
    assert refused.value.code == BROKEN
