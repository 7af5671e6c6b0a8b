import os
from pathlib import Path

import pytest

from magpie.app.card import Card
from magpie.cli.entry import run
from magpie.cli.failed import Exit
from magpie.cli.welcome import welcome


@pytest.mark.parametrize(
    ("arguments", "environment", "code", "told"),
    [
        (["up"], {"MAGPIE_HOST": "0.0.0.0"}, Exit.REFUSED, "fix: magpie up --host 0.0.0.0"),
        (["serve"], {"MAGPIE_HOST": "::"}, Exit.REFUSED, "fix: magpie serve --host ::"),
        (["up"], {"MAGPIE_PROFILE": "production"}, Exit.REFUSED, "fix: magpie serve"),
        (["up"], {"MAGPIE_PORTT": "1"}, Exit.USAGE, "did you mean port"),
        (
            ["up", "--fresh", "--yes"],
            {"MAGPIE_DATABASE_URL": "postgresql:///x"},
            Exit.REFUSED,
            "change MAGPIE_DATABASE_URL",
        ),
        (["status"], {}, Exit.FAILURE, "fix: magpie up"),
        (["send", "+15558675310"], {}, Exit.USAGE, "nothing to send"),
        (["send", "+1", "--media", "no.png"], {}, Exit.USAGE, "no file no.png"),
        (["send", "+1", "x", "--wait=sold"], {}, Exit.USAGE, "sold is not a status"),
        (["explain", "AC12"], {}, Exit.USAGE, "not the SID of a message"),
        (["run", "--", "true"], {}, Exit.FAILURE, "fix: magpie up"),
    ],
)
def test_refusals(
    arguments: list[str],
    environment: dict[str, str],
    code: Exit,
    told: str,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What cannot be done is said before anything is started or erased, with its exit code."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert run(arguments) == code
    out, complaint = capsys.readouterr()
    assert out == ""
    assert told in complaint
    assert list(folder.iterdir()) == []


def test_fresh_spares_others(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder that is not Magpie's is not erased, however it is asked for."""
    (folder / "thesis.txt").write_text("years of work")
    assert run(["up", "--fresh", "--yes", "--data", "."]) == Exit.REFUSED
    assert (folder / "thesis.txt").exists()
    assert "does not look like a data folder" in capsys.readouterr().err


def test_fresh_asks(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where nobody can be asked, erasing needs --yes."""
    (folder / "magpie.lock").touch()
    assert run(["up", "--fresh", "--data", "."]) == Exit.USAGE
    assert "fix: magpie up --fresh --yes" in capsys.readouterr().err
    assert (folder / "magpie.lock").exists()


def test_dead_card(folder: Path, card: Card, capsys: pytest.CaptureFixture[str]) -> None:
    """A card that outlived its Magpie does not make it a running one."""
    card.write(folder)
    assert run(["status", "--data", "."]) == Exit.FAILURE
    assert "Magpie is not running" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("file", "snippet"),
    [("package.json", 'require("twilio")'), ("other", "from twilio.rest import Client")],
)
def test_welcome(file: str, snippet: str, folder: Path, card: Card) -> None:
    """The snippet speaks the language of the folder, with a number that can send and a handset."""
    (folder / file).touch()
    told = welcome(card, "http://sign.in", folder, secrets=False)
    assert snippet in told
    assert all(one in told for one in ("+15017122661", "+15558675310", card.account_sid))
    assert card.auth_token not in told
    assert card.auth_token in welcome(card, "http://sign.in", folder, secrets=True)


def test_no_traceback(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A mistake of ours ends in a report without what was typed, not in a traceback."""

    def broken() -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr("magpie.cli.running.Settings.load", broken)
    monkeypatch.setattr("tempfile.tempdir", os.fspath(folder))
    assert run(["send", "+15558675310", "a secret"]) == Exit.FAILURE
    (report,) = folder.iterdir()
    complaint = capsys.readouterr().err
    assert "Traceback" not in complaint
    assert f"report it with {report.name}" in complaint
    assert "ZeroDivisionError" in report.read_text()
    assert "a secret" not in report.read_text()
