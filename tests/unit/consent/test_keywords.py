import pytest

from magpie.consent.keywords import Keyword, keyword_of, reply_to


@pytest.mark.parametrize(
    ("body", "kind", "expected"),
    [
        ("STOP", "local", Keyword.STOP),
        (" stop \n", "local", Keyword.STOP),
        ("Unsubscribe", "local", Keyword.STOP),
        ("stopall", "toll-free", Keyword.STOP),
        ("OPTOUT", "local", Keyword.STOP),
        ("revoke", "local", Keyword.STOP),
        ("start", "local", Keyword.START),
        ("yes", "local", Keyword.START),
        ("yes", "toll-free", None),
        ("unstop", "toll-free", Keyword.START),
        ("help", "local", Keyword.HELP),
        ("INFO", "toll-free", Keyword.HELP),
        ("STOP please", "local", None),
        ("please STOP", "local", None),
        ("STOP.", "local", None),
        ("", "local", None),
        ("STOP", "short-code", None),
    ],
)
def test_only_a_whole_message_is_a_keyword(body: str, kind: str, expected: Keyword | None) -> None:
    """One word alone counts, in any case; short codes have no automatic words."""
    assert keyword_of(body, sender_kind=kind) is expected


def test_help_is_silent_for_those_who_opted_out() -> None:
    """After STOP nothing is sent but the answer to STOP or START."""
    assert reply_to(Keyword.HELP, stopped=True) is None
    assert "STOP" in (reply_to(Keyword.HELP, stopped=False) or "")
    assert "START" in (reply_to(Keyword.STOP, stopped=True) or "")
