"""Connections as a file that Wireshark reads: whole ones, from their first SYN to their last FIN.

What is between is IPv4 without a network card below it, and nothing is lost or sent twice.
"""

import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

_RAW = 101
"""LINKTYPE_RAW."""
_LARGEST = 1400
_FIRST = 40_000
_FIN, _SYN, _PSH, _ACK = 0x01, 0x02, 0x08, 0x10
_WINDOW = 65_535


class Piece(NamedTuple):
    """`up` is from the client to the server."""

    up: bool
    data: bytes


Conversation = list[Piece]


def write(path: Path, conversations: Sequence[Conversation], port: int) -> None:
    """All with servers on the one `port`."""
    with path.open("wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65_535, _RAW))
        packets = (
            packet
            for number, pieces in enumerate(conversations)
            for packet in _packets(pieces, (_FIRST + number, port))
        )
        for time, packet in enumerate(packets):
            seconds, millis = divmod(time, 1000)
            file.write(struct.pack("<IIII", seconds, 1000 * millis, len(packet), len(packet)))
            file.write(packet)


def _packets(pieces: Conversation, ports: tuple[int, int]) -> Iterator[bytes]:
    sent = {True: 0, False: 0}

    def packet(up: bool, flags: int, data: bytes = b"") -> bytes:
        made = _packet(ports if up else ports[::-1], sent[up], sent[not up], flags, data)
        sent[up] += len(data) + bool(flags & (_SYN | _FIN))
        return made

    yield packet(True, _SYN)
    yield packet(False, _SYN | _ACK)
    yield packet(True, _ACK)
    for up, data in pieces:
        for at in range(0, len(data), _LARGEST):
            yield packet(up, _PSH | _ACK, data[at : at + _LARGEST])
    for up in (True, False):
        yield packet(up, _FIN | _ACK)
    yield packet(True, _ACK)


def _packet(ports: tuple[int, int], sent: int, got: int, flags: int, data: bytes) -> bytes:
    tcp = struct.pack(">HHIIBBHHH", *ports, sent, got, 5 << 4, flags, _WINDOW, 0, 0)
    length = 20 + len(tcp) + len(data)
    ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, length, 0, 0, 64, 6, 0, b"\x7f\0\0\1", b"\x7f\0\0\1")
    return ip + tcp + data
