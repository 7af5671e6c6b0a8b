from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from magpie.kit.rest.dialect import Dialect, Format
from magpie.kit.rest.failures import NotFound
from magpie.kit.rest.form import Form


@dataclass(slots=True)
class Caller:
    """What `authorize` finds out: who calls, for which account, and how we look from there.

    `base_url` has no slash at its end and holds a product's prefix if the request used one;
    without it, links point where the request came in.
    """

    account_sid: str
    principal: Any = None
    base_url: str | None = None
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Call:
    """`at` is the path of the collection, as in /2010-04-01/Accounts/AC../Messages.

    `body` is filled instead of `form` for a collection that says `reads_body`.
    """

    account_sid: str
    principal: Any
    path: dict[str, str]
    query: Form
    form: Form
    headers: Mapping[str, str]
    base_url: str
    dialect: Dialect
    format: Format
    at: str
    request_path: str
    body: bytes = b""
    extra: dict[str, Any] = field(default_factory=dict)

    def link(self, *segments: str) -> str:
        """To something below the collection, relative or absolute as the dialect has it."""
        path = "/".join((self.at, *[_quoted(segment) for segment in segments]))
        if self.dialect.relative_links:
            return f"{path}.json" if self.format == "json" else path
        return self.base_url + path

    def not_found(self) -> NotFound:
        return NotFound.at(self.request_path)


def fill(template: str, values: Mapping[str, str]) -> str:
    return template.format_map({name: _quoted(value) for name, value in values.items()})


def _quoted(segment: str) -> str:
    return segment if segment.isalnum() and segment.isascii() else quote(segment, safe="")
