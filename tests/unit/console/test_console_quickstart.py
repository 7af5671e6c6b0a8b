"""The first program: whole, and with nothing left to fill in."""

import ast

from magpie.console.quickstart import Start, programs

START = Start(
    sid="AC" + "1" * 32,
    token="7f" * 16,
    base="http://127.0.0.1:8000",
    sender="+15017122661",
    to="+15558675310",
)


def test_everything_is_in_it() -> None:
    """Account, token, base, sender and phone stand in the program of each language."""
    for language, text in programs(START).items():
        for value in (START.sid, START.token, START.base, START.sender, START.to):
            assert value in text, language


def test_the_one_in_python_parses() -> None:
    """It is a program."""
    assert ast.parse(programs(START)["Python"]).body
