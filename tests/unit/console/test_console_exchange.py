import shlex
from datetime import UTC, datetime
from uuid import UUID

from msgspec.structs import replace

from magpie.console import exchange
from magpie.webhooks.log.model import Attempt, Kept

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
ATTEMPT = Attempt(
    token=UUID(int=2),
    kind="inbound",
    message_sid="SM" + "0" * 32,
    replay_of=None,
    at=NOW,
    method="POST",
    url="https://h.example/sms?a=b",
    target="https://user:secret@h.example/sms?a=b#rc=1",
    headers={"X-Twilio-Signature": "it's=", "User-Agent": "TwilioProxy/1.1"},
    params=[("Body", "Hi & \u00e4"), ("From", "+15558675310")],
    attempt=1,
    attempts=2,
    fallback=False,
    status=200,
    failure=None,
    pause=None,
    answer=[("content-type", "text/xml")],
    size=11,
    address="127.0.0.1",
    account_sid="AC" + "0" * 32,
    id=UUID(int=1),
    message_id=UUID(int=3),
    event="inbound",
    endpoint="https://h.example/sms",
    code=None,
    ms=4.0,
)


def test_a_plan() -> None:
    """Verbs are told in sentences, what is not understood as warnings with their codes."""
    document = (
        b'<Response><Message to="+15558675311">Hi<Media>https://h.example/a.png</Media></Message>'
        b"<Say/><Redirect>/next</Redirect></Response>"
    )
    plan = exchange.plan(Kept(ATTEMPT, document))
    assert plan is not None
    assert plan.steps == [
        "Reply to +15558675311: Hi, with 1 media",
        "Fetch the next document by POST from https://h.example/next",
    ]
    assert plan.warnings[0].startswith("14110")


def test_a_broken_document() -> None:
    """It is told what the parser found, and where."""
    plan = exchange.plan(Kept(ATTEMPT, b"<Response><Message></Response>"))
    assert plan is not None
    assert plan.wrong.startswith("12100: mismatched tag: line 1")


def test_no_document() -> None:
    """Status callbacks, failures and calls without an answer are not read as TwiML."""
    for kept in (
        Kept(replace(ATTEMPT, kind="status"), b"<x>"),
        Kept(replace(ATTEMPT, code=11200), b"<x>"),
        Kept(ATTEMPT, None),
    ):
        assert exchange.plan(kept) is None


def test_bodies() -> None:
    """JSON gets lines; what only says that it is JSON, and what is no text, is shown as it is."""
    as_json = replace(ATTEMPT, answer=[("Content-Type", "application/json")])
    assert exchange.text_of(Kept(as_json, b'{"a":1}')) == '{\n  "a": 1\n}'
    assert exchange.text_of(Kept(as_json, b"{a")) == "{a"
    assert exchange.text_of(Kept(ATTEMPT, b"\xff")) == "\ufffd"
    assert exchange.text_of(Kept(ATTEMPT, None)) == ""


def test_as_curl() -> None:
    """A shell takes the command for what was called: no secret, nothing lost in quoting."""
    words = shlex.split(exchange.curl(ATTEMPT).replace("\\\n", " "))
    assert words[:4] == ["curl", "-X", "POST", "https://h.example/sms?a=b"]
    assert "X-Twilio-Signature: it's=" in words
    assert words[-1] == "Body=Hi+%26+%C3%A4&From=%2B15558675310"
    got = replace(ATTEMPT, method="GET")
    assert "--data-raw" not in exchange.curl(got)
    assert exchange.raw(ATTEMPT).splitlines()[0] == "POST https://h.example/sms?a=b"
    assert "secret" not in exchange.curl(ATTEMPT) + exchange.raw(ATTEMPT)


def test_differences() -> None:
    """Of two tries only what is not the same in both is told."""
    one = Kept(ATTEMPT, b"same")
    other = Kept(replace(ATTEMPT, status=500, params=[("Body", "Ho")]), b"same")
    changed = [line for line in exchange.differences(one, other) if line[0] in "+-"]
    assert changed == [
        "-Body=Hi & \u00e4",
        "-From=+15558675310",
        "-answered 200",
        "+Body=Ho",
        "+answered 500",
    ]
    assert exchange.differences(one, one) == []


def test_an_answer_that_is_too_deep() -> None:
    """It is shown as it came."""
    deep = b"[" * 9999
    attempt = replace(ATTEMPT, answer=[("content-type", "application/json")])
    assert exchange.text_of(Kept(attempt, deep)) == deep.decode()
