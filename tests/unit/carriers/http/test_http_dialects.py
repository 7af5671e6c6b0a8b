"""What providers say, in words of ours."""

import contextlib
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import msgspec
import pytest
from msgspec import structs
from tests.pairs.provider import PUBLIC, Provider
from tests.pairs.simulator_rig import PHONE, picture

from magpie.carriers import traffic as t
from magpie.carriers.door import Knock
from magpie.carriers.http.bandwidth import Bandwidth
from magpie.carriers.http.dialect import Access, Dialect, LockedOut, Told, Unread
from magpie.carriers.http.telnyx import Telnyx
from magpie.carriers.http.twilio import Twilio
from magpie.kit import clock

DOOR = "https://magpie.example/carriers/v1/north"
ACCESS = Access(
    url="",
    account="AC1",
    username="user",
    token="s3cret",
    application="group",
    callback_secret="them:us",
)
TWILIO = Twilio(structs.replace(ACCESS, callback_secret="s3cret"))
BANDWIDTH = Bandwidth(ACCESS)
TELNYX = Telnyx(structs.replace(ACCESS, callback_secret=PUBLIC))
ALL: dict[str, Dialect] = {"twilio": TWILIO, "bandwidth": BANDWIDTH, "telnyx": TELNYX}


def refused(dialect: Dialect, status: int, **body: Any) -> t.Outcome | LockedOut:
    return dialect.outcome(status, msgspec.json.encode(body))


@pytest.mark.parametrize(
    ("status", "code", "ours", "elsewhere"),
    [
        (400, 21610, 21610, False),
        (400, 21211, 21211, False),
        (400, 21606, 21606, True),
        (403, 21408, 21408, True),
        (400, 63034, 63034, False),
        (400, 99999, 30008, False),
        (404, 20404, 20404, True),
    ],
)
def test_twilio_refuses(status: int, code: int, ours: int, *, elsewhere: bool) -> None:
    """Its codes are ours; where only the account is at fault another link may try."""
    outcome = refused(TWILIO, status, code=code, message="No")
    assert isinstance(outcome, t.Rejected)
    assert (outcome.code, outcome.elsewhere) == (ours, elsewhere)
    assert str(code) in outcome.detail


@pytest.mark.parametrize(("status", "code"), [(401, 20003), (403, 20403), (401, 10001)])
def test_twilio_locks_out(status: int, code: int) -> None:
    """That is the link's trouble, not the message's."""
    assert isinstance(refused(TWILIO, status, code=code, message="No"), LockedOut)


@pytest.mark.parametrize(
    ("field", "code", "elsewhere"),
    [("to", 21211, False), ("from", 21212, True), ("applicationId", 30008, True)],
)
def test_bandwidth_refuses(field: str, code: int, *, elsewhere: bool) -> None:
    """By the field that it complains of."""
    errors = [{"fieldName": field, "description": "is invalid"}]
    outcome = refused(BANDWIDTH, 400, type="request-validation", fieldErrors=errors)
    assert isinstance(outcome, t.Rejected)
    assert (outcome.code, outcome.elsewhere) == (code, elsewhere)
    assert f"{field} is invalid" in outcome.detail


@pytest.mark.parametrize(
    ("status", "code", "ours", "elsewhere"),
    [
        (409, "40300", 21610, False),
        (422, "40305", 21212, True),
        (422, "40310", 21211, False),
        (422, "40302", 30019, False),
        (403, "40312", 30008, True),
        (400, "", 30008, True),
    ],
)
def test_telnyx_refuses(status: int, code: str, ours: int, *, elsewhere: bool) -> None:
    """By the first of its errors."""
    errors = [{"code": code, "title": "No"}] if code else []
    outcome = refused(TELNYX, status, errors=errors)
    assert isinstance(outcome, t.Rejected)
    assert (outcome.code, outcome.elsewhere) == (ours, elsewhere)


@pytest.mark.parametrize("name", ALL)
def test_an_error_that_is_no_json(name: str) -> None:
    """A proxy may stand between; the message is not lost to another link."""
    outcome = ALL[name].outcome(404, b"<html>not here</html>")
    assert isinstance(outcome, t.Rejected)
    assert outcome.elsewhere


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("body", [b'{"id":"\xff"}', b'{"x":' * 9999], ids=["no text", "deep"])
def test_answers_that_are_no_text(name: str, body: bytes) -> None:
    """Whether it was taken is unknown then, as with any answer that cannot be read."""
    assert isinstance(ALL[name].outcome(200, body), t.Unknown)


@pytest.mark.parametrize("name", ALL)
def test_a_long_complaint_is_cut(name: str) -> None:
    """It ends in a timeline that people read."""
    said = {
        "message": "no " * 999,
        "description": "no " * 999,
        "errors": [{"code": "40300", "title": "no " * 999}],
    }
    outcome = refused(ALL[name], 400, **said)
    assert isinstance(outcome, t.Rejected)
    assert len(outcome.detail) < 250


