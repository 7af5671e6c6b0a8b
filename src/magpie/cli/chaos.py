"""Faults of the simulated carriers, switched from the terminal."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from magpie.cli.client import Client, segment
from magpie.cli.running import needed
from magpie.cli.terminal import put
from magpie.simulator.profile import BY_NAME, Profile

_AT = "/simulator/v1/Carriers"
_WHOLE = 100


def set_(
    carrier: str,
    shares: Mapping[str, float],
    refuse_code: int,
    latency: float | None,
    receipts: str,
    data: Path | None,
) -> None:
    faults: dict[str, Any] = {name: share / _WHOLE for name, share in shares.items()}
    change: dict[str, Any] = {
        "faults": faults | {"refuse_code": refuse_code},
        "receipts": receipts,
    }
    if latency is not None:
        change["latency"] = latency
    Client(needed(data)).post_json(f"{_AT}/{segment(carrier)}", change)
    told = [f"{name} {share:g} %" for name, share in shares.items() if share]
    told += [f"latency {latency:g} s"] if latency is not None else []
    told += [f"receipts {receipts}"] if receipts != "normal" else []
    put(f"{carrier}: {', '.join(told) or 'no faults'}")


def off(carrier: str, data: Path | None) -> None:
    """A built-in carrier is as it was at first, another one has no faults."""
    client = Client(needed(data))
    every = client.get(_AT, PageSize="1000")["carriers"]
    names = [carrier] if carrier else [one["name"] for one in every if _was_set(one)]
    for name in names:
        if name in BY_NAME:
            client.delete(f"{_AT}/{segment(name)}")
            put(f"{name}: as it was")
        else:
            calm = {"faults": {}, "latency": 0, "receipts": "normal"}
            client.post_json(f"{_AT}/{segment(name)}", calm)
            put(f"{name}: no faults")


def _was_set(carrier: Mapping[str, Any]) -> bool:
    name = carrier["name"]
    if name in BY_NAME:
        return msgspec.convert(carrier, Profile) != BY_NAME[name]
    shares = [value for key, value in carrier["faults"].items() if not key.endswith("_code")]
    return any(shares) or bool(carrier["latency"]) or carrier["receipts"] != "normal"
