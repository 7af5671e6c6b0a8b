"""`magpie carriers`: the links of a running Magpie."""

import json
import time
from pathlib import Path
from typing import Any, Final

from magpie.cli.client import Client, segment
from magpie.cli.running import needed
from magpie.cli.terminal import Listing, Output, put, put_json, put_list, say

_PATH: Final = "/magpie/v1/Carriers"
_MOST: Final = "1000"
_PAUSE: Final = 0.5


def ls(data: Path | None, output: Listing) -> None:
    listed: list[dict[str, Any]] = Client(needed(data)).get(_PATH, PageSize=_MOST)["carriers"]
    rows = [
        (
            one["name"],
            one["kind"] or "?",
            one["origin"],
            one["status"],
            one["state"],
            _sum(one, "outstanding"),
            _sum(one, "waiting"),
            next((node["last_error"] for node in one["nodes"] if node["last_error"]), ""),
        )
        for one in listed
    ]
    heads = ("NAME", "KIND", "FROM", "STATUS", "STATE", "OUTSTANDING", "WAITING", "LAST ERROR")
    put_list(output, listed, heads, rows)


def show(name: str, data: Path | None, output: Output) -> None:
    told: dict[str, Any] = Client(needed(data)).get(f"{_PATH}/{segment(name)}")
    if output is Output.JSON:
        put_json(told)
    else:
        put(page(told))


def page(told: dict[str, Any]) -> str:
    head = f"{told['name']} ({told['kind']}, from {told['origin']}) is {told['status']}"
    lines = [f"{head}, {told['state']}", f"receipts without a message: {told['parked_receipts']}"]
    for node in told["nodes"]:
        lines += ["", f"on {node['node']}: {node['state']} since {node['since']}"]
        lines += [f"  {line}" for line in _health(node)]
    lines += ["", "configuration"]
    given: dict[str, Any] = told["configuration"] or {}
    lines += [f"  {name}: {_written(value)}" for name, value in given.items() if value is not None]
    return "\n".join(lines)


def _written(value: Any) -> str:
    """As it may stand in the settings."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def status(name: str, wanted: str, data: Path | None) -> None:
    path = f"{_PATH}/{segment(name)}"
    told = Client(needed(data)).post(path, [("Status", wanted)])
    put(f"{told['name']} is {told['status']}")


def trace(
    name: str,
    message: str | None,
    data: Path | None,
    output: Output,
    *,
    follow: bool,
    octets: bool,
) -> None:
    """With `message` what is about that one alone."""
    client = Client(needed(data))
    about = {"MessageSid": message} if message else {}
    seen = 0
    while True:
        query = {"PageSize": _MOST, **about, **({"After": str(seen)} if seen else {})}
        told = client.get(f"{_PATH}/{segment(name)}/Trace", **query)["trace"]
        if output is Output.JSON:
            for one in told if follow else [told]:
                put_json(one)
        else:
            for one in told:
                put(line(one, octets=octets))
        if not follow:
            if not told:
                what = f"nothing about {message}" if message else "nothing"
                say(f"{what} went over {name} on this node")
            return
        seen = max([seen, *(one["number"] for one in told)])
        time.sleep(_PAUSE)


def line(one: dict[str, Any], *, octets: bool = False) -> str:
    arrow = "->" if one["direction"] == "out" else "<-"
    fields = " ".join(f"{name}={value}" for name, value in one["fields"].items())
    parts = [one["at"][11:23], arrow, one["what"], one["sequence"], one["status"], fields]
    text = " ".join(part for part in parts if part)
    return f"{text}\n    {one['bytes']}" if octets else text


def _sum(one: dict[str, Any], name: str) -> int:
    return sum(node[name] for node in one["nodes"])


def _health(node: dict[str, Any]) -> list[str]:
    lines = [f"last error: {node['last_error']}"] if node["last_error"] else []
    window = f" of {node['window']}" if node["window"] else ""
    lines.append(f"without an answer: {node['outstanding']}{window}, waiting: {node['waiting']}")
    if node["share"] < 1 or node["paused_for"]:
        lines.append(f"throttled to {node['share']:.0%}, for {node['paused_for']} s")
    lines += [f"bind: {bind['state']}" for bind in node["binds"]]
    counted = [f"{name} {value}" for name, value in node["counters"].items() if value]
    return [*lines, ", ".join(counted)] if counted else lines
