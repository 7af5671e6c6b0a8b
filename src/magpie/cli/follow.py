"""The life of one message, told while it happens."""

import sys
import time
from typing import Any

from magpie.cli.client import Client, segment
from magpie.cli.failed import Exit, Failed
from magpie.cli.terminal import FAINT, paint, say
from magpie.kit import clock
from magpie.messages import story
from magpie.messages.lifecycle import FINAL, Status

_FIRST_SECONDS = 0.05
_LONGEST_SECONDS = 1.0
_MOST_HOPS = "1000"

_LINE = (Status.ACCEPTED, Status.SCHEDULED, Status.QUEUED, Status.SENDING, Status.SENT)
_ORDER = (*_LINE, Status.DELIVERED, Status.READ)


def follow(client: Client, sid: str, wanted: Status, seconds: float) -> dict[str, Any]:
    """Give the message once it has the status, or has passed it; raises Failed if it never will."""
    end = clock.monotonic() + seconds
    pause, told = _FIRST_SECONDS, 0
    while True:
        # The story is read after the state, so that it holds all that led to it.
        message: dict[str, Any] = client.get(f"{client.account}/Messages/{segment(sid)}.json")
        lines = story.lines(timeline(client, sid))
        for line in lines[told:]:
            say(paint(line, FAINT, sys.stderr))
        told = max(told, len(lines))
        if reached(wanted, Status(message["status"])):
            return message
        _refuse_ended(message, sid)
        if clock.monotonic() + pause > end:
            raise Failed(
                f"{sid} is {message['status']} after {seconds:g} s, not {wanted}",
                fix=f"magpie explain {sid}",
                code=Exit.TIMEOUT,
            )
        time.sleep(pause)
        pause = min(pause * 1.5, _LONGEST_SECONDS)


def timeline(client: Client, sid: str) -> list[story.Hop]:
    path = f"/magpie/v1/Messages/{segment(sid)}/Timeline"
    return story.read(client.get(path, PageSize=_MOST_HOPS))


def reached(wanted: Status, now: Status) -> bool:
    """A message that is delivered was sent before."""
    if now is wanted:
        return True
    return wanted in _ORDER and now in _ORDER and _ORDER.index(now) > _ORDER.index(wanted)


def _refuse_ended(message: dict[str, Any], sid: str) -> None:
    status = Status(message["status"])
    if status not in FINAL or status is Status.DELIVERED:
        return
    code, text = message.get("error_code"), message.get("error_message")
    raise Failed(
        f"{sid} is {status}",
        cause=f"{code}: {text}" if code else "",
        fix=f"magpie explain {sid}",
    )
