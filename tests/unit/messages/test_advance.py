import msgspec
import pytest
from tests.unit.queued import AT, queued

from magpie.messages.advance import Event, hop_of, move
from magpie.messages.callbacks import status_params
from magpie.messages.lifecycle import Status

QUEUED = queued()


def event(status: Status, code: int | None = None) -> Event:
    return Event(
        account_sid=QUEUED.account_sid,
        message_id=QUEUED.id,
        at=AT,
        hop="answer",
        status=status,
        code=code,
    )


def test_the_first_sent_sets_the_date() -> None:
    """date_sent is when the carrier took the message, not when it was delivered."""
    sent = move(QUEUED, event(Status.SENT))
    later = msgspec.structs.replace(event(Status.DELIVERED), at=AT.replace(hour=12))
    assert sent.date_sent == AT
    assert move(sent, later).date_sent == AT


def test_a_failure_carries_its_code_and_text() -> None:
    """The error of a message is a number and a sentence."""
    failed = move(QUEUED, event(Status.FAILED, 30006))
    assert failed.error_code == 30006
    assert failed.error_message
    assert failed.date_sent is None


@pytest.mark.parametrize(
    ("options", "body", "to"),
    [
        (None, "hello", "+15558675310"),
        ({"ContentRetention": "discard"}, "", "+15558675310"),
        ({"AddressRetention": "obfuscate"}, "hello", "+1555867XXXX"),
        ({"ContentRetention": "retain", "AddressRetention": "retain"}, "hello", "+15558675310"),
    ],
)
def test_retention_acts_at_the_end(options: dict[str, str] | None, body: str, to: str) -> None:
    """Content and address are forgotten when they are not needed any more, if that was asked."""
    message = msgspec.structs.replace(QUEUED, options=options)
    sent = move(message, event(Status.SENT))
    assert (sent.body, sent.to) == ("hello", "+15558675310")
    over = move(sent, event(Status.DELIVERED))
    assert (over.body, over.to) == (body, to)


def test_a_hop_tells_where_it_led() -> None:
    """The timeline shows status and code beside the details."""
    assert hop_of(event(Status.FAILED, 30006)).detail == {"status": "failed", "code": 30006}


def test_a_callback_names_everything() -> None:
    """A status callback has the parameters that Twilio's has."""
    params = dict(status_params(QUEUED, "sent"))
    assert params == {
        "MessageSid": QUEUED.sid,
        "SmsSid": QUEUED.sid,
        "MessageStatus": "sent",
        "SmsStatus": "sent",
        "AccountSid": QUEUED.account_sid,
        "From": "+15017122661",
        "To": "+15558675310",
        "ApiVersion": "2010-04-01",
    }


def test_a_callback_of_a_failure_has_the_code() -> None:
    """ErrorCode is there only for what went wrong."""
    failed = move(QUEUED, event(Status.FAILED, 30006))
    assert dict(status_params(failed, "failed"))["ErrorCode"] == "30006"


def test_a_callback_of_a_receipt_has_its_date() -> None:
    """RawDlrDoneDate is the carrier's own text."""
    params = dict(status_params(QUEUED, "delivered", done_date="2611241030"))
    assert params["RawDlrDoneDate"] == "2611241030"
