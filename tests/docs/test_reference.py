"""The reference leaves nothing out, and tells of nothing that is not there."""

import re
from typing import Any

import msgspec
import pytest
from msgspec import structs
from tests.docs import pages

from magpie.console.pages.carrier_words import meaning
from magpie.settings import (
    HttpSettings,
    LinkSettings,
    Mm1Settings,
    Mm4Settings,
    Mm7Settings,
    MmscSettings,
    MmsSettings,
    Rates,
    RouteSettings,
    Settings,
    SmppSettings,
    TlsFiles,
    WireSettings,
)
from magpie.simulator.model import FIRST_HANDSETS
from magpie.simulator.profile import BUILT_IN, Faults, Profile, When

_ROW = re.compile(r"^\| `([\w-]+)` \|.*$", re.MULTILINE)
_INTERNAL = {"origins"}


# By the heading that has the rows which are not its parent's.
_LINKS: list[tuple[type[LinkSettings], type[LinkSettings], str]] = [
    (SmppSettings, WireSettings, "### smpp"),
    (MmsSettings, WireSettings, "### Links for pictures"),
    (Mm7Settings, MmsSettings, "### mm7"),
    (Mm4Settings, MmsSettings, "### mm4"),
    (Mm1Settings, MmsSettings, "### mm1"),
    (HttpSettings, WireSettings, "### http"),
]


def _section(name: str, heading: str | None) -> str:
    text = (pages.ROOT / "docs/reference" / name).read_text("utf-8")
    if heading is None:
        return text.partition("\n## ")[0]
    return re.split(r"\n#+ |\nA pattern:", text.partition(f"{heading}\n")[2])[0]


def _named(of: type[msgspec.Struct]) -> set[str]:
    return {one.encode_name for one in structs.fields(of)} - _INTERNAL


@pytest.mark.parametrize(
    ("of", "page", "heading"),
    [
        (Settings, "settings.md", None),
        (Rates, "settings.md", "## rates"),
        (TlsFiles, "settings.md", "### tls"),
        (MmscSettings, "settings.md", "## mmsc"),
        (RouteSettings, "settings.md", "## routes"),
        (Profile, "simulator.md", "### Profile"),
        (Faults, "simulator.md", "### Faults"),
        (When, "simulator.md", "A pattern:"),
    ],
)
def test_every_field_is_documented(of: type[msgspec.Struct], page: str, heading: str) -> None:
    """Each field has its row, and each row its field."""
    assert set(_ROW.findall(_section(page, heading))) == _named(of)


@pytest.mark.parametrize(("of", "parent", "heading"), _LINKS)
def test_every_field_of_a_link_is_documented(
    of: type[msgspec.Struct], parent: type[msgspec.Struct], heading: str
) -> None:
    """Below its kind; what all kinds have stands once, above them."""
    own = _named(of) - _named(parent)
    assert set(_ROW.findall(_section("settings.md", heading))) == own


def test_what_all_links_have_is_documented() -> None:
    """With the kind, by which they are told apart."""
    rows = set(_ROW.findall(_section("settings.md", "## carriers")))
    assert rows == _named(WireSettings) | {"kind"}


@pytest.mark.parametrize(
    ("kinds", "heading"),
    [
        (["smpp", "mm7", "mm4", "mm1", "http"], "## carriers"),
        (["mm7", "mm4", "mm1"], "### Links for pictures"),
        *(([heading.removeprefix("### ")], heading) for _, _, heading in _LINKS[:1] + _LINKS[2:]),
    ],
)
def test_the_console_explains_alike(kinds: list[str], heading: str) -> None:
    """Beside each field of a link's form stands what the reference says."""
    for row in _ROW.finditer(_section("settings.md", heading)):
        told = row[0].strip("| ").split(" | ")[-1]
        plain = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", told).replace("`", "")
        assert {meaning(kind, row[1]) for kind in kinds if row[1] != "kind"} <= {plain}, row[1]


def _shown(value: Any) -> str:
    plain = str(value) if isinstance(value, str) else value
    return msgspec.json.encode(plain).decode().removesuffix(".0")


@pytest.mark.parametrize(
    ("of", "page", "heading"),
    [
        (Settings, "settings.md", None),
        (Rates, "settings.md", "## rates"),
        *((of, "settings.md", heading) for of, _, heading in _LINKS),
        (Profile, "simulator.md", "### Profile"),
        (Faults, "simulator.md", "### Faults"),
    ],
)
def test_plain_defaults_are_right(of: type[msgspec.Struct], page: str, heading: str) -> None:
    """A number, a text or a truth value that is a default stands in the row of its field."""
    section = _section(page, heading)
    wrong = []
    for field in structs.fields(of):
        if not isinstance(field.default, bool | int | float | str):
            continue
        found = re.findall(rf"^\| `{field.encode_name}` \|.*$", section, re.MULTILINE)
        if not found and issubclass(of, LinkSettings):
            continue  # its parent's
        [row] = found
        shown = row.replace(".0`", "`")
        if f"`{_shown(field.default)}`" not in shown and "| required" not in row:
            wrong.append(row)
    assert wrong == []


def test_what_the_network_has_from_the_start_is_documented() -> None:
    """Handsets and carriers by their names."""
    text = (pages.ROOT / "docs/reference/simulator.md").read_text("utf-8")
    missing = [profile.name for profile in BUILT_IN if f"`{profile.name}`" not in text]
    missing += [number for number, on in FIRST_HANDSETS if f"`{number}` | `{on}`" not in text]
    assert missing == []


def test_every_hop_is_documented() -> None:
    """The names that the code gives to hops, as it stands."""
    source = "".join(path.read_text() for path in (pages.ROOT / "src").glob("magpie/*/*.py"))
    given = set(re.findall(r"hop=\"(\w+)\"", source))
    given |= {"media", "adapted", "taken", "rejected", "deferred", "unknown", "dropped"}
    text = (pages.ROOT / "docs/reference/timeline.md").read_text("utf-8")
    assert set(_ROW.findall(text)) == given
