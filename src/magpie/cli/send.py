"""`magpie send`: one message over the API, and what becomes of it."""

from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from magpie.app.card import Card
from magpie.cli.client import Client
from magpie.cli.failed import Exit, Failed
from magpie.cli.follow import follow
from magpie.cli.running import needed
from magpie.cli.terminal import Output, put, put_json
from magpie.messages.lifecycle import Status


class Order(NamedTuple):
    to: str
    body: str
    media: tuple[str, ...]
    sender: str | None


def send(
    order: Order, data: Path | None, *, wait: str | None, timeout: float, output: Output
) -> None:
    if wait is not None and wait not in frozenset(Status):
        raise Failed(
            f"{wait} is not a status",
            fix=f"one of {', '.join(Status)}",
            code=Exit.USAGE,
        )
    fields, files = form(order)
    card = needed(data)
    client = Client(card)
    fields.append(("From", order.sender or _sender(card, mms=bool(order.media))))
    message: dict[str, Any] = client.post(f"{client.account}/Messages.json", fields, files)
    if output is Output.TABLE:
        put(message["sid"])
    try:
        if wait is not None:
            message = follow(client, message["sid"], Status(wait), timeout)
    finally:
        if output is Output.JSON:
            put_json(message)


def form(order: Order) -> tuple[list[tuple[str, str]], list[Path]]:
    """What is a URL is fetched by the platform, what is a file goes along."""
    if not order.body and not order.media:
        raise Failed(
            "there is nothing to send",
            fix=f'magpie send {order.to} "Hello"',
            code=Exit.USAGE,
        )
    urls = [one for one in order.media if urlsplit(one).scheme in {"http", "https"}]
    files = [Path(one) for one in order.media if one not in urls]
    for file in files:
        if not file.is_file():
            raise Failed(f"there is no file {file}", fix="ls", code=Exit.USAGE)
    fields = [("To", order.to), *(("MediaUrl", url) for url in urls)]
    return ([*fields, ("Body", order.body)] if order.body else fields), files


def _sender(card: Card, *, mms: bool) -> str:
    able = [sender.number for sender in card.senders if sender.mms or not mms]
    if not able:
        raise Failed("this Magpie has no sender for it", fix="magpie send --from NUMBER ...")
    return able[0]
