"""`magpie listen`: what webhooks are told comes to a program, one line for each call."""

import json
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from magpie.cli.client import Client, segment
from magpie.cli.failed import Exit, Failed
from magpie.cli.running import needed
from magpie.cli.terminal import Output, put, say
from magpie.cli.webhooks import AT, SECONDS, address, again, answered

_PAUSE_SECONDS = 0.2
_MOST = "100"


def secret(data: Path | None) -> None:
    put(needed(data).auth_token)


def listen(forward_to: str, times: int | None, data: Path | None, output: Output) -> None:
    if not forward_to:
        raise Failed(
            "where is your program?",
            fix="magpie listen --forward-to localhost:3000/sms",
            code=Exit.USAGE,
        )
    url = address(forward_to)
    signal.signal(signal.SIGTERM, _interrupted)
    client = Client(needed(data), seconds=SECONDS)
    last = _newest(client)
    with _answering(client, url) as numbers:
        own = f", and answers {', '.join(numbers)}" if numbers else ""
        say(f"Ready: all calls come to {url}{own}. Ctrl-C ends it.")
        left = times
        for call in _calls(client, last):
            _tell(_forwarded(client, call, url), output)
            left = None if left is None else left - 1
            if left == 0:
                return


def _interrupted(*_: object) -> None:
    """Whoever ends it kindly finds the numbers as they were."""
    raise KeyboardInterrupt


def _newest(client: Client) -> str | None:
    found = client.get(AT, PageSize="1")["webhooks"]
    return found[0]["sid"] if found else None


def _calls(client: Client, last: str | None) -> Iterator[dict[str, Any]]:
    """Those that come from now on; replays are somebody's own."""
    while True:
        token = {"PageToken": f"PB{last}"} if last else {}
        found = client.get(AT, PageSize=_MOST, **token)["webhooks"]
        for call in reversed(found):
            last = call["sid"]
            if call["replay_of"] is None:
                yield call
        if not found:
            time.sleep(_PAUSE_SECONDS)


def _forwarded(client: Client, call: dict[str, Any], url: str) -> dict[str, Any]:
    """What went to the program anyway is not sent to it twice."""
    here = call["url"] == url.partition("#")[0].partition("?")[0]
    return call if here else again(client, call["sid"], url)


def _tell(call: dict[str, Any], output: Output) -> None:
    if output is Output.JSON:
        put(json.dumps(call, ensure_ascii=False))
        return
    at = call["date_created"][11:19]
    about = call["message_sid"] or ""
    put(f"{at}  {call['event']:<11}  {answered(call):<15}  {call['ms']:>7g} ms  {about}".rstrip())


@contextmanager
def _answering(client: Client, url: str) -> Iterator[list[str]]:
    """Numbers that nobody answers have the program's address meanwhile."""
    at = f"{client.account}/IncomingPhoneNumbers"
    listed = client.get(f"{at}.json", PageSize="1000")["incoming_phone_numbers"]
    free = [one for one in listed if not one["sms_url"] and not one["sms_application_sid"]]
    for one in free:
        client.post(f"{at}/{segment(one['sid'])}.json", [("SmsUrl", url)])
    try:
        yield [one["phone_number"] for one in free]
    finally:
        for one in free:
            path = f"{at}/{segment(one['sid'])}.json"
            now = client.find(path)
            if now is not None and now["sms_url"] == url:
                client.post(path, [("SmsUrl", "")])
