import pytest

from magpie.cli.failed import Exit, Failed
from magpie.cli.trigger import parse
from magpie.cli.webhooks import address, answered, page


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("localhost:3000/sms", "http://localhost:3000/sms"),
        ("https://h.example/sms?a=b#rc=2", "https://h.example/sms?a=b#rc=2"),
    ],
)
def test_addresses(text: str, url: str) -> None:
    """A host and a port are enough."""
    assert address(text) == url


@pytest.mark.parametrize("text", ["", "/sms", "ftp://h.example/"])
def test_what_is_no_address(text: str) -> None:
    """It is said before anything is called."""
    with pytest.raises(Failed) as failed:
        address(text)
    assert failed.value.code == Exit.USAGE


@pytest.mark.parametrize(
    ("event", "parsed"),
    [
        ("inbound-sms", ("inbound-sms", None)),
        ("opt-out", ("opt-out", None)),
        ("delivered", ("delivered", None)),
        ("failed:30005", ("failed", 30005)),
        ("undelivered:30003", ("undelivered", 30003)),
    ],
)
def test_events(event: str, parsed: tuple[str, int | None]) -> None:
    """A word, or a word and the code of what goes wrong."""
    assert parse(event) == parsed


@pytest.mark.parametrize(
    "event", ["", "failed", "failed:", "failed:1", "failed:99999", "failed:3000x", "opt-out:30005"]
)
def test_what_is_no_event(event: str) -> None:
    """It is a mistake in usage, and the answer names those that there are."""
    with pytest.raises(Failed) as failed:
        parse(event)
    assert failed.value.code == Exit.USAGE
    assert "inbound-mms" in failed.value.fix


def test_a_call_is_told() -> None:
    """First what was asked, then what was answered."""
    call = {
        "event": "sent",
        "date_created": "2026-11-27T12:00:00.000+00:00",
        "attempt": 1,
        "attempts": 2,
        "method": "POST",
        "status": None,
        "failure": "refused",
        "ms": 3.0,
        "request": {"url": "http://h/", "headers": {"A": "b"}, "params": [["Body", "x"]]},
        "response": None,
    }
    assert page(call).splitlines()[2:] == [
        "POST http://h/",
        "A: b",
        "",
        "Body = x",
        "",
        "refused after 3 ms",
    ]
    assert answered({"failure": None, "status": 204}) == "204"
