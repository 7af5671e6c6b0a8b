from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from magpie.app import checks
from magpie.app.checks import FAIL, OK, WARN, Facts, Finding
from magpie.settings import Settings


def _facts(fsync: str) -> Facts:
    return Facts(
        180001, datetime(2026, 1, 1, tzinfo=UTC), {"fsync": fsync, "full_page_writes": "on"}
    )


@pytest.mark.parametrize(
    ("look", "state", "text"),
    [
        (lambda: checks.python((3, 11, 7)), OK, "3.11.7"),
        (lambda: checks.python((3, 10, 1)), FAIL, "3.10.1"),
        (lambda: checks.server_version(150004), OK, "PostgreSQL 15"),
        (lambda: checks.server_version(140012), FAIL, "too old"),
        (lambda: checks.durability(_facts("on")), OK, "fsync on"),
        (lambda: checks.durability(_facts("off")), FAIL, "fsync off"),
        (lambda: checks.clock(-0.5), OK, "0.50 s ahead"),
        (lambda: checks.clock(5), WARN, "5.00 s behind"),
        (lambda: checks.clock(-3600), FAIL, "ahead"),
        (lambda: checks.egress(Settings(egress_allowed=("10.0.0.0/8",))), OK, "10.0.0.0/8"),
        (lambda: checks.proxies(Settings(profile="production")), WARN, "not set"),
        (lambda: checks.proxies(Settings()), OK, "not needed"),
        (lambda: checks.sandbox(()), OK, "all of its walls"),
        (lambda: checks.sandbox(("namespaces",)), WARN, "namespaces"),
        (lambda: checks.sandbox(("user", "syscalls")), WARN, "user, syscalls"),
        (lambda: checks.no_sandbox("no memory"), FAIL, "no memory"),
    ],
)
def test_findings(look: Callable[[], Finding], state: str, text: str) -> None:
    """Each check tells good from bad, and what is bad comes with a fix."""
    finding = look()
    assert finding.state == state
    assert text in finding.text
    assert bool(finding.fix) is (state != OK)


def test_folder(tmp_path: Path) -> None:
    """The data folder must be one, and its secrets for the owner's eyes only."""
    assert checks.folder(tmp_path / "new" / "data").state == OK
    file = tmp_path / "file"
    file.touch()
    assert checks.folder(file).state == FAIL
    card = tmp_path / "card.json"
    card.touch(0o644)
    assert checks.folder(tmp_path).fix == f"chmod 600 {card}"