def test_what_twilio_is_asked() -> None:
    """Everything by its name there; a validity in whole seconds, within what it takes."""
    wanted = picture(PHONE)
    until = clock.now() + timedelta(days=3)
    call = TWILIO.call(structs.replace(wanted, expires_at=until), ["https://a/1"], DOOR)
    assert call.url == "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages.json"
    form = parse_qs(call.body.decode())
    assert form["ValidityPeriod"] == ["36000"]
    assert form["StatusCallback"] == [DOOR]
    assert form["MessagingServiceSid"] == ["group"]
    assert "SendAsMms" not in form


def test_a_text_that_is_to_go_as_mms() -> None:
    """Twilio is told, since there is no picture that would say so."""
    bare = structs.replace(picture(PHONE), media=())
    form = parse_qs(TWILIO.call(bare, [], DOOR).body.decode())
    assert (form["SendAsMms"], form["Body"]) == (["true"], ["look"])


def test_what_bandwidth_is_asked() -> None:
    """The tag is the message's key, so that its console and ours can be compared."""
    wanted = structs.replace(picture(PHONE), expires_at=clock.now())
    call = BANDWIDTH.call(wanted, ["https://a/1"], DOOR)
    assert call.url == "https://messaging.bandwidth.com/api/v2/users/AC1/messages"
    asked = msgspec.json.decode(call.body)
    assert (asked["applicationId"], asked["to"], asked["tag"]) == ("group", [PHONE], wanted.key)
    assert asked["expiration"].endswith("+00:00")


def test_what_telnyx_is_asked() -> None:
    """It is told where to call back."""
    call = TELNYX.call(picture(PHONE), ["https://a/1"], DOOR)
    assert call.url == "https://api.telnyx.com/v2/messages"
    asked = msgspec.json.decode(call.body)
    assert (asked["webhook_url"], asked["type"]) == (DOOR, "MMS")
    assert (asked["media_urls"], asked["messaging_profile_id"]) == (["https://a/1"], "group")


def knock(headers: dict[str, str], body: bytes) -> Knock:
    small = {name.lower(): value for name, value in headers.items()}
    return Knock(
        method="POST", path="", query="", headers=small, body=body, peer="192.0.2.1", url=DOOR
    )


@pytest.mark.parametrize("name", ALL)
def test_who_calls(name: str) -> None:
    """Only who knows the secret, and for what was said."""
    headers, body = Provider(name).signed(DOOR, {"a": "b"})
    now = clock.now().timestamp()
    assert ALL[name].allows(knock(headers, body), now)
    assert not ALL[name].allows(knock({}, body), now)
    for changed in (dict.fromkeys(headers, "x"), dict.fromkeys(headers, "é")):
        assert not ALL[name].allows(knock(changed, body), now)


def test_an_old_call_of_telnyx() -> None:
    """What was signed long ago may be somebody's recording."""
    headers, body = Provider("telnyx").signed(DOOR, {})
    now = clock.now().timestamp()
    assert TELNYX.allows(knock(headers, body), now + 290)
    assert not TELNYX.allows(knock(headers, body), now + 310)
    assert not TELNYX.allows(knock(headers, body), now - 310)


@pytest.mark.parametrize("stamp", ["9" * 400, "9" * 5000, "", "-1", "1e9", "\u0661"])
def test_a_stamp_that_is_no_moment(stamp: str) -> None:
    """Anybody may send one; it is a stranger's and nothing more."""
    headers, body = Provider("telnyx").signed(DOOR, {})
    told = headers | {"Telnyx-Timestamp": stamp}
    assert not TELNYX.allows(knock(told, body), clock.now().timestamp())


def test_a_code_that_is_none() -> None:
    """However long it is, the message is told of as any that failed."""
    body = f"MessageSid=SM1&MessageStatus=failed&ErrorCode={'9' * 5000}".encode()
    [told] = TWILIO.read(knock({}, body))
    assert isinstance(told, Told)
    assert told.code == 30008


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b"[{}]",
        b"\xff",
        b"null",
        b"a=b",
        b'{"data":1}',
        b'{"data":{"event_type":"\xff"}}',
        b'[{"type":"\xff"}]',
        b"[" * 9999,
        b'{"data":' * 9999,
    ],
    ids=lambda body: repr(body[:40]),
)
def test_callbacks_without_sense(name: str, body: bytes) -> None:
    """They are refused, or tell of nothing; never more."""
    with contextlib.suppress(Unread):
        assert ALL[name].read(knock({}, body)) == []


def test_a_key_that_is_none() -> None:
    """It is said at the start, not at the first callback."""
    with pytest.raises(ValueError, match="callback_secret"):
        Telnyx(structs.replace(ACCESS, callback_secret="c2hvcnQ="))
