"""`magpie trigger`: an event of the simulated network, with all its effects."""

from pathlib import Path
from typing import Any

from magpie.app.card import Card
from magpie.cli.client import Client, segment
from magpie.cli.failed import Exit, Failed
from magpie.cli.follow import follow
from magpie.cli.running import needed
from magpie.cli.terminal import Output, put, put_json
from magpie.messages.lifecycle import Status

_EVENTS = ("inbound-sms", "inbound-mms", "opt-out", "delivered", "failed:CODE", "undelivered:CODE")
_SIMULATOR = "/simulator/v1"
_SECONDS = 30.0
# One white dot.
_PICTURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTPmpgAAAABJRU5ErkJggg=="
)
_SAID: dict[str, dict[str, Any]] = {
    "inbound-sms": {"body": "Hello from a phone"},
    "inbound-mms": {
        "body": "Look at this",
        "media": [{"content_type": "image/png", "base64": _PICTURE, "name": "dot.png"}],
    },
    "opt-out": {"body": "STOP"},
}
_LEAVING = "+15554000001"
_FAULTS = {"failed": "refuse", "undelivered": "undelivered"}
_FIRST_CODE, _LAST_CODE = 30000, 69999


def trigger(
    event: str, sender: str | None, callback: str | None, data: Path | None, output: Output
) -> None:
    kind, code = parse(event)
    if callback and kind in _SAID:
        raise Failed(
            "what a phone sends has no status callback",
            cause="it is told to the SmsUrl of the number that gets it",
            fix=f"magpie listen --forward-to {callback}",
            code=Exit.USAGE,
        )
    card = needed(data)
    client = Client(card)
    own = sender or _sender(card, mms=kind == "inbound-mms")
    if kind in _SAID:
        phone = _leaving(client) if kind == "opt-out" else _phone(card)
        made = client.post_json(
            f"{_SIMULATOR}/Handsets/{segment(phone)}/Messages", {"to": own, **_SAID[kind]}
        )
    else:
        phone = _phone(card) if code is None else _unlucky(client, kind, code)
        made = _sent(client, own, phone, callback, Status(kind))
    if output is Output.JSON:
        put_json(made)
    else:
        put(made.get("sid") or made["id"])


def parse(event: str) -> tuple[str, int | None]:
    """The kind, and the code of what goes wrong. Raises Failed."""
    kind, colon, digits = event.partition(":")
    if not colon and (kind in _SAID or kind == "delivered"):
        return kind, None
    known = (
        kind in _FAULTS and digits.isascii() and digits.isdigit() and len(digits) == len("30005")
    )
    if known and _FIRST_CODE <= int(digits) <= _LAST_CODE:
        return kind, int(digits)
    raise Failed(f"{event} is no event", fix=f"one of {', '.join(_EVENTS)}", code=Exit.USAGE)


def _unlucky(client: Client, kind: str, code: int) -> str:
    """A phone of its own, on a carrier whose every message ends with this code."""
    fault = _FAULTS[kind]
    name = f"{kind}-{code}"
    faults = {fault: 1.0, f"{fault}_code": code}
    client.post_json(f"{_SIMULATOR}/Carriers", {"name": name, "faults": faults})
    number = f"+1555{'2' if kind == 'failed' else '3'}0{code:05}"
    client.post_json(f"{_SIMULATOR}/Handsets", {"number": number, "carrier": name})
    return number


def _leaving(client: Client) -> str:
    """A phone of its own: the first one stays able to get messages."""
    client.post_json(f"{_SIMULATOR}/Handsets", {"number": _LEAVING, "carrier": "simulator"})
    return _LEAVING


def _sent(
    client: Client, own: str, phone: str, callback: str | None, wanted: Status
) -> dict[str, Any]:
    fields = [("From", own), ("To", phone), ("Body", "Hello from Magpie")]
    fields += [("StatusCallback", callback)] if callback else []
    sid = client.post(f"{client.account}/Messages.json", fields)["sid"]
    try:
        return follow(client, sid, wanted, _SECONDS)
    except Failed as failed:
        if failed.code == Exit.TIMEOUT or wanted is Status.DELIVERED:
            raise
    ended: dict[str, Any] = client.get(f"{client.account}/Messages/{segment(sid)}.json")
    return ended


def _sender(card: Card, *, mms: bool) -> str:
    able = [one.number for one in card.senders if one.mms or not mms]
    if not able:
        raise Failed("this Magpie has no such number", fix="--sender NUMBER", code=Exit.USAGE)
    return able[0]


def _phone(card: Card) -> str:
    if not card.handsets:
        raise Failed("this Magpie has no simulated phones", fix="magpie up")
    return card.handsets[0].number
