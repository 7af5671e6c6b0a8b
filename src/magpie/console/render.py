"""Templates: Jinja2 with autoescape, and the few filters by which all pages show things."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import jinja2
import msgspec
from markupsafe import Markup, escape

from magpie import phone
from magpie.console import static
from magpie.console.browsers import browser
from magpie.console.linked import linked
from magpie.kit import clock

_FOLDER: Final = Path(__file__).parent / "templates"
_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_UNITS: Final = ("B", "KB", "MB", "GB")
_THOUSAND: Final = 1000
_NOTHING: Final = "\N{EN DASH}"


def render(template: str, values: Mapping[str, Any], block: str | None = None) -> str:
    """Of a `block`, only that piece."""
    found = environment().get_template(template)
    if block is None:
        return found.render(values)
    context = found.new_context(dict(values))
    return "".join(found.blocks[block](context))


@cache
def environment() -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["static"] = lambda name: f"/console/static/{static.served(name)}"
    made.filters |= FILTERS
    # Blocks that are rendered alone see no imports of their template.
    made.globals["m"] = made.get_template("macros.html").module
    return made


def ago(at: datetime | None) -> Markup | str:
    """Relative; absolute, local and UTC, for whoever points at it (see times in app.js)."""
    if at is None:
        return _NOTHING
    seconds = (clock.now() - at).total_seconds()
    return Markup('<time datetime="{}">{}</time>').format(
        at.isoformat(timespec="milliseconds"), _passed(seconds)
    )


def _passed(seconds: float) -> str:
    if seconds < 0:
        return f"in {duration(-seconds)}"
    if seconds < 1:
        return "now"
    return f"{duration(seconds)} ago"


def duration(seconds: float | None) -> str:
    """One unit, or two: 340 ms, 2.1 s, 3 m 20 s, 5 h 2 m, 3 d."""
    if seconds is None:
        return _NOTHING
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < _MINUTE:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"  # noqa: PLR2004
    if seconds < _HOUR:
        return f"{seconds // _MINUTE:.0f} m {seconds % _MINUTE:.0f} s"
    if seconds < _DAY:
        return f"{seconds // _HOUR:.0f} h {seconds % _HOUR // _MINUTE:.0f} m"
    return f"{seconds // _DAY:.0f} d"


def size(count: float | None) -> str:
    """Decimal units, as carriers count."""
    if count is None:
        return _NOTHING
    for unit in _UNITS[:-1]:
        if count < _THOUSAND:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.3g} {unit}"
        count /= _THOUSAND
    return f"{count:.3g} {_UNITS[-1]}"


def number(address: str | None) -> str:
    return phone.friendly(address) if address else _NOTHING


def plural(count: int, one: str, many: str = "") -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def lines(text: str) -> Markup:
    return Markup("<br>").join(escape(line) for line in text.splitlines())


def utc(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S}"


def pretty(value: object) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()


FILTERS: Final[dict[str, Callable[..., Any]]] = {
    "ago": ago,
    "browser": browser,
    "duration": duration,
    "size": size,
    "number": number,
    "plural": plural,
    "lines": lines,
    "linked": linked,
    "pretty": pretty,
    "utc": utc,
}
