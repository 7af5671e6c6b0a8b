"""`magpie webhooks`: the calls of a program, and calling it again."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from magpie.cli.client import Client, segment
from magpie.cli.failed import Exit, Failed
from magpie.cli.running import needed
from magpie.cli.terminal import Listing, Output, put, put_json, put_list

AT = "/magpie/v1/Webhooks"
# A program may take 15 s to answer, and be tried again.
SECONDS = 60.0


class Wanted(NamedTuple):
    failed: bool
    message: str | None
    url: str | None
    limit: int

    @property
    def any(self) -> bool:
        return self.failed or bool(self.message or self.url)


def list_(wanted: Wanted, data: Path | None, output: Listing) -> None:
    found = find(Client(needed(data)), wanted)
    heads = ("TIME", "SID", "EVENT", "TRY", "ANSWER", "MS", "URL")
    put_list(output, found, heads, [_cells(one) for one in found])


def find(client: Client, wanted: Wanted) -> list[dict[str, Any]]:
    query = {"PageSize": str(wanted.limit)}
    query |= {"Failed": "true"} if wanted.failed else {}
    query |= {"MessageSid": wanted.message} if wanted.message else {}
    query |= {"Url": wanted.url} if wanted.url else {}
    found: list[dict[str, Any]] = client.get(AT, **query)["webhooks"]
    return found


def show(sid: str, data: Path | None, output: Output) -> None:
    found = Client(needed(data)).get(f"{AT}/{segment(sid)}")
    if output is Output.JSON:
        put_json(found)
    else:
        put(page(found))


def page(one: dict[str, Any]) -> str:
    request, response = one["request"], one["response"]
    lines = [
        f"{one['event']} at {one['date_created']}, try {one['attempt']} of {one['attempts']}",
        "",
        f"{one['method']} {request['url']}",
        *(f"{name}: {value}" for name, value in request["headers"].items()),
        "",
        *(f"{name} = {value}" for name, value in request["params"]),
        "",
        f"{answered(one)} after {one['ms']:g} ms",
    ]
    if response is not None:
        lines += [f"{name}: {value}" for name, value in response["headers"]]
        lines += ["", response.get("body", "(no text)")]
    return "\n".join(lines)


def replay(
    sids: Sequence[str], wanted: Wanted, to: str | None, data: Path | None, output: Output
) -> None:
    """Ends with a failure if one of them was not answered well."""
    if bool(sids) == wanted.any:
        raise Failed(
            "name SIDs, or a filter",
            fix="magpie webhooks replay --failed",
            code=Exit.USAGE,
        )
    client = Client(needed(data), seconds=SECONDS)
    chosen = sids or [one["sid"] for one in reversed(find(client, wanted))]
    found = []
    for sid in chosen:
        found.append(again(client, sid, address(to) if to else None))
        if output is Output.TABLE:
            put(f"{sid}  {answered(found[-1])}  {found[-1]['ms']:g} ms")
    if output is Output.JSON:
        put_json(found)
    bad = sum(one["error_code"] is not None for one in found)
    if bad:
        raise Failed(f"{bad} of {len(found)} went wrong", fix="magpie webhooks list --failed")


def again(client: Client, sid: str, url: str | None) -> dict[str, Any]:
    fields = [("Url", url)] if url else []
    called: dict[str, Any] = client.post(f"{AT}/{segment(sid)}/Replay", fields)
    return called


def address(text: str) -> str:
    """`localhost:3000/sms` is one, too."""
    url = text if "://" in text else f"http://{text}"
    if not urlsplit(url).hostname or urlsplit(url).scheme not in {"http", "https"}:
        raise Failed(f"{text} is no address", fix="localhost:3000/sms", code=Exit.USAGE)
    return url


def answered(one: dict[str, Any]) -> str:
    return str(one["failure"] or one["status"] or "not called")


def _cells(one: dict[str, Any]) -> tuple[object, ...]:
    event = f"{one['event']} (replay)" if one["replay_of"] else one["event"]
    tries = f"{one['attempt']}/{one['attempts']}"
    time = one["date_created"]
    return time, one["sid"], event, tries, answered(one), f"{one['ms']:g}", one["url"]
