"""Messages in the terminal: a list by the console's search, and one with all its hops."""

import sys
from pathlib import Path
from typing import Any

from magpie.cli.client import Client, segment
from magpie.cli.follow import timeline
from magpie.cli.running import needed
from magpie.cli.terminal import Listing, Output, put, put_json, put_list, table
from magpie.messages import story

_LONGEST = 40
_HEADS = ("SID", "CREATED", "FROM", "TO", "STATUS", "ERROR", "TEXT")


def list_(query: str, limit: int, data: Path | None, output: Listing) -> None:
    found = find(Client(needed(data)), query, limit)
    cut = output is Listing.TABLE and sys.stdout.isatty()
    put_list(output, found, _HEADS, rows(found, cut=cut))


def show(sid: str, data: Path | None, output: Output, *, request: bool = False) -> None:
    """With `request` the one by which it came is told, too; in JSON it always is."""
    client = Client(needed(data))
    message: dict[str, Any] = client.get(f"{client.account}/Messages/{segment(sid)}.json")
    hops = timeline(client, sid)
    if output is Output.JSON:
        told = [{"at": hop.at.isoformat(), "hop": hop.name, "detail": hop.detail} for hop in hops]
        put_json(message | {"timeline": told, "request": _came(client, sid)})
        return
    pairs = [(name, message[name]) for name in _SHOWN if message.get(name) not in (None, "")]
    put(table(("FIELD", "VALUE"), pairs))
    put("")
    put("\n".join(story.lines(hops)))
    if request:
        put("")
        put(raw(_came(client, sid)))


def settle(sid: str, outcome: str, data: Path | None, output: Output) -> None:
    client = Client(needed(data))
    told = client.post(f"/magpie/v1/Messages/{segment(sid)}/Outcome", [("Outcome", outcome)])
    if output is Output.JSON:
        put_json(told)
    else:
        put(f"{told['sid']} is {told['status']}")


def raw(came: dict[str, Any] | None) -> str:
    """The request as it stood on the wire; of SMPP the octets of its PDUs."""
    if came is None:
        return "(no request is kept of it)"
    if came["pdus"] is not None:
        return f"SMPP of {came['by']}\n{came['pdus']}"
    head = [f"{came['method']} {came['target']}", *(f"{k}: {v}" for k, v in came["headers"])]
    return "\n".join([*head, "", came["body"]])


def _came(client: Client, sid: str) -> dict[str, Any] | None:
    found: dict[str, Any] | None = client.find(f"/magpie/v1/Messages/{segment(sid)}/Request")
    return found


def find(client: Client, query: str, limit: int) -> list[dict[str, Any]]:
    asked = {"PageSize": str(limit)} | ({"Q": query} if query else {})
    found: list[dict[str, Any]] = client.get("/magpie/v1/Messages", **asked)["messages"]
    return found


def rows(found: list[dict[str, Any]], *, cut: bool) -> list[tuple[str, ...]]:
    """Long texts are `cut` for a person; a program gets them whole, in one line."""
    return [
        (
            one["sid"],
            one["date_created"][:19],
            one["from"] or "",
            one["to"],
            one["status"],
            str(one["error_code"] or ""),
            _text(one["body"], cut=cut),
        )
        for one in found
    ]


def _text(text: str, *, cut: bool) -> str:
    plain = " ".join(text.split())
    return (
        plain
        if not cut or len(plain) <= _LONGEST
        else f"{plain[: _LONGEST - 1]}\N{HORIZONTAL ELLIPSIS}"
    )


_SHOWN = (
    "sid",
    "from",
    "to",
    "body",
    "status",
    "error_code",
    "error_message",
    "direction",
    "num_segments",
    "num_media",
    "date_created",
    "date_sent",
)
