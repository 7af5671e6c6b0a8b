"""What a page brings along to a browser, as it goes over the wire."""

import gzip
import re
from pathlib import Path

import pytest
from starlette.responses import Response

import magpie.console
from magpie.console import static

_TEMPLATES = Path(magpie.console.__file__).parent / "templates"
_PAGES = sorted(path.name for path in _TEMPLATES.glob("*.html"))
_BASES = ("base.html", "bare.html")
_SCRIPTS, _SCRIPTS_THAT_DRAW, _STYLE, _LINES = 36_000, 60_000, 20_000, 2_500


@pytest.mark.parametrize("name", _PAGES)
def test_a_page_is_light(name: str) -> None:
    """First load: 36 KB of scripts, 60 with the library of charts, and 20 of style."""
    brought = _brought(name)
    draws = "m.chart(" in _text(name)
    assert any("uPlot" in one for one in brought) == draws
    assert _weight(brought, ".js") <= (_SCRIPTS_THAT_DRAW if draws else _SCRIPTS)
    assert _weight(brought, ".css") <= _STYLE


def test_all_scripts_together() -> None:
    """Even whoever has looked at every page has loaded less than 60 KB."""
    every = {one for name in _PAGES for one in _brought(name)}
    scripts = {path.relative_to(static.FOLDER).as_posix() for path in static.FOLDER.rglob("*.js")}
    assert {one for one in every if one.endswith(".js")} == scripts
    assert _weight(every, ".js") <= _SCRIPTS_THAT_DRAW


def test_our_own_scripts_are_few() -> None:
    """They can be read in an evening."""
    lines = sum(len(path.read_text().splitlines()) for path in static.FOLDER.glob("*.js"))
    assert lines <= _LINES


@pytest.mark.parametrize(
    ("accepted", "squeezed"),
    [
        ("gzip", True),
        ("deflate, gzip;q=0.5", True),
        ("", False),
        ("gzip;q=0", False),
        ("gzip; q=0.0, br", False),
        ("br", False),
    ],
)
def test_files_are_squeezed_for_whoever_takes_it(accepted: str, squeezed: bool) -> None:
    """The same bytes come out; whoever keeps answers for others is told of the difference."""
    answer = _answer("app.js", accepted)
    body = bytes(answer.body)
    assert (answer.headers.get("content-encoding") == "gzip") == squeezed
    assert answer.headers["vary"] == "Accept-Encoding"
    whole = (static.FOLDER / "app.js").read_bytes()
    assert (gzip.decompress(body) if squeezed else body) == whole


def _brought(name: str) -> set[str]:
    """The files that it names, and those of the page on which it stands."""
    text = _text(name)
    found = set(re.findall(r"static\('([^']+\.(?:js|css))'\)", text))
    base = re.match(r'{% extends "([a-z_]+\.html)" %}', text)
    return found | (_brought(base[1]) if base else set())


def _text(name: str) -> str:
    return (_TEMPLATES / name).read_text()


def _weight(names: set[str], kind: str) -> int:
    answers = [_answer(name, "br;q=1.0, gzip;q=0.8") for name in names if name.endswith(kind)]
    return sum(len(answer.body) for answer in answers)


def _answer(name: str, accepted: str) -> Response:
    found = static.answer(static.served(name), accepted)
    assert found is not None
    return found
