import sys

import pytest

from magpie.cli.failed import Failed
from magpie.cli.terminal import RED, complain, paint, printable, table


@pytest.mark.parametrize(
    ("environment", "painted"),
    [
        ({}, "x"),
        ({"FORCE_COLOR": "1"}, "\x1b[31mx\x1b[0m"),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, "x"),
        ({"FORCE_COLOR": "1", "NO_COLOR": ""}, "\x1b[31mx\x1b[0m"),
    ],
)
def test_colour(environment: dict[str, str], painted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Colour is for terminals, and for who forces it; NO_COLOR wins."""
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert paint("x", RED, sys.stdout) == painted


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("héllo €\n\t🎉", "héllo €\n\t🎉"),
        ("\x1b[31mred\x1b[0m", "\x1b[31mred\x1b[0m"),
        ("a\x1b[2Jb", "a\ufffd[2Jb"),
        ("a\x1b]0;title\x07", "a\ufffd]0;title\ufffd"),
        ("a\rb\x9b2Jc\x7f", "a\ufffdb\ufffd2Jc\ufffd"),
    ],
)
def test_printable(text: str, shown: str) -> None:
    """What a message says cannot clear the screen or rename the window."""
    assert printable(text) == shown


def test_error_block(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """An error says what, why and what to do, on stderr."""
    monkeypatch.setenv("NO_COLOR", "1")
    complain(Failed("it broke", cause="because", fix="magpie doctor"))
    complain(Failed("it broke"))
    out, told = capsys.readouterr()
    assert out == ""
    assert told == "error: it broke\ncause: because\nfix: magpie doctor\nerror: it broke\n"


def test_table() -> None:
    """Columns line up and nothing is cut."""
    long = "x" * 300
    assert table(("A", "LONG"), [(1, long), ("22", "")]) == f"A   LONG\n1   {long}\n22"
