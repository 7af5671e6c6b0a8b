import sys

import pytest

from magpie.cli.failed import Failed
from magpie.cli.terminal import RED, Listing, complain, paint, printable, put_list, table


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


@pytest.mark.parametrize(
    ("form", "text"),
    [
        (Listing.TABLE, "SID  LAST ERROR\nSM1  =1+1\nSM2  a,\u201cb\u201d"),
        (Listing.JSON, '[\n  {\n    "sid": "SM1"\n  },\n  {\n    "sid": "SM2"\n  }\n]'),
        (Listing.JSONL, '{"sid": "SM1"}\n{"sid": "SM2"}'),
        (Listing.CSV, 'sid,last_error\nSM1,\'=1+1\nSM2,"a,\u201cb\u201d"'),
        (Listing.TSV, "sid\tlast_error\nSM1\t'=1+1\nSM2\ta,\u201cb\u201d"),
    ],
)
def test_lists(form: Listing, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    """All of an object for programs, columns for people and spreadsheets; no formula for these."""
    found = [{"sid": "SM1"}, {"sid": "SM2"}]
    rows = [("SM1", "=1+1"), ("SM2", "a,\u201cb\u201d")]
    put_list(form, found, ("SID", "LAST ERROR"), rows)
    assert capsys.readouterr().out == f"{text}\n"


def test_numbers_are_no_formulas(capsys: pytest.CaptureFixture[str]) -> None:
    """A plus before digits is how numbers are written."""
    put_list(Listing.CSV, [], ("TO",), [("+15558675310",)])
    assert capsys.readouterr().out == "to\n+15558675310\n"
