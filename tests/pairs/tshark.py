"""Wireshark's decoder: another reader of what our codecs write."""

import json
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

from tests.pairs import pcap

_SECONDS = 60
_USER = 147
"""LINKTYPE_USER0: whatever both sides take it for."""


def decoded(
    folder: Path,
    packets: Sequence[bytes],
    *,
    port: int,
    protocol: str,
    transport: Literal["tcp", "udp"] = "tcp",
) -> list[dict[str, Any]]:
    """The layers of each packet as tshark tells them, payloads of this port read as `protocol`."""
    text, capture = folder / "packets.txt", folder / "packets.pcap"
    text.write_text("\n".join(_dumped(packet) for packet in packets))
    ports = ["-T" if transport == "tcp" else "-u", f"40000,{port}"]
    _run(["text2pcap", "-q", *ports, str(text), str(capture)])
    return _read(capture, f"{transport}.port=={port},{protocol}")


def alone(folder: Path, packets: Sequence[bytes], *, protocol: str) -> list[dict[str, Any]]:
    """The layers of each packet, which has nothing around it."""
    text, capture = folder / "packets.txt", folder / "packets.pcap"
    text.write_text("\n".join(_dumped(packet) for packet in packets))
    _run(["text2pcap", "-q", "-l", str(_USER), str(text), str(capture)])
    table = f'uat:user_dlts:"User 0 (DLT={_USER})","{protocol}","0","","0",""'
    return _layers(["-o", table, "-r", str(capture)])


def conversed(
    folder: Path, conversations: Sequence[pcap.Conversation], *, port: int, protocol: str
) -> list[dict[str, Any]]:
    """The layers of all packets of whole connections."""
    capture = folder / "conversations.pcap"
    pcap.write(capture, conversations, port)
    return _read(capture, f"tcp.port=={port},{protocol}")


def _read(capture: Path, decode_as: str) -> list[dict[str, Any]]:
    return _layers(["-r", str(capture), "-d", decode_as])


def _layers(options: list[str]) -> list[dict[str, Any]]:
    told = _run(["tshark", *options, "-T", "json", "--no-duplicate-keys"])
    return [packet["_source"]["layers"] for packet in json.loads(told)]


def faults(layers: Any) -> list[str]:
    """What tshark finds malformed, or worth a warning, anywhere in it."""
    return [
        f"{name}: {value}"
        for name, value in _pairs(layers)
        if name.startswith("_ws.malformed")
        or (name == "_ws.expert.severity" and int(value) >= 0x600000)
    ]


def values(layers: Any, name: str) -> list[str]:
    """Those of a field, wherever it stands."""
    return [str(value) for key, value in _pairs(layers) if key == name and not _is_tree(value)]


def _pairs(tree: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(tree, dict):
        for name, value in tree.items():
            if isinstance(value, list):
                yield from ((name, one) for one in value)
            else:
                yield name, value
            yield from _pairs(value)
    elif isinstance(tree, list):
        for one in tree:
            yield from _pairs(one)


def _is_tree(value: Any) -> bool:
    return isinstance(value, dict | list)


def _dumped(packet: bytes) -> str:
    """As `text2pcap` reads it: offset and octets; an offset of 0 begins a packet."""
    lines = [f"{at:06x} {packet[at : at + 16].hex(' ')}" for at in range(0, len(packet), 16)]
    return "\n".join([*lines, f"{len(packet):06x}"])


def _run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
