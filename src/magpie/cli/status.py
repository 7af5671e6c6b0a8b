"""`magpie status`: a running Magpie in a few lines."""

import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import magpie
from magpie.app.card import FILE, Card
from magpie.cli.client import Client
from magpie.cli.running import needed, settings
from magpie.cli.terminal import Output, put, put_json, table
from magpie.kit import clock
from magpie.messages.story import duration

_MOST = "1000"


def status(data: Path | None, output: Output) -> None:
    card = needed(data)
    report = gather(card, settings({"data": data}).data)
    if output is Output.JSON:
        put_json(report)
    else:
        put(page(report))


def gather(card: Card, data: Path) -> dict[str, Any]:
    client = Client(card)
    # The card is written when the server answers for the first time.
    since = datetime.fromtimestamp((data / FILE).stat().st_mtime, UTC)
    ready, problems = client.ready()
    carriers = client.find("/simulator/v1/Carriers", PageSize=_MOST) or {}
    lanes = client.find("/magpie/v1/Lanes", PageSize=_MOST) or {}
    return {
        "pid": card.pid,
        "base_url": card.base_url,
        "since": since.isoformat(timespec="seconds"),
        "up_seconds": round((clock.now() - since).total_seconds()),
        "version": magpie.__version__,
        "python": platform.python_version(),
        "data": str(data),
        "ready": ready,
        "problems": problems.get("problems", {}),
        "lanes": lanes.get("lanes", []),
        "simulated_carriers": carriers.get("carriers", []),
    }


def page(report: dict[str, Any]) -> str:
    up = duration(report["up_seconds"])
    lines = [
        f"Magpie {report['version']} runs at {report['base_url']}",
        f"since {report['since']} ({up}), pid {report['pid']}, data in {report['data']}",
    ]
    wrong = [f"problem: {name}: {text}" for name, text in report["problems"].items()]
    lines += wrong or ["ready: yes"]
    return "\n\n".join(["\n".join(lines), *_tables(report)])


def _tables(report: dict[str, Any]) -> list[str]:
    lanes = [
        (
            one["lane"],
            one["waiting"] or 0,
            "-" if one["rate"] is None else f"{one['rate']:g}/s",
            "paused" if one["paused"] else "open",
        )
        for one in report["lanes"]
    ]
    carriers = [
        (one["name"], "yes" if one["mms"] else "no", one["max_bytes"])
        for one in report["simulated_carriers"]
    ]
    found = []
    if lanes:
        found.append(table(("SENDER", "WAITING", "RATE", "LANE"), lanes))
    if carriers:
        found.append(table(("SIMULATED CARRIER", "MMS", "MOST BYTES"), carriers))
    return found
