"""The XML of the 2010-04-01 API: CamelCase elements, a list's paging as its attributes."""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from html import escape

# XML 1.0, section 2.2: what no document can hold, not even as a reference.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_NAME = re.compile("[^A-Za-z0-9]+")
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def document(element: str, value: object) -> bytes:
    return _wrapped([_element(element, value)])


def listing(
    plural: str, element: str, items: Iterable[object], attributes: Mapping[str, object]
) -> bytes:
    """An attribute's name is written in lower case without its underscores: firstpageuri."""
    written = "".join(
        f' {name.replace("_", "")}="{_text(value)}"' for name, value in attributes.items()
    )
    inner = (_element(element, item) for item in items)
    return _wrapped([f"<{plural}{written}>", *inner, f"</{plural}>"])


def _wrapped(parts: Iterable[str]) -> bytes:
    return f"{_DECLARATION}<TwilioResponse>{''.join(parts)}</TwilioResponse>".encode()


def _element(name: str, value: object) -> str:
    inner = _inner(name, value)
    return f"<{name}>{inner}</{name}>" if inner else f"<{name}/>"


def _inner(name: str, value: object) -> str:
    if isinstance(value, Mapping):
        return "".join(_element(camel(str(key)), inner) for key, inner in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        one = name[:-1] if name.endswith("s") else "Item"
        return "".join(_element(one, item) for item in value)
    return _text(value)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    # A bare carriage return would be read back as a line feed (XML 1.0, section 2.11).
    return escape(_UNFIT.sub("\ufffd", str(value))).replace("\r", "&#13;")


@lru_cache(maxsize=4096)
def camel(name: str) -> str:
    """Keys that callers made up may hold anything; an element's name only letters and digits."""
    made = "".join(part[:1].upper() + part[1:] for part in _NOT_IN_NAME.split(name))
    return made if made[:1].isalpha() else f"_{made}"
