"""How callers describe a number by some of its digits; read into a regular expression."""

import re
from typing import Final

_KEYPAD: Final = str.maketrans(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "22233344455566677778889999",  # ITU-T E.161
)
_SPELLING: Final = re.compile(r"[ ().\-]")
_CONTAINS: Final = re.compile(r"\+?[0-9A-Z*%]{1,16}\$?")
_PARTIAL: Final = re.compile(r"\+?[0-9A-Z*]{1,16}")
_SHORTEST, _LONGEST = 2, 16
_LITERALS: Final = 2


def contains(given: str) -> str | None:
    """2 to 16 of: digits, letters as on a keypad, * for one digit, % for any number of them.

    A + stands for the beginning of the number and a $ for its end. None if it is nothing of
    the kind, or wild cards hide all but one digit.
    """
    text = _plain(given)
    if not _SHORTEST <= len(text) <= _LONGEST or not _CONTAINS.fullmatch(text):
        return None
    return _expression(text) if len(re.findall("[0-9A-Z]", text)) >= _LITERALS else None


def partial(given: str) -> str | None:
    """Digits somewhere in a number, * for any one of them; from its beginning after a +."""
    text = _plain(given)
    return _expression(text) if _PARTIAL.fullmatch(text) else None


def _plain(given: str) -> str:
    """A + that nobody escaped comes out of a query as a space."""
    begins = "+" if given[:1] in {"+", " "} else ""
    return begins + _SPELLING.sub("", given.strip().removeprefix("+")).upper()


def _expression(text: str) -> str:
    """The same for PostgreSQL and for `re`: nothing but [0-9], *, ^ and $ of their languages."""
    begin, end = ("^[+]" if text[0] == "+" else ""), ("$" if text[-1] == "$" else "")
    digits = text.strip("+$").translate(_KEYPAD)
    return begin + digits.replace("*", "[0-9]").replace("%", "[0-9]*") + end
