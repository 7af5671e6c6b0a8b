"""A message's timeline in plain words."""

from datetime import datetime
from typing import Any, Final, NamedTuple

from magpie.errors import text_of
from magpie.messages.advice import advice
from magpie.messages.lifecycle import Status

_SECOND, _MINUTE, _HOUR = 1.0, 60.0, 3600.0


class Hop(NamedTuple):
    at: datetime
    name: str
    detail: dict[str, Any]


class Story(NamedTuple):
    """`happened` has a line for each hop; the rest are sentences."""

    state: str
    happened: list[str]
    why: str
    next: str
    todo: str


def read(answer: dict[str, Any]) -> list[Hop]:
    return [
        Hop(datetime.fromisoformat(one["at"]), one["hop"], one["detail"])
        for one in answer["timeline"]
    ]


def tell(message: dict[str, Any], hops: list[Hop]) -> Story:
    status, code = Status(message["status"]), message.get("error_code")
    return Story(
        f"{message['sid']} to {message['to']} is {status}.",
        lines(hops),
        _why(status, code, hops),
        _next(status, hops),
        advice(status, code, _last(hops)),
    )


def lines(hops: list[Hop]) -> list[str]:
    before = hops[:1] + hops
    return [
        f"{hop.at:%H:%M:%S.%f}"[:12] + f"  {_since(last, hop):>9}  {sentence(hop)}"
        for last, hop in zip(before, hops, strict=False)
    ]


def sentence(hop: Hop) -> str:
    known = _SENTENCES.get(hop.name)
    text = known(hop.detail) if known else _plain(hop)
    code = hop.detail.get("code")
    return f"{text}: {code} {text_of(code)}" if isinstance(code, int) else text


def duration(seconds: float) -> str:
    if seconds < _SECOND:
        return f"{seconds * 1000:.0f} ms"
    if seconds < _MINUTE:
        return f"{seconds:.1f} s"
    if seconds < _HOUR:
        return f"{seconds / _MINUTE:.0f} min"
    return f"{seconds / _HOUR:.1f} h"


def _since(last: Hop, hop: Hop) -> str:
    return "" if last is hop else f"+{duration((hop.at - last.at).total_seconds())}"


def _plain(hop: Hop) -> str:
    told = ", ".join(f"{key} {value}" for key, value in hop.detail.items() if key != "code")
    return f"{hop.name} ({told})" if told else hop.name


def _accepted(detail: dict[str, Any]) -> str:
    parts = detail.get("segments"), detail.get("media")
    what = [f"{parts[0]} segment(s)"] if parts[0] else []
    what += [f"{parts[1]} media"] if parts[1] else []
    by = f"SMPP, system_id {detail.get('system_id')}" if detail.get("by") == "smpp" else "the API"
    return f"accepted by {by}: {', '.join(what)}" if what else f"accepted by {by}"


def _submitting(detail: dict[str, Any]) -> str:
    waited = detail.get("waited_ms")
    queue = f" after {duration(waited / 1000)} in the queue" if waited is not None else ""
    again = ", perhaps for the second time" if detail.get("possible_duplicate") else ""
    over = "".join(f"; not by {name}: {why}" for name, why in detail.get("passed_over", {}).items())
    return f"attempt {detail.get('attempt', 1)}, handed to {_carrier(detail)}{queue}{again}{over}"


def _media(detail: dict[str, Any]) -> str:
    if why := detail.get("why"):
        return f"media could not be had from {detail.get('url') or 'all its URLs'} ({why})"
    status = detail.get("status")
    if not detail.get("cached") and (status not in _FILES or not detail.get("bytes")):
        said = f"it answered {status}" if status else "it gave no file"
        return f"media asked for: {detail.get('url', '?')}, {said}{_took(detail)}"
    how = "found in the cache" if detail.get("cached") else "fetched"
    size = f", {detail['bytes']} bytes" if detail.get("bytes") else ""
    return f"media {how}: {detail.get('url', '?')}{size}{_took(detail)}"


def _adapted(detail: dict[str, Any]) -> str:
    parts = "; ".join(_part(part) for part in detail.get("parts", ()))
    return f"media for {detail.get('for', '?')}: {parts or 'none'}"


def _part(part: dict[str, Any]) -> str:
    was, made = part.get("was", {}), part.get("is")
    size = f"{was.get('bytes', 0)} bytes"
    if made:
        size += f" to {made.get('bytes', 0)}"
    return f"{was.get('content_type', '?')} {part.get('action', '?')}, {size} ({part.get('why')})"


def _receipt(detail: dict[str, Any]) -> str:
    return f"receipt of {_carrier(detail)}: {detail.get('state', '?')}{_said(detail)}"


