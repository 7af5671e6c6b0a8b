"""A try of a webhook in the forms in which people read it. Pure."""

import difflib
import shlex
from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import urlencode

import msgspec

from magpie.protocols import twiml
from magpie.webhooks.log.model import Attempt, Kept

_CONTEXT: Final = 1


class Plan(msgspec.Struct, frozen=True):
    """What a document asks for, in sentences; with `wrong` it cannot be read at all."""

    wrong: str
    steps: list[str]
    warnings: list[str]


def plan(kept: Kept) -> Plan | None:
    """None where the answer is not taken for TwiML."""
    attempt, answer = kept
    if attempt.kind == "status" or answer is None or attempt.code is not None:
        return None
    try:
        document = twiml.parse(answer, header(attempt.answer, "Content-Type"), attempt.url)
    except twiml.TwimlError as error:
        return Plan(f"{error.code}: {error.text}", [], [])
    warnings = [f"{one.code}: {one.text}" for one in document.warnings]
    return Plan("", [_step(action) for action in document.actions], warnings)


def _step(action: twiml.SendReply | twiml.Redirect) -> str:
    if isinstance(action, twiml.Redirect):
        return f"Fetch the next document by {action.method} from {action.url}"
    if action.refused is not None:
        return f"A reply is refused with {action.refused}"
    media = f", with {len(action.media)} media" if action.media else ""
    to = f" to {action.to}" if action.to else ""
    sender = f" from {action.sender}" if action.sender else ""
    then = f"; then call {action.action}" if action.action else ""
    return f"Reply{to}{sender}: {action.body}{media}{then}"


def header(pairs: Sequence[tuple[str, str]], name: str) -> str | None:
    return next((value for key, value in pairs if key.lower() == name.lower()), None)


def text_of(kept: Kept) -> str:
    """The answer's body as text; JSON gets a line for each value."""
    answer = kept.answer or b""
    kind = header(kept.attempt.answer, "Content-Type") or ""
    if "json" in kind:
        try:
            return msgspec.json.format(answer, indent=2).decode(errors="replace")
        except (msgspec.DecodeError, RecursionError):
            pass
    return answer.decode(errors="replace")


def raw(attempt: Attempt) -> str:
    """The request as it stood on the wire, but for what a client adds by itself."""
    head = [f"{attempt.method} {attempt.url}", *(f"{k}: {v}" for k, v in attempt.headers.items())]
    return "\n".join([*head, "", body(attempt)])


def body(attempt: Attempt) -> str:
    return urlencode(attempt.params) if attempt.method == "POST" else ""


def curl(attempt: Attempt) -> str:
    lines = [f"curl -X {attempt.method} {shlex.quote(attempt.url)}"]
    lines += [f"  -H {shlex.quote(f'{k}: {v}')}" for k, v in attempt.headers.items()]
    if attempt.method == "POST":
        lines.append(f"  --data-raw {shlex.quote(body(attempt))}")
    return " \\\n".join(lines)


def differences(one: Kept, other: Kept) -> list[str]:
    """Lines that begin with `-` are of the first, with `+` of the second; blank: the same."""
    found = difflib.unified_diff(_lines(one), _lines(other), n=_CONTEXT, lineterm="")
    return [line for line in found if not line.startswith(("---", "+++"))]


def _lines(kept: Kept) -> list[str]:
    return [*_told(kept), *text_of(kept).splitlines()]


def _told(kept: Kept) -> Iterator[str]:
    attempt = kept.attempt
    yield f"{attempt.method} {attempt.url}"
    yield from (f"{k}: {v}" for k, v in attempt.headers.items())
    yield from (f"{k}={v}" for k, v in attempt.params)
    yield f"answered {attempt.status or attempt.failure}"
    yield from (f"{k}: {v}" for k, v in attempt.answer)
