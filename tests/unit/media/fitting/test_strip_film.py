"""A camera's words, places and times, taken out of a film that goes as it is."""

import io

import av
import pytest
from tests.unit.media.fitting import av_clips as clips

from magpie.media.fitting import films, index
from magpie.media.fitting.strip_film import stripped
from magpie.media.fitting.work import work
from magpie.media.recipe import BROKEN, Facts, Film, Strip, Unusable, encode

BOX = {"most_width": 640, "most_height": 640}
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


def test_a_makers_own_boxes_go() -> None:
    """Pictures and words that stand behind the film, in a box that players do not know."""
    own = b"\0\0\0\x18sefd" + PLACE + b"\0" * 4
    source = clips.film(0.5)
    result = stripped(source + own)
    assert PLACE not in result
    assert result.endswith(b"\0\0\0\x18free" + bytes(16))
    assert packets(result) == packets(source)


def test_a_track_of_places_is_told() -> None:
    """Cameras that fly write where they are beside the picture: such a film is made anew."""
    source = clips.film(0.5).replace(b"soun", b"meta").replace(b"mp4a", b"mett")
    assert films.probe(source).more
    _, result = films.fit(source, Film(format="mp4", most_bytes=90_000, **BOX))
    assert not films.probe(result).more


def test_other_files_are_refused() -> None:
    """What is no MP4 and no 3GP is not touched."""
    with pytest.raises(Unusable) as refused:
        films.strip_of(clips.film(0.2, container="webm", video="libvpx", audio="libopus"))
    assert refused.value.code == BROKEN
