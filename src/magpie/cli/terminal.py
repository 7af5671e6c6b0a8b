"""Data goes to stdout, everything said about it to stderr."""

import json
import os
import re
import sys
from collections.abc import Sequence
from enum import StrEnum
from typing import Any, TextIO

from magpie.cli.failed import Failed

RED, GREEN, YELLOW, BOLD, FAINT = "31", "32", "33", "1", "2"
_ESCAPE = "\x1b["
_COMMANDS = re.compile("(\x1b\\[[0-9;]*m)|[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class Output(StrEnum):
    TABLE = "table"
    JSON = "json"


def paint(text: str, colour: str, stream: TextIO) -> str:
    return f"{_ESCAPE}{colour}m{text}{_ESCAPE}0m" if coloured(stream) else text


def coloured(stream: TextIO) -> bool:
    """https://no-color.org: NO_COLOR counts when it is not empty."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def say(text: str = "") -> None:
    print(printable(text), file=sys.stderr, flush=True)


def put(text: str) -> None:
    print(printable(text), flush=True)


def put_json(value: Any) -> None:
    print(json.dumps(value, indent=2, ensure_ascii=False, default=str), flush=True)


def complain(failed: Failed) -> None:
    head = paint("error:", f"{BOLD};{RED}", sys.stderr)
    say(f"{head} {failed.what}")
    for name, text in (("cause:", failed.cause), ("fix:", failed.fix)):
        if text:
            say(f"{paint(name, BOLD, sys.stderr)} {text}")


def table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Columns parted by two blanks; nothing is cut, so that a program can read it too."""
    lines = [[str(cell) for cell in row] for row in (heads, *rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def printable(text: str) -> str:
    """A message's text must not command the terminal; colours are all that is let through."""
    return _COMMANDS.sub(lambda found: found[1] or "\ufffd", text)