def _webhook(detail: dict[str, Any]) -> str:
    about = f" of '{detail['told']}'" if detail.get("told") else ""
    result = detail.get("status") or detail.get("failure") or "no answer"
    took = f" in {duration(detail['ms'] / 1000)}" if detail.get("ms") is not None else ""
    return f"webhook{about} to {detail.get('url', '?')} answered {result}{took}"


def _smpp(detail: dict[str, Any]) -> str:
    what = f"receipt '{detail['told']}'" if detail.get("told") else str(detail.get("kind", "it"))
    client = f"SMPP client {detail.get('system_id', '?')}"
    if detail.get("why"):
        return f"{what} for {client} given up: {detail['why']} in a day"
    return f"{what} to {client} answered {detail.get('answer', '?')}{_took(detail)}{_again(detail)}"


def _again(detail: dict[str, Any]) -> str:
    at = detail.get("again_at")
    return f"; again at {datetime.fromisoformat(at):%H:%M:%S}" if at else ""


def _carrier(detail: dict[str, Any]) -> str:
    return str(detail.get("carrier", "the carrier"))


def _took(detail: dict[str, Any]) -> str:
    return f" in {duration(detail['ms'] / 1000)}" if detail.get("ms") is not None else ""


def _said(detail: dict[str, Any]) -> str:
    return f", it said '{detail['said']}'" if detail.get("said") else ""


_FILES: Final = {None, 200, 304}
"""Statuses of HTTP that bring a file; older rows have none."""
_SETTLED: Final = {"sent": "it was sent", "failed": "it failed", "resend": "once more"}
_SENTENCES: Final = {
    "accepted": _accepted,
    "submitting": _submitting,
    "taken": lambda d: f"{_carrier(d)} took it over{_took(d)}",
    "rejected": lambda d: f"{_carrier(d)} refused it{_said(d)}",
    "deferred": lambda d: f"{_carrier(d)} would not take it now{_said(d)}{_again(d)}",
    "unknown": lambda d: f"no answer of {_carrier(d)}: it may have it or not{_said(d)}{_again(d)}",
    "dropped": lambda d: f"not handed to a carrier ({d.get('why', 'no longer wanted')})",
    "media": _media,
    "adapted": _adapted,
    "opened": lambda d: f"somebody opened its link (time {d.get('count', 1)})",
    "receipt": _receipt,
    "expired": lambda _: "its validity period ended while it waited",
    "canceled": lambda _: "canceled by its sender",
    "settled": lambda d: f"settled by hand: {_SETTLED.get(str(d.get('outcome')), '?')}",
    "received": lambda d: f"received from {_carrier(d)}",
    "smpp": _smpp,
    "webhook": _webhook,
}


def _last(hops: list[Hop]) -> str:
    """What happened last to the message itself; webhooks and receipts only tell of it."""
    return next((hop.name for hop in reversed(hops) if hop.name not in {"webhook", "smpp"}), "")


def _why(status: Status, code: int | None, hops: list[Hop]) -> str:
    if code is not None:
        return f"{code}: {text_of(code)}"
    cause = next((hop for hop in reversed(hops) if hop.detail.get("status") == status), None)
    return sentence(cause) if cause else sentence(hops[-1]) if hops else "nothing is recorded"


def is_held(status: str, hops: list[Hop]) -> bool:
    """Whether its answer is lost and nothing more happens by itself."""
    return status == Status.SENDING and _last(hops) == "unknown" and not _again_at(hops)


def _again_at(hops: list[Hop]) -> str | None:
    return hops[-1].detail.get("again_at") if hops else None


_NEXT: Final[dict[Status, str]] = {
    Status.ACCEPTED: "A sender is chosen, then it is queued.",
    Status.SCHEDULED: "It is queued at the time that was asked for.",
    Status.QUEUED: "It is handed to a carrier when its turn comes in the sender's lane.",
    Status.SENDING: "The carrier's answer decides.",
    Status.SENT: "The carrier's receipt decides; not every carrier sends one.",
    Status.DELIVERED: "Nothing, unless the receiver's phone reports that it was read.",
    Status.RECEIVING: "Its parts are put together, then your webhook is called.",
}


def _next(status: Status, hops: list[Hop]) -> str:
    waiting = _again_at(hops)
    if waiting and status in {Status.QUEUED, Status.SENDING}:
        return f"It is tried again at {datetime.fromisoformat(waiting):%H:%M:%S} UTC."
    if is_held(status, hops):
        return "Nothing, unless a receipt tells what became of it: it is held."
    return _NEXT.get(status, "Nothing: this state is final.")
