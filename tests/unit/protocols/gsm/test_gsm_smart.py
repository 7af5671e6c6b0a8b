# ruff: noqa: RUF001 - ambiguous signs are what this is about

import pytest
from hypothesis import given
from hypothesis import strategies as st

from magpie.protocols.gsm import is_gsm7, smart_encode


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("“Hi” „there‟", '"Hi" "there"'),
        ("it’s `so´", "it's 'so'"),
        ("a–b—c•d", "a-b-c-d"),
        ("wait…", "wait..."),
        ("¼ ½ ¾ ÷", "1/4 1/2 3/4 /"),
        ("a\u00a0b\u2003c\u3000d\te", "a b c d e"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("ＡＢｃ１！～", "ABc1!~"),
        ("ꜱᴍᴀʟʟ", "SMALL"),
        ("﹩﹪﹖", "$%?"),
        ("❨a❩", "(a)"),
        ("✽∗", "**"),
        ("‼", "!!"),
        ("a\x00b\x9fc", "abc"),
        ("line\r\nfeed", "line\r\nfeed"),
        ("a∣b", "a|b"),
    ],
)
def test_look_alikes_become_plain(text: str, plain: str) -> None:
    """Typographic signs turn into the sign of GSM-7 that a reader takes for the same."""
    assert smart_encode(text) == plain
    assert is_gsm7(plain)


@pytest.mark.parametrize("text", ["😀 ✨ ❄ ✳", "日本語", "한국어", "Ünïcôdé", "ça va", "a {€} b"])
def test_emoji_scripts_and_letters_stay(text: str) -> None:
    """Smart encoding changes no word and no picture."""
    assert smart_encode(text) == text


@given(st.text())
def test_smart_encoding_is_done_once(text: str) -> None:
    """What has been made plain is not changed again."""
    once = smart_encode(text)
    assert smart_encode(once) == once
