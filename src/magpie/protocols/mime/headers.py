"""Header fields between octets and ordered pairs (RFC 5322 clause 2.2)."""

import re
from collections.abc import Iterable
from typing import Final

from magpie.protocols.mime.charsets import text_of
from magpie.protocols.mime.errors import ReadError, WriteError
from magpie.protocols.mime.words import encode_words

Headers = tuple[tuple[str, str], ...]

_EMPTY_LINE: Final = re.compile(rb"\r?\n\r?\n")
_FIELD: Final = re.compile(r"([!-9;-~]+)[ \t]*:(.*)", re.DOTALL)
_FOLDED: Final = re.compile(r"\r?\n[ \t]+")
_LINE: Final = re.compile(r"\r?\n")
_NAME: Final = re.compile(r"[!-9;-~]+")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_LONGEST_LINE: Final = 900
"""RFC 5322 clause 2.1.1 allows 998."""


def value_of(headers: Headers, name: str) -> str:
    """The first by that name, in any case; empty without one."""
    name = name.lower()
    return next((value for key, value in headers if key.lower() == name), "")


def read_headers(data: bytes, start: int, end: int, most: int) -> tuple[Headers, int]:
    """The fields that stand at `start`, and where the body begins.

    Without fields all is body; without an empty line all is fields.
    """
    for line in (b"\r\n", b"\n"):
        if data.startswith(line, start, end):
            return (), start + len(line)
    if not _FIELD.match(text_of(data[start : min(end, start + 200)]).partition("\n")[0]):
        return (), start
    found = _EMPTY_LINE.search(data, start, min(end, start + most))
    if found is None and end - start > most:
        raise ReadError(f"the headers of a part are longer than {most} octets")
    stop, body = (found.start(), found.end()) if found else (end, end)
    return parse_headers(data[start:stop]), body


def parse_headers(block: bytes) -> Headers:
    """Lines that are no field are left out."""
    lines = _LINE.split(_FOLDED.sub(" ", text_of(block)))
    fields = (_FIELD.fullmatch(line) for line in lines)
    return tuple((field[1], field[2].strip()) for field in fields if field)


def write_headers(headers: Iterable[tuple[str, str]]) -> bytes:
    """With the empty line that ends them; raise WriteError for what would break out of its line."""
    return b"".join([*(_line(name, value) for name, value in headers), b"\r\n"])


def _line(name: str, value: str) -> bytes:
    if not _NAME.fullmatch(name):
        raise WriteError(f"{name[:40]!r} cannot be the name of a header")
    if _CONTROL.search(value):
        raise WriteError(f"the value of {name} has control characters")
    return f"{_folded(name, encode_words(value))}\r\n".encode("ascii")


def _folded(name: str, value: str) -> str:
    """Where a blank is: a value of one long word stays one line."""
    lines = []
    rest, least = f"{name}: {value}", len(name) + 2
    while len(rest) > _LONGEST_LINE and (at := rest.rfind(" ", least, _LONGEST_LINE)) > 0:
        lines.append(rest[:at])
        rest, least = rest[at:], 1
    return "\r\n".join([*lines, rest])
