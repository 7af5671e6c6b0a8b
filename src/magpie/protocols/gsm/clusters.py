"""Which neighbours a reader sees as one character (the rules of UAX #29 that matter to texts)."""

import unicodedata
from typing import Final

_ZWJ: Final = "\u200d"
_SKIN_TONES: Final = range(0x1F3FB, 0x1F400)
_TAGS: Final = range(0xE0020, 0xE0080)
_REGIONAL: Final = range(0x1F1E6, 0x1F200)
_HIGH, _LOW = range(0xD800, 0xDC00), range(0xDC00, 0xE000)


def joined(text: str, at: int) -> bool:
    """Whether a cut before index `at` would tear a visible character."""
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    return (
        _extends(after)
        or before == _ZWJ
        or (ord(before) in _HIGH and ord(after) in _LOW)
        or (ord(after) in _REGIONAL and _odd_flags_before(text, at))
        or (_is_jamo(before) and _is_vowel_or_tail(after))
    )


def _extends(char: str) -> bool:
    code = ord(char)
    return (
        char == _ZWJ
        or code in _SKIN_TONES
        or code in _TAGS
        or unicodedata.category(char) in ("Mn", "Me", "Mc")
    )


def _odd_flags_before(text: str, at: int) -> bool:
    """Two regional indicators make a flag; a third begins the next one."""
    first = at
    while first and ord(text[first - 1]) in _REGIONAL:
        first -= 1
    return (at - first) % 2 == 1


def _is_jamo(char: str) -> bool:
    return 0x1100 <= ord(char) <= 0x11FF or 0xAC00 <= ord(char) <= 0xD7A3  # noqa: PLR2004


def _is_vowel_or_tail(char: str) -> bool:
    return 0x1160 <= ord(char) <= 0x11FF  # noqa: PLR2004
