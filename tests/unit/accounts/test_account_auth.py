import base64
from datetime import UTC, datetime

import pytest

from magpie.accounts.auth import _basic
from magpie.accounts.model import Account, NewKey


def _header(text: str) -> str:
    return "Basic " + base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("header", "read"),
    [
        (_header("AC1:token"), ("AC1", "token")),
        (_header("AC1:a:b"), ("AC1", "a:b")),
        (_header("AC1:"), ("AC1", "")),
        (_header("AC1"), ("AC1", "")),
        (_header("AC1:\u00fc"), ("AC1", "\u00fc")),
        (_header("AC1:token").replace("Basic", "bAsIc"), ("AC1", "token")),
        ("Basic " + base64.b64encode(b"AC1:\xff").decode(), ("AC1", "\udcff")),
        (None, ("", "")),
        ("", ("", "")),
        ("Basic", ("", "")),
        ("Basic !!!", ("", "")),
        ("Basic \u00fc", ("", "")),
        ("Bearer abc", ("", "")),
        ("Basic " + "A" * 100_000, ("", "")),
    ],
)
def test_basic(header: str | None, read: tuple[str, str]) -> None:
    """A header is read as RFC 7617 has it; whatever else comes names nobody."""
    assert _basic(header) == read


def test_records_hide_secrets() -> None:
    """Neither an account nor a key just made shows its secret when it is printed."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    key = NewKey(
        account_sid="AC1",
        sid="SK1",
        friendly_name="",
        secret_hash=b"",
        date_created=now,
        date_updated=now,
        secret="sesame",
    )
    assert repr(key) == "NewKey(SK1)"
    assert "auth_token" in Account.columns()
