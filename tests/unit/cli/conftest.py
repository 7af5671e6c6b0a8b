from pathlib import Path

import pytest

from magpie.app.card import Card, HandsetCard, SenderCard


@pytest.fixture
def card() -> Card:
    """A Magpie that is long gone: nobody has that pid."""
    return Card(
        account_sid="AC" + "1" * 32,
        auth_token="the-auth-token",
        base_url="http://127.0.0.1:8000",
        console_url="http://127.0.0.1:8000/console",
        senders=(
            SenderCard("+15017122661", "10DLC", mms=False),
            SenderCard("55501", "short", mms=True),
        ),
        handsets=(HandsetCard("+15558675310", "simulator", mms=True, url="http://h"),),
        pid=2**22 + 1,
    )


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder in which nothing is set."""
    monkeypatch.chdir(tmp_path)
    for name in (
        "MAGPIE_CONFIG",
        "MAGPIE_HOST",
        "MAGPIE_DATA",
        "MAGPIE_DATABASE_URL",
        "MAGPIE_PROFILE",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_COLOR", "1")
    return tmp_path
