"""Data goes to stdout, everything said about it to stderr."""

import csv
import io
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


_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Output(StrEnum):
    TABLE = "table"
    JSON = "json"


class Listing(StrEnum):
    """Of what is a list: JSON objects one a line, and columns for programs, too."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    TSV = "tsv"


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


def put_list(
    form: Listing,
    found: Sequence[dict[str, Any]],
    heads: Sequence[str],
    rows: Sequence[Sequence[object]],
) -> None:
    """`rows` are what a person or a spreadsheet gets of what was `found`."""
    match form:
        case Listing.JSON:
            put_json(found)
        case Listing.JSONL:
            for one in found:
                print(json.dumps(one, ensure_ascii=False, default=str), flush=True)
        case Listing.TABLE:
            put(table(heads, rows))
        case Listing.CSV | Listing.TSV:
            put(separated(heads, rows, "," if form is Listing.CSV else "\t"))


def separated(heads: Sequence[str], rows: Sequence[Sequence[object]], by: str) -> str:
    """With the names of columns as programs like them; no cell is a formula (CWE-1236)."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=by, lineterminator="\n")
    writer.writerow([head.lower().replace(" ", "_") for head in heads])
    writer.writerows([[_plain(str(cell)) for cell in row] for row in rows])
    return out.getvalue().removesuffix("\n")


def _plain(cell: str) -> str:
    """Numbers stay as they are: a sign before digits alone is no formula."""
    formula = cell.startswith(_FORMULA) and not cell[1:].isdigit()
    return f"'{cell}" if formula else cell


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
