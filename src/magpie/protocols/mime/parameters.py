"""A header value with parameters: `multipart/related; type="text/xml"; start="<a>"`."""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import quote, unquote_to_bytes

import msgspec

from magpie.protocols.mime.charsets import text_of
from magpie.protocols.mime.words import decode_words

Parameters = tuple[tuple[str, str], ...]

_PARAMETER: Final = re.compile(
    r"""\s*+([^\s=;"]++)\s*+=\s*+(?:"((?:[^"\\]|\\.)*+)"?|([^;\s]*+))[^;]*+""", re.DOTALL
)
_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)
_SECTION: Final = re.compile(r"([^*]+)(?:\*([0-9]{1,3}))?(\*)?")
_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`{|}~0-9A-Za-z-]+")
_SAFE: Final = "!#$&+-.^_`{}|~"


class Value(msgspec.Struct, frozen=True):
    """`text` and the names of parameters are in lower case; of two by a name the first counts."""

    text: str
    parameters: Parameters = ()

    def __getitem__(self, name: str) -> str:
        return next((value for key, value in self.parameters if key == name), "")

    @property
    def family(self) -> str:
        """`image` of `image/jpeg`."""
        return self.text.partition("/")[0]

    def with_parameter(self, name: str, value: str) -> "Value":
        kept = tuple(pair for pair in self.parameters if pair[0] != name)
        return Value(self.text, (*kept, (name, value)))

    def __str__(self) -> str:
        """A name that no header can carry is left out with its value."""
        kept = (_written(*pair) for pair in self.parameters if _TOKEN.fullmatch(pair[0]))
        return "; ".join([self.text, *kept])


def parse_value(header: str) -> Value:
    """Tolerant: quotes that stay open, blanks round the sign, any case, RFC 2231 and RFC 2047."""
    text, _, rest = header.partition(";")
    return Value(text.strip().lower(), tuple(_parameters(rest)))


def _parameters(rest: str) -> Iterator[tuple[str, str]]:
    sections: dict[str, dict[int, tuple[str, bool]]] = {}
    at = 0
    while at < len(rest):
        if found := _PARAMETER.match(rest, at):
            name, place, encoded = _section(found[1].lower())
            quoted, plain = found[2], found[3]
            value = plain if quoted is None else _ESCAPE.sub(r"\1", quoted)
            sections.setdefault(name, {}).setdefault(place, (value, encoded))
            at = found.end()
        at = rest.find(";", at) + 1 or len(rest)
    for name, pieces in sections.items():
        yield name, _joined([pieces[place] for place in sorted(pieces)])


def _section(name: str) -> tuple[str, int, bool]:
    """The name, which piece of its value this is, and whether it is percent-encoded (RFC 2231)."""
    if found := _SECTION.fullmatch(name):
        return found[1], int(found[2] or 0), bool(found[3])
    return name, 0, False


def _joined(pieces: list[tuple[str, bool]]) -> str:
    first, encoded = pieces[0]
    if not any(encoded for _, encoded in pieces):
        return decode_words("".join(value for value, _ in pieces))
    charset, quotes, rest = first.partition("'")
    if encoded and quotes and "'" in rest:
        pieces = [(rest.partition("'")[2], True), *pieces[1:]]
    else:
        charset = ""
    octets = ((text.encode("utf-8", "replace"), coded) for text, coded in pieces)
    return text_of(b"".join(unquote_to_bytes(o) if coded else o for o, coded in octets), charset)


def _written(name: str, value: str) -> str:
    if not value.isascii():
        return f"{name}*=utf-8''{quote(value.encode('utf-8', 'replace'), safe=_SAFE)}"
    if _TOKEN.fullmatch(value):
        return f"{name}={value}"
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'{name}="{escaped}"'
