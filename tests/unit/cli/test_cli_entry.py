import pytest

from magpie.cli.entry import completed, run
from magpie.cli.failed import Exit


@pytest.mark.parametrize(
    ("given", "completed_"),
    [
        (["send", "+1", "hi", "--wait"], ["send", "+1", "hi", "--wait=delivered"]),
        (["send", "--wait", "+1", "hi"], ["send", "--wait=delivered", "+1", "hi"]),
        (["send", "+1", "--wait", "sent"], ["send", "+1", "--wait", "sent"]),
        (
            ["send", "+1", "--wait", "--timeout", "3"],
            ["send", "+1", "--wait=delivered", "--timeout", "3"],
        ),
        (["run", "--", "x", "--wait"], ["run", "--", "x", "--wait"]),
    ],
)
def test_wait_alone(given: list[str], completed_: list[str]) -> None:
    """`--wait` may have a status after it, and means `delivered` without one."""
    assert completed(given) == completed_


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["snd"], Exit.USAGE, "Did you mean 'send'?"),
        (["send"], Exit.USAGE, "fix: magpie send --help"),
        (["up", "--port", "70000"], Exit.USAGE, "65535"),
        (["status", "-o", "xml"], Exit.USAGE, "xml"),
        (["run"], Exit.USAGE, "fix: magpie run --help"),
    ],
)
def test_usage(
    arguments: list[str], code: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A wrong call has exit code 2, says what is wrong, and where help is."""
    assert run(arguments) == code
    out, complaint = capsys.readouterr()
    assert out == ""
    assert "error:" in complaint
    assert told in complaint


@pytest.mark.parametrize("name", ["up", "serve", "send", "status", "doctor", "explain", "run"])
def test_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Every command's help has two examples at least."""
    assert run([name, "--help"]) == Exit.OK
    assert capsys.readouterr().out.count(f" magpie {name}") >= 3
