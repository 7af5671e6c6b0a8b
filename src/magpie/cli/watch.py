"""Messages and lanes, looked at again and again; q or Ctrl-C ends it."""

import time
from pathlib import Path
from typing import Any

from magpie.cli.client import Client
from magpie.cli.messages import find
from magpie.cli.running import needed

_ROWS = 20
_COLOURS = {
    "delivered": "green",
    "read": "green",
    "received": "green",
    "failed": "red",
    "undelivered": "red",
}


def watch(interval: float, times: int | None, data: Path | None) -> None:
    from rich.console import Console, Group
    from rich.live import Live

    client = Client(needed(data))
    screen = Console()
    with Live(console=screen, screen=screen.is_terminal, auto_refresh=False) as live:
        while times is None or times > 0:
            lanes = client.get("/magpie/v1/Lanes", PageSize="100")["lanes"]
            live.update(Group(_lanes(lanes), _messages(find(client, "", _ROWS))), refresh=True)
            times = None if times is None else times - 1
            if times != 0:
                time.sleep(interval)


def _lanes(lanes: list[dict[str, Any]]) -> Any:
    from rich.table import Table

    table = Table("Sender", "Waiting", "Pace", "Oldest", title="Lanes", expand=True)
    for one in lanes:
        pace = "-" if one["rate"] is None else f"{one['rate']:g}/s"
        state = "paused" if one["paused"] else "draining" if one["draining"] else pace
        table.add_row(one["lane"], str(one["waiting"] or 0), state, one["oldest_at"] or "")
    return table


def _messages(found: list[dict[str, Any]]) -> Any:
    from rich.table import Table
    from rich.text import Text

    table = Table("Created", "From", "To", "Status", "Text", title="Messages", expand=True)
    for one in found:
        status = Text(one["status"], style=_COLOURS.get(one["status"], ""))
        text = Text(" ".join(one["body"].split()), overflow="ellipsis", no_wrap=True)
        table.add_row(one["date_created"][11:19], one["from"] or "", one["to"], status, text)
    return table
