"""The codecs that Magpie uses have room to work inside the sandbox."""

import base64
import io
from collections.abc import AsyncIterator
from typing import Any

import av
import pytest
from PIL import Image

from magpie.media.recipe import Film, Picture, Probe, Sound, encode
from magpie.media.sandbox import Sandbox

WIDTH, HEIGHT, PICTURES, RATE = 96, 64, 12, 12

# One red intra picture of HEVC in a still image file; there is no encoder of these to be had.
HEIC = base64.b64decode(
    "AAAAGGZ0eXBoZWljAAAAAG1pZjFoZWljAAABJ21ldGEAAAAAAAAAIWhkbHIAAAAAAAAAAHBpY3QAAAAAAAAAAAAAAAAA"
    "AAAADnBpdG0AAAAAAAEAAAAeaWxvYwAAAABEAAABAAEAAAABAAABRwAAABkAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAA"
    "AAABAABodmMxAAAAAKtpcHJwAAAAjmlwY28AAAByaHZjQwEECAAAAJ+oAAAAAB7wAPz9+PgAAA8DoAABABdAAQwB//8E"
    "CAAAAwCfqAAAAwAAHroCQKEAAQAmQgEBBAgAAAMAn6gAAAMAAB6gMIEFlupJMrmgIAAAAwAgAAADACGiAAEAB0QBwXKw"
    "IkAAAAAUaXNwZQAAAAAAAABgAAAAQAAAABVpcG1hAAAAAAAAAAEAAQKBAgAAACFtZGF0AAAAFSgBr3jrAgH/62//8g+l"
    "4d5UVGEnvw=="
)


@pytest.fixture(scope="module")
async def sandbox() -> AsyncIterator[Sandbox]:
    made = Sandbox()
    yield made
    await made.stop()


def picture(kind: str) -> bytes:
    if kind == "HEIC":
        return HEIC
    made = io.BytesIO()
    Image.new("RGB", (WIDTH, HEIGHT), (200, 30, 30)).save(made, kind)
    return made.getvalue()


def film(video: str, sound: str, container: str) -> bytes:
    made = io.BytesIO()
    with av.open(made, "w", format=container) as target:
        # Which kind of stream it is depends on the codec's name: nothing for a type checker.
        pictures: Any = target.add_stream(video, rate=RATE)
        pictures.width, pictures.height, pictures.pix_fmt = 352, 288, "yuv420p"
        tones: Any = target.add_stream(sound, rate=48000)
        for _ in range(PICTURES):
            target.mux(pictures.encode(av.VideoFrame(352, 288, "yuv420p")))
        for _ in range(48000 // 1024):
            quiet = av.AudioFrame(format="s16", layout="stereo", samples=1024)
            quiet.rate = 48000
            quiet.planes[0].update(bytes(4096))
            target.mux(tones.encode(quiet))
        target.mux(pictures.encode(None))
        target.mux(tones.encode(None))
    return made.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "AVIF", "TIFF", "BMP", "HEIC"])
async def test_every_kind_of_picture_becomes_a_jpeg(sandbox: Sandbox, kind: str) -> None:
    """Decoders find nothing missing that they would look for on the disk."""
    asked = Picture(format="jpeg", most_bytes=50_000, most_width=48, most_height=48)
    answer = await sandbox.run(encode(asked), picture(kind))
    image = Image.open(io.BytesIO(answer.content))
    assert (image.format, image.size) == ("JPEG", (48, 32))
    corner = image.convert("RGB").getpixel((2, 2))
    assert isinstance(corner, tuple)
    assert corner[0] > 180
    assert corner[1] < 60


@pytest.mark.parametrize(
    ("video", "sound", "container"),
    [
        ("libx264", "aac", "mp4"),
        ("h263", "aac", "3gp"),
        ("libvpx", "libopus", "webm"),
        ("mpeg4", "libmp3lame", "mp4"),
    ],
)
async def test_every_kind_of_film_is_made_again(
    sandbox: Sandbox, video: str, sound: str, container: str
) -> None:
    """Codecs that would like threads do without, and give a film that can be watched."""
    asked = Film(format="mp4", most_bytes=200_000, most_width=176, most_height=144)
    answer = await sandbox.run(encode(asked), film(video, sound, container), cpu_seconds=30)
    with av.open(io.BytesIO(answer.content), "r") as made:
        assert {s.codec_context.name for s in made.streams} == {"h264", "aac"}
        assert len(list(made.decode(video=0))) == PICTURES


async def test_sound_is_made_again(sandbox: Sandbox) -> None:
    """AMR is encoded by a library that is found without its folder."""
    asked = Sound(format="amr", most_bytes=100_000)
    answer = await sandbox.run(encode(asked), film("libx264", "aac", "mp4"))
    assert answer.content.startswith(b"#!AMR\n")


async def test_a_probe_tells_of_a_film(sandbox: Sandbox) -> None:
    """What it is comes back as words alone."""
    answer = await sandbox.run(
        encode(Probe(content_type="video/mp4")), film("libx264", "aac", "mp4")
    )
    assert b'"video":"h264"' in answer.result
    assert answer.content == b""
