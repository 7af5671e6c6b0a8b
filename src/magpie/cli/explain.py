"""`magpie explain`: why a message is in its state."""

import sys
from pathlib import Path
from typing import Any

from magpie import sids
from magpie.cli.client import Client, segment
from magpie.cli.failed import Exit, Failed
from magpie.cli.follow import timeline
from magpie.cli.running import needed
from magpie.cli.terminal import BOLD, Output, paint, put, put_json
from magpie.messages import story


def explain(sid: str, data: Path | None, output: Output) -> None:
    if not sids.is_sid(sid, "SM", "MM"):
        raise Failed(
            f"{sid} is not the SID of a message",
            cause="it has SM or MM and 32 hexadecimal digits",
            code=Exit.USAGE,
        )
    client = Client(needed(data))
    message: dict[str, Any] = client.get(f"{client.account}/Messages/{segment(sid)}.json")
    told = story.tell(message, timeline(client, sid))
    if output is Output.JSON:
        put_json(told._asdict())
    else:
        put(page(told))


def page(told: story.Story) -> str:
    happened = [f"  {line}" for line in told.happened] or ["  nothing is recorded"]
    sentences = (("Why", told.why), ("Next", told.next), ("To do", told.todo))
    return "\n".join([told.state, "", *happened, "", *(_row(*pair) for pair in sentences)])


def _row(name: str, text: str) -> str:
    return f"{paint(name.ljust(5), BOLD, sys.stdout)}  {text}"
