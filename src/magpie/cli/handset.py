"""Phones of the simulated network: who they are, what they say, what they get."""

import time
from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from magpie.app.card import Card
from magpie.cli.client import Client, segment
from magpie.cli.failed import Exit, Failed
from magpie.cli.kinds import kind_of
from magpie.cli.running import needed
from magpie.cli.terminal import Listing, Output, put, put_json, put_list
from magpie.kit import clock

_AT = "/simulator/v1/Handsets"
# The server holds an answer this long.
_HOLD = 5


def ls(data: Path | None, output: Listing) -> None:
    found = Client(needed(data)).get(_AT, PageSize="1000")["handsets"]
    rows = [(one["number"], one["carrier"], one["state"]) for one in found]
    put_list(output, found, ("NUMBER", "CARRIER", "STATE"), rows)


def say(
    number: str, body: str, to: str | None, files: Sequence[Path], data: Path | None, output: Output
) -> None:
    if not body and not files:
        raise Failed(
            "there is nothing to say", fix=f'magpie handset say {number} "Hello"', code=Exit.USAGE
        )
    card = needed(data)
    client = Client(card)
    media = [_media(file) for file in files]
    receiver = to or _correspondent(client, number, card)
    sent = client.post_json(
        f"{_AT}/{segment(number)}/Messages", {"to": receiver, "body": body, "media": media}
    )
    _show(sent, output)


def wait(
    number: str, contains: str, timeout: float, since: float, data: Path | None, output: Output
) -> None:
    client = Client(needed(data), seconds=_HOLD + 10)
    began = clock.now().timestamp() - since
    until = time.monotonic() + timeout
    while True:
        for one in messages(client, number, hold=max(0, min(_HOLD, until - time.monotonic()))):
            if contains.lower() in one["body"].lower() and _at(one) >= began:
                _show(one, output)
                return
        if time.monotonic() >= until:
            raise Failed(
                f"nothing like that came to {number} in {timeout:g} s",
                fix="magpie messages list",
                code=Exit.TIMEOUT,
            )
        time.sleep(0.1)


def messages(client: Client, number: str, *, hold: float = 0.0) -> list[dict[str, Any]]:
    """What the phone got, newest first; waits so long if there is nothing at all."""
    query = {"wait": str(int(hold)), "PageSize": "50"}
    found: list[dict[str, Any]] = client.get(f"{_AT}/{segment(number)}/Messages", **query)[
        "messages"
    ]
    return found


def _correspondent(client: Client, number: str, card: Card) -> str:
    got = messages(client, number)
    if got:
        return str(got[0]["from"])
    if not card.senders:
        raise Failed("nobody has written to it yet", fix="--to NUMBER", code=Exit.USAGE)
    return card.senders[0].number


def _media(file: Path) -> dict[str, str]:
    if not file.is_file():
        raise Failed(f"there is no file {file}", fix="ls", code=Exit.USAGE)
    content = b64encode(file.read_bytes()).decode()
    return {"content_type": kind_of(file), "base64": content, "name": file.name}


def _at(message: dict[str, Any]) -> float:
    from datetime import datetime

    return datetime.fromisoformat(message["received_at"]).timestamp()


def _show(message: dict[str, Any], output: Output) -> None:
    if output is Output.JSON:
        put_json(message)
        return
    put(f"{message['from']} -> {message['to']}: {message['body']}".rstrip())
    for part in message["parts"]:
        put(f"  {part['content_type']}, {part['size']} bytes, {part['url']}")
