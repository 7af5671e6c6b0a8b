import hashlib
import re
from datetime import timedelta

import pytest

from magpie.console import headers, static
from magpie.console.render import FILTERS, ago, duration, environment, plural, size
from magpie.kit import clock


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (None, "\N{EN DASH}"),
        (0.0004, "0 ms"),
        (0.34, "340 ms"),
        (2.13, "2.1 s"),
        (42, "42 s"),
        (200, "3 m 20 s"),
        (7320, "2 h 2 m"),
        (260000, "3 d"),
    ],
)
def test_durations(seconds: float | None, shown: str) -> None:
    """One unit or two, as many digits as one reads."""
    assert duration(seconds) == shown


@pytest.mark.parametrize(
    ("count", "shown"),
    [(None, "\N{EN DASH}"), (0, "0 B"), (999, "999 B"), (1500, "1.5 KB"), (2e6, "2 MB")],
)
def test_sizes(count: float | None, shown: str) -> None:
    """By thousands, as carriers count."""
    assert size(count) == shown


def test_times() -> None:
    """What is shown is relative; the whole time goes with it for whoever points at it."""
    shown = str(ago(clock.now() - timedelta(seconds=90)))
    assert re.fullmatch(r'<time datetime="[0-9T:.+-]+">1 m 30 s ago</time>', shown)
    assert ago(None) == "\N{EN DASH}"


def test_plurals() -> None:
    """One has no s, thousands have commas."""
    assert [plural(1, "message"), plural(1200, "message"), plural(2, "reply", "replies")] == [
        "1 message",
        "1,200 messages",
        "2 replies",
    ]


def test_text_is_never_markup() -> None:
    """Whatever is put into a template without a filter is escaped."""
    made = environment().from_string('<p title="{{ text }}">{{ text }}{{ text | lines }}</p>')
    evil = "<script>\"'&\n</p>"
    assert "<script>" not in made.render(text=evil)
    assert set(FILTERS) >= {"ago", "size", "duration"}


def test_templates_hold_no_script_style_or_handler() -> None:
    """The policy allows none; one that slipped in would be dead."""
    loader = environment().loader
    assert loader is not None
    for name in loader.list_templates():
        text = loader.get_source(environment(), name)[0]
        assert not re.search(r"\son\w+=|\sstyle=|<style|javascript:|hx-on|\|\s*safe", text), name
        assert not re.search(r"<script(?![^>]*\ssrc=)", text), name


def test_elements_of_htmx_carry_the_nonce() -> None:
    """One without it would be stripped by hx-csp, and the page would be still."""
    loader = environment().loader
    assert loader is not None
    for name in loader.list_templates():
        text = loader.get_source(environment(), name)[0]
        for tag in re.findall(r"<[\w-]+(?:\"[^\"]*\"|[^>\"])*>", text):
            if not re.search(r"\shx-(get|post|sse|put|delete)", tag):
                continue
            assert 'hx-nonce="{{ nonce }}"' in tag, f"{name}: {tag}"


def test_vendored_files_are_what_they_were() -> None:
    """Each by its SHA-256, and each licence beside it."""
    lines = (static.FOLDER / "vendor.sha256").read_text().splitlines()
    listed = {name: digest for digest, name in (line.split() for line in lines)}
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (static.FOLDER / "vendor").iterdir()
    }
    assert found == listed
    assert {"htmx.LICENSE", "uplot.LICENSE", "lucide.LICENSE"} <= set(found)


def test_the_policy_has_nothing_unsafe() -> None:
    """No inline code, nothing from elsewhere, and only what carries the nonce."""
    policy = headers.of_page("abc")["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "'nonce-abc'" in policy
    assert "require-trusted-types-for 'script'" in policy


def test_files_are_named_by_their_content() -> None:
    """So that a browser may keep them for ever; there is no way out of the folder."""
    name = static.served("app.css")
    answer = static.answer(name)
    assert answer is not None
    assert "immutable" in answer.headers["cache-control"]
    assert static.answer("app.css") is None
    assert static.answer("../site.py") is None
