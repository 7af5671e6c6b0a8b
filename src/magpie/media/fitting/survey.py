"""How long a film or a sound is, told by its packets: what a header says of it may be a lie."""

from collections.abc import Iterator
from typing import Final

import av
import msgspec
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Stream

from magpie.media.fitting import demux
from magpie.media.recipe import BROKEN, EXCESSIVE, MOST_SECONDS, Unusable

_SLACK: Final = 1.0
_WHOLE: Final = 0.9
"""Of what the header promises: less has been cut off."""
_HEADED: Final = frozenset({"film", "matroska", "wav", "au"})
"""Formats whose header knows the length; elsewhere FFmpeg guesses it by the first frames."""


class Track(msgspec.Struct):
    """One stream: seconds at which it, its last packet and its end come, packets, their bytes."""

    start: float = 0.0
    last: float = 0.0
    end: float = 0.0
    packets: int = 0
    size: int = 0

    @property
    def seconds(self) -> float:
        return max(0.0, self.end - self.start)

    @property
    def rate(self) -> float:
        """Packets a second."""
        return (self.packets - 1) / max(self.last - self.start, 1e-3)

    def add(self, packet: "Packet[Stream]") -> None:
        at = packet.pts if packet.pts is not None else packet.dts
        base = float(packet.time_base)
        lasts = (packet.duration or 0) * base
        start = self.end if at is None else at * base
        self.start = min(self.start, start) if self.packets else start
        self.end = max(self.end, start + lasts) if self.packets else start + lasts
        self.last = max(self.last, start) if self.packets else start
        self.packets += 1
        self.size += packet.size


class Survey(msgspec.Struct, frozen=True):
    video: Track | None
    audio: Track | None

    @property
    def tracks(self) -> list[Track]:
        return [track for track in (self.video, self.audio) if track is not None]

    @property
    def start(self) -> float:
        return min(track.start for track in self.tracks)

    @property
    def seconds(self) -> float:
        return max(track.end for track in self.tracks) - self.start


def survey(content: bytes) -> Survey:
    """Read every packet once and decode none. Raises Unusable for what is too long or cut off."""
    with demux.opened(content) as streams:
        promised = _promised(content, streams.container)
        tracks = {s.index: Track() for s in (streams.video, streams.audio) if s is not None}
        for packet in packets(streams.container):
            if packet.stream_index in tracks and not packet.is_discard:
                tracks[packet.stream_index].add(packet)
        video = tracks[streams.video.index] if streams.video is not None else None
        audio = tracks[streams.audio.index] if streams.audio is not None else None
    return _checked(_filled(video), _filled(audio), promised)


def packets(container: InputContainer) -> "Iterator[Packet[Stream]]":
    """Until the end, or until the file can be read no further: the length tells which it was."""
    number = 0
    reader = container.demux()
    while True:
        try:
            packet = next(reader, None)
        except (FFmpegError, OSError):
            return
        if packet is None:
            return
        number += 1
        if number > demux.MOST_PACKETS:
            raise Unusable(EXCESSIVE, f"more than {demux.MOST_PACKETS} packets")
        if packet.size:
            yield packet


def _promised(content: bytes, container: InputContainer) -> float:
    if demux.kind_of(content) not in _HEADED or container.duration is None:
        return 0.0
    seconds = container.duration / av.time_base
    _short_enough(seconds)
    return seconds


def _filled(track: Track | None) -> Track | None:
    return track if track is not None and track.packets else None


def _checked(video: Track | None, audio: Track | None, promised: float) -> Survey:
    seen = Survey(video, audio)
    if not seen.tracks:
        raise Unusable(BROKEN, "there is nothing in it")
    for track in seen.tracks:
        _short_enough(track.seconds)
    _short_enough(seen.seconds)
    if seen.seconds < promised * _WHOLE - _SLACK:
        raise Unusable(BROKEN, f"cut off after {seen.seconds:.1f} of {promised:.1f} s")
    return seen


def _short_enough(seconds: float) -> None:
    if not -MOST_SECONDS <= seconds <= MOST_SECONDS + _SLACK:
        raise Unusable(EXCESSIVE, f"{seconds:.0f} s, {MOST_SECONDS:.0f} s are the most")
