from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec

from magpie.carriers.base import Capabilities
from magpie.carriers.routes import Route
from magpie.carriers.traffic import Kind
from magpie.dispatch.model import Attempt, Begin, End, Tries
from magpie.dispatch.prepare import prepare, submission_of
from magpie.dispatch.retry import Held, Moves
from magpie.kit.queue import Job
from magpie.messages.lifecycle import Status
from magpie.messages.model import Message

NOW = datetime(2026, 11, 24, tzinfo=UTC)
ACCOUNT = "AC" + "1" * 32
MESSAGE = Message(
    account_sid=ACCOUNT,
    id=UUID(int=7),
    mms=False,
    direction="outbound-api",
    status="queued",
    from_="+15017122661",
    to="+15558675310",
    body="it\u2019s",
    num_segments=1,
    num_media=0,
    messaging_service_sid=None,
    price=None,
    price_unit="USD",
    error_code=None,
    error_message=None,
    date_created=NOW - timedelta(seconds=2),
    date_updated=NOW,
    date_sent=None,
    expires_at=NOW + timedelta(hours=1),
    status_callback=None,
    options=None,
)
JOB = Job(
    account_sid=ACCOUNT,
    lane="+15017122661",
    id=MESSAGE.id,
    payload=b"",
    cost=1,
    claim=1,
    serial=None,
    slot=NOW,
)
ROUTES = (Route(prefix="", carrier="dumb"),)


def ready(
    message: Message | None = MESSAGE,
    *,
    tries: Tries = Tries(),  # noqa: B008 - a frozen value
    carrier: Capabilities = Capabilities(),  # noqa: B008
    routes: tuple[Route, ...] = ROUTES,
) -> Begin | End:
    return prepare(JOB, message, (), tries, routes=routes, carriers={"dumb": carrier}, now=NOW)


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
    assert ready(None) == End(job=JOB, at=NOW)
    assert ready(msgspec.structs.replace(MESSAGE, status="failed")) == End(job=JOB, at=NOW)


def test_an_expired_message_fails() -> None:
    """Validity is over: 30036."""
    end = ready(msgspec.structs.replace(MESSAGE, expires_at=NOW))
    assert isinstance(end, End)
    assert end.decision == Moves(Status.FAILED, 30036)


def test_no_route_fails_by_kind() -> None:
    """An MMS that no carrier takes is 30011, a text 30006."""
    mms = ready(msgspec.structs.replace(MESSAGE, mms=True), routes=())
    sms = ready(routes=(Route(prefix="", carrier="dumb", kinds=frozenset({Kind.MMS})),))
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
    assert submission_of(message, (), 1).body == "it's"
    assert submission_of(MESSAGE, (), 1).body == "it\u2019s"
