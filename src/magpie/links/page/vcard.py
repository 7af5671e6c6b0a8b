"""What a contact card says, of what a page shows (RFC 6350, and 2.1 as phones still write it).

Cards come from strangers: whatever is broken in one is left out, and everything has an end.
"""

import quopri
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

import msgspec

MOST_BYTES: Final = 256 * 1024
MOST_CARDS: Final = 10
_BOMS: Final = frozenset((b"\xff\xfe", b"\xfe\xff"))
_MOST_VALUES: Final = 20
_LONGEST: Final = 200
_LONGEST_LINE: Final = 4096
_LINE: Final = re.compile(r"(?:[\w-]+\.)?([A-Za-z-]+)((?:;[^:]*?)?):(.*)", re.DOTALL)
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_PARTS: Final = re.compile(r"(?<!\\);")
_UNSEEN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
_DIALLED: Final = re.compile(r"[0-9+*#,()./ \u00a0\u2010-\u2015-]{1,60}")
_NOT_DIALLED: Final = re.compile(r"[^0-9+*#,]")
_MAIL: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,190}")
_KINDS: Final = {
    "cell": "Mobile",
    "mobile": "Mobile",
    "iphone": "Mobile",
    "home": "Home",
    "work": "Work",
    "fax": "Fax",
    "main": "Main",
    "pager": "Pager",
}


class Entry(NamedTuple):
    """A number or a mail address; `link` is a URL for it, if it is fit for one."""

    text: str
    kind: str | None
    link: str | None


class Card(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    organisation: str
    title: str
    numbers: tuple[Entry, ...]
    mails: tuple[Entry, ...]


class _Property(NamedTuple):
    name: str
    kinds: frozenset[str]
    raw: str

    @property
    def text(self) -> str:
        return _plain(self.raw)

    @property
    def parts(self) -> list[str]:
        return [_plain(part) for part in _PARTS.split(self.raw)]


def cards(content: bytes) -> list[Card]:
    """The first ten that have anything to show."""
    found: list[Card] = []
    properties: list[_Property] | None = None
    for line in _unfolded(_decoded(content[:MOST_BYTES])):
        said = _property(line)
        if said is None:
            continue
        if said.name == "BEGIN" and said.text.upper() == "VCARD":
            properties = []
        elif said.name == "END" and properties is not None:
            card = _card(properties)
            found += [card] if card else []
            properties = None
            if len(found) == MOST_CARDS:
                break
        elif properties is not None:
            properties.append(said)
    return found


def _decoded(content: bytes) -> str:
    """Phones of old wrote what their country did; UTF-8 is nearly always right today."""
    codec = "utf-16" if content[:2] in _BOMS else "utf-8-sig"
    try:
        return content.decode(codec)
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _unfolded(text: str) -> Iterator[str]:
    """Lines that go on with a blank (RFC 6350, 3.2), or after = where quoted-printable (2.1)."""
    line = ""
    for next_ in re.split(r"\r\n|\r|\n", text):
        if next_[:1] in {" ", "\t"}:
            line += next_[1:] if len(line) < _LONGEST_LINE else ""  # a photo is not shown
        elif line.endswith("=") and "QUOTED-PRINTABLE" in line.partition(":")[0].upper():
            line = line[:-1] + next_
        else:
            yield line
            line = next_
    yield line


def _property(line: str) -> _Property | None:
    match = _LINE.fullmatch(line)
    if match is None:
        return None
    parameters = match[2].upper()
    kinds = frozenset(re.split(r"[;,=\"]", match[2].lower()))
    value = match[3]
    if "QUOTED-PRINTABLE" in parameters:
        value = _printable(value, parameters)
    return _Property(match[1].upper(), kinds, value)


def _printable(value: str, parameters: str) -> str:
    charset = re.search(r"CHARSET=\"?([A-Z0-9_-]{1,20})", parameters)
    raw = quopri.decodestring(value.encode("utf-8", "replace"))
    try:
        return raw.decode(charset[1] if charset else "utf-8")
    except (LookupError, ValueError):
        return raw.decode("latin-1")


def _card(properties: list[_Property]) -> Card | None:
    first: dict[str, _Property] = {}
    for said in properties:
        first.setdefault(said.name, said)
    organisation = ", ".join(filter(None, first["ORG"].parts)) if "ORG" in first else ""
    numbers = tuple(_entries(properties, "TEL"))
    mails = tuple(_entries(properties, "EMAIL"))
    name = _name(first) or organisation
    if not (name or numbers or mails):
        return None
    return Card(
        name=name,
        organisation=_cut(organisation) if organisation != name else "",
        title=_cut(first["TITLE"].text) if "TITLE" in first else "",
        numbers=numbers,
        mails=mails,
    )


def _name(first: dict[str, _Property]) -> str:
    """As it is to be written; else of its parts: prefix, given, middle, family, suffix."""
    formatted = first["FN"].text if "FN" in first else ""
    if formatted or "N" not in first:
        return _cut(formatted)
    family, given, middle, prefix, suffix = [*first["N"].parts, "", "", "", "", ""][:5]
    return _cut(" ".join(filter(None, (prefix, given, middle, family, suffix))))


def _entries(properties: list[_Property], name: str) -> Iterator[Entry]:
    seen: set[str] = set()
    for said in properties:
        text = _cut(said.text)
        if said.name == name and len(seen) < _MOST_VALUES:
            text = text.removeprefix("tel:").removeprefix("mailto:")
            if text and text not in seen:
                seen.add(text)
                kind = next((shown for word, shown in _KINDS.items() if word in said.kinds), None)
                yield Entry(text, kind, _dialled(text) if name == "TEL" else _mailed(text))


def _dialled(text: str) -> str | None:
    number = text.partition(";")[0]
    digits = _NOT_DIALLED.sub("", number)
    if not _DIALLED.fullmatch(number) or not any(map(str.isdigit, digits)):
        return None
    return f"tel:{digits.replace('#', '%23')}"


def _mailed(text: str) -> str | None:
    return f"mailto:{text.replace('%', '%25')}" if _MAIL.fullmatch(text) else None


def _plain(raw: str) -> str:
    """One line, without what cannot be seen but turns text round."""
    text = _ESCAPED.sub(lambda match: " " if match[1] in "nN" else match[1], raw)
    return " ".join(_UNSEEN.sub(" ", text).split())


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "\u2026"
