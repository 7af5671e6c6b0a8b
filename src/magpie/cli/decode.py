"""`magpie smpp|mm7|mm1 decode`: what bytes mean."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from magpie.cli.failed import Exit, Failed
from magpie.cli.terminal import Output, put, put_json

if TYPE_CHECKING:
    from magpie.protocols.smpp import DecodeError

_BETWEEN = re.compile(r"[\s:,]|0x")
_HEADER = 16


def smpp(text: str, output: Output) -> None:
    """`-` is standard input. What cannot be read in full is told as far as it goes, and fails."""
    explained = [_explained(frame) for frame in _frames(_octets(_given(text)))]
    if output is Output.JSON:
        put_json(explained)
    else:
        put("\n\n".join("\n".join(_lines(one)) for one in explained))
    if wrong := next((one["wrong"] for one in explained if one.get("wrong")), None):
        raise Failed("a PDU is broken", cause=wrong)


def _given(text: str) -> str:
    return sys.stdin.read() if text == "-" else text


def mm7(file: Path) -> None:
    from magpie.protocols.mm7 import ReadError, dump, read_capture

    try:
        put(dump(read_capture(_content(file))))
    except ReadError as wrong:
        raise Failed(f"{file} is no message of MM7", cause=str(wrong)) from wrong


def mm1(file: Path) -> None:
    """A file may hold hexadecimal, as traces and captures show it."""
    from magpie.protocols.mm1 import dump

    lines = dump(_plain(_content(file)))
    if lines:
        put("\n".join(lines))
    if not any(line.startswith("X-Mms-Message-Type") for line in lines):
        raise Failed(f"{file} is no PDU of MM1", cause="it has no X-Mms-Message-Type")


def _content(file: Path) -> bytes:
    return sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()


def _plain(content: bytes) -> bytes:
    """A PDU of MM1, and a push, hold octets that are no ASCII."""
    try:
        return bytes.fromhex(content.decode("ascii"))
    except ValueError:
        return content


def _octets(text: str) -> bytes:
    try:
        return bytes.fromhex(_BETWEEN.sub("", text))
    except ValueError as wrong:
        raise Failed(
            "that is not hexadecimal", cause=str(wrong), fix="two digits an octet", code=Exit.USAGE
        ) from wrong


def _frames(octets: bytes) -> Iterator[bytes]:
    """By their command_length (SMPP 3.4 clause 3.2)."""
    if not octets:
        raise Failed("there is nothing to decode", fix="magpie smpp decode --help", code=Exit.USAGE)
    while octets:
        length = int.from_bytes(octets[:4], "big")
        if length < _HEADER or len(octets) < _HEADER:
            raise Failed(
                "that is no PDU", cause=f"its length says {length}, {len(octets)} octets are there"
            )
        yield octets[:length]
        octets = octets[length:]


def _explained(frame: bytes) -> dict[str, Any]:
    from magpie.carriers.smpp.trace import read
    from magpie.protocols.smpp import (
        DataSm,
        DecodeError,
        DeliverSm,
        SubmitSm,
        decode,
        read_receipt,
        read_text,
    )

    whole = len(frame).to_bytes(4, "big") + frame[4:]
    try:
        pdu = decode(whole)
    except DecodeError as wrong:
        return _broken(frame, wrong)
    shown = read(pdu, True)
    told: dict[str, Any] = {
        "what": shown.what,
        "sequence": shown.sequence,
        "status": shown.status,
        "octets": len(frame),
        "fields": shown.fields,
    }
    if cut := _reason(frame):
        told["wrong"] = cut
    if isinstance(pdu, DeliverSm | DataSm) and (receipt := read_receipt(pdu)):
        told["receipt"] = {
            "id": receipt.message_id,
            "state": receipt.state.name,
            "error": receipt.error,
            "done": receipt.done_date_raw,
        }
    elif isinstance(pdu, SubmitSm | DeliverSm | DataSm):
        told["text"] = read_text(pdu).body
    return told


def _broken(frame: bytes, wrong: "DecodeError") -> dict[str, Any]:
    """What could be read of it, and why no more."""
    from magpie.carriers.smpp.trace import shown
    from magpie.protocols.smpp.errors import command_name
    from magpie.protocols.smpp.status import status_name

    return {
        "what": command_name(wrong.command_id),
        "sequence": str(wrong.sequence),
        "status": status_name(int.from_bytes(frame[8:12], "big")),
        "octets": len(frame),
        "fields": {name: shown(name, value) for name, value in wrong.read.items() if value},
        "wrong": _reason(frame, str(wrong)),
    }


def _reason(frame: bytes, why: str = "") -> str:
    length = int.from_bytes(frame[:4], "big")
    cut = f"its length says {length}, {len(frame)} octets are there"
    return "; ".join(filter(None, (why, cut if length != len(frame) else "")))


def _lines(one: dict[str, Any]) -> Iterator[str]:
    yield f"{one['what']} {one['sequence']}, {one['status']}, {one['octets']} octets"
    for name in ("fields", "receipt"):
        for field, value in one.get(name, {}).items():
            yield f"  {field.replace('_', ' ')}: {value}"
    if one.get("text") is not None:
        yield f"  text: {one['text']!r}"
    if one.get("wrong"):
        yield f"  not readable: {one['wrong']}"
