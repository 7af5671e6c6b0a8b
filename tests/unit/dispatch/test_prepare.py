from datetime import timedelta

import msgspec
import pytest
from tests.unit.queued import ACCOUNT, AT, queued

from magpie.carriers.base import Capabilities, Reach
from magpie.carriers.traffic import Deferred, Kind
from magpie.dispatch.model import Attempt, Begin, End, Tries
from magpie.dispatch.prepare import prepare, submission_of
from magpie.dispatch.retry import Again, Held, Moves
from magpie.dispatch.ways import Way
from magpie.kit.queue import Job
from magpie.messages.lifecycle import Status
from magpie.messages.model import Message

MESSAGE = queued(
    body="it\u2019s",
    date_created=AT - timedelta(seconds=2),
    expires_at=AT + timedelta(hours=1),
)
JOB = Job(
    account_sid=ACCOUNT,
    lane="+15017122661",
    id=MESSAGE.id,
    payload=b"",
    cost=1,
    claim=1,
    serial=None,
    slot=AT,
)
WAY = Way(carrier="dumb", reach=Reach(mms=True))


def ready(
    message: Message | None = MESSAGE,
    *,
    tries: Tries = Tries(),  # noqa: B008 - a frozen value
    carrier: Capabilities = Capabilities(),  # noqa: B008
    way: Way | None = WAY,
    job: Job = JOB,
) -> Begin | End:
    return prepare(job, message, tries, way=way, carrier=carrier if way else None, now=AT)


def tried(state: str, *, lost: bool = False) -> Tries:
    attempt = Attempt(ACCOUNT, MESSAGE.id, 1, 0, "dumb", state, None, None, False)
    return Tries((attempt,), lost=lost)


def test_a_waiting_message_is_submitted() -> None:
    """A queued message with a route begins its way, and says how long it waited."""
    begin = ready()
    assert isinstance(begin, Begin)
    assert begin.carrier == "dumb"
    assert begin.waited == 2
    assert not begin.submission.possible_duplicate


def test_a_deleted_or_finished_message_is_dropped() -> None:
    """A job whose message needs nothing any more ends without a word."""
    assert ready(None) == End(job=JOB, at=AT)
    assert ready(msgspec.structs.replace(MESSAGE, status="failed")) == End(job=JOB, at=AT)


def test_an_expired_message_fails() -> None:
    """Validity is over: 30036."""
    end = ready(msgspec.structs.replace(MESSAGE, expires_at=AT))
    assert isinstance(end, End)
    assert end.decision == Moves(Status.FAILED, 30036)


def test_no_route_fails_by_kind() -> None:
    """An MMS that no carrier takes is 30011, a text 30006."""
    mms = ready(msgspec.structs.replace(MESSAGE, mms=True), way=None)
    sms = ready(way=None)
    assert isinstance(mms, End)
    assert isinstance(sms, End)
    assert mms.decision == Moves(Status.FAILED, 30011)
    assert sms.decision == Moves(Status.FAILED, 30006)


def test_a_lost_try_is_flagged_where_it_may_double() -> None:
    """After a crash a dumb carrier gets the message again, marked; one that deduplicates, plain."""
    dumb = ready(tries=tried("unknown", lost=True))
    wise = ready(tries=tried("unknown", lost=True), carrier=Capabilities(deduplicates=True))
    assert isinstance(dumb, Begin)
    assert isinstance(wise, Begin)
    assert dumb.submission.possible_duplicate
    assert not wise.submission.possible_duplicate


def test_a_lost_try_is_held_if_policy_says_so() -> None:
    """With on_unknown = hold a crash never doubles a message."""
    end = ready(tries=tried("unknown", lost=True), carrier=Capabilities(on_unknown="hold"))
    assert isinstance(end, End)
    assert end.decision == Held()


def test_a_refused_try_is_no_doubt() -> None:
    """A try that was answered with a no leaves nothing to flag."""
    begin = ready(tries=tried("refused"))
    assert isinstance(begin, Begin)
    assert not begin.submission.possible_duplicate


def test_smart_encoding_changes_what_is_sent_only() -> None:
    """The stored body keeps its apostrophe, the carrier gets one that GSM knows."""
    message = msgspec.structs.replace(MESSAGE, options={"SmartEncoded": True})
    assert submission_of(message, 1).body == "it's"
    assert submission_of(MESSAGE, 1).body == "it\u2019s"


CONVERTED = msgspec.structs.replace(
    MESSAGE, mms=True, num_media=1, options={"Converted": "sms"}, body="Look: https://a.example/m/x"
)


def test_a_converted_picture_goes_as_a_text() -> None:
    """Its sid says MM, what the carrier gets is an SMS with the link and no media."""
    begin = ready(CONVERTED)
    assert isinstance(begin, Begin)
    assert begin.submission.kind is Kind.SMS
    assert begin.submission.media == ()
    assert begin.submission.body.endswith("/m/x")
    assert CONVERTED.sid.startswith("MM")


@pytest.mark.parametrize(
    ("message", "goes"),
    [(CONVERTED, True), (msgspec.structs.replace(MESSAGE, mms=True), False)],
)
def test_only_a_conversion_goes_after_it_was_sent(message: Message, goes: bool) -> None:
    """A message that has been sent goes again only because its pictures were refused."""
    step = ready(msgspec.structs.replace(message, status="sent"))
    assert isinstance(step, Begin) is goes


def test_attempts_of_the_text_have_numbers_of_their_own() -> None:
    """A job says from where it counts, so that no attempt of the MMS has the same number."""
    job = msgspec.structs.replace(JOB, payload=b"1000", claim=2)
    begin = ready(CONVERTED, job=job)
    assert isinstance(begin, Begin)
    assert begin.submission.attempt == 1002


def test_a_link_closed_by_hand_is_waited_for() -> None:
    """Nothing leaves; the message says why, and is looked at again before long."""
    shut = msgspec.structs.replace(WAY, blocked="dumb is paused")
    end = ready(way=shut)
    assert isinstance(end, End)
    assert end.outcome == Deferred("dumb is paused", throttled=True)
    assert isinstance(end.decision, Again)
    late = ready(way=shut, job=msgspec.structs.replace(JOB, claim=1000))
    assert isinstance(late, End)
    assert isinstance(late.decision, Again)
    assert late.decision.at - AT <= timedelta(seconds=20)


def test_what_was_passed_over_is_told() -> None:
    """The timeline says why a better route was not taken."""
    begin = ready(way=msgspec.structs.replace(WAY, passed={"first": "down"}))
    assert isinstance(begin, Begin)
    assert begin.passed == {"first": "down"}
