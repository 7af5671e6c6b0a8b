"""`magpie smpp|mm7|mm1 decode`: what bytes mean."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from magpie.cli.failed import Exit, Failed
from magpie.cli.terminal import Output, put, put_json

_BETWEEN = re.compile(r"[\s:,]|0x")


def smpp(text: str, output: Output) -> None:
    explained = [_explained(frame) for frame in _frames(_octets(text))]
    if output is Output.JSON:
        put_json(explained)
        return
    put("\n\n".join("\n".join(_lines(one)) for one in explained))


def mm7(file: Path) -> None:
    from magpie.protocols.mm7 import ReadError, dump, read_capture

    try:
        put(dump(read_capture(_content(file))))
    except ReadError as wrong:
        raise Failed(f"{file} is no message of MM7", cause=str(wrong)) from wrong


def mm1(file: Path) -> None:
    from magpie.protocols.mm1 import DecodeError, dump

    try:
        put("\n".join(dump(_content(file))))
    except DecodeError as wrong:
        raise Failed(f"{file} is no PDU of MM1", cause=str(wrong)) from wrong


def _content(file: Path) -> bytes:
    return sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()


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
        if not 16 <= length <= len(octets):  # noqa: PLR2004 - a header has 16 octets
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

    try:
        pdu = decode(frame)
    except DecodeError as wrong:
        raise Failed("that is no PDU", cause=str(wrong)) from wrong
    shown = read(pdu, True)
    assert shown is not None
    told: dict[str, Any] = {
        "what": shown.what,
        "sequence": shown.sequence,
        "status": shown.status,
        "octets": len(frame),
        "fields": shown.fields,
    }
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


def _lines(one: dict[str, Any]) -> Iterator[str]:
    yield f"{one['what']} {one['sequence']}, {one['status']}, {one['octets']} octets"
    for name in ("fields", "receipt"):
        for field, value in one.get(name, {}).items():
            yield f"  {field.replace('_', ' ')}: {value}"
    if one.get("text") is not None:
        yield f"  text: {one['text']!r}"
