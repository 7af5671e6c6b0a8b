import subprocess
import sys

import pytest

from magpie.console.same import LANGUAGES, snippets

FIELDS = [
    ("To", "+15558675310"),
    ("From", "+15017122661"),
    ("Body", 'It\'s "quoted"; $HOME `id`\n\N{BIRD}'),
    ("MediaUrl", "https://a.example/1.png"),
    ("MediaUrl", "https://a.example/2.png"),
    ("ValidityPeriod", "60"),
]


@pytest.fixture
def made() -> dict[str, str]:
    return snippets(FIELDS, "http://127.0.0.1:8000", "AC1")


def test_every_language(made: dict[str, str]) -> None:
    """Each names the receiver and all media."""
    assert tuple(made) == LANGUAGES
    assert all("+15558675310" in text and "2.png" in text for text in made.values())


def test_python_is_python(made: dict[str, str]) -> None:
    """What a text holds stays text: it compiles, and gives the very text."""
    code = compile(made["Python"], "send.py", "exec")
    assert 'It\'s "quoted"; $HOME `id`\n\N{BIRD}' in code.co_consts
    assert "validity_period" in made["Python"]


def test_a_shell_runs_nothing_of_a_text(made: dict[str, str]) -> None:
    """Quotes, dollars and backticks are given on as they are."""
    for language in ("curl", "CLI"):
        command = made[language].partition(" ")[2].replace("\\\n", " ")
        shown = subprocess.run(
            ["sh", "-c", f"{sys.executable} -c 'import sys; print(sys.argv[1:])' {command}"],
            capture_output=True,
            text=True,
            check=True,
            env={"TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "t"},
        ).stdout
        assert "$HOME `id`" in shown
