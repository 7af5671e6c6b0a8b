"""From a claimed job to what a carrier is asked, or to the reason why none is."""

from datetime import datetime

from magpie.carriers.base import Capabilities
from magpie.carriers.traffic import Deferred, Kind, Outcome, Submission, Unknown
from magpie.dispatch.model import Begin, End, Tries
from magpie.dispatch.retry import Again, Decision, Moves, decide
from magpie.dispatch.ways import Way
from magpie.kit.queue.model import Job
from magpie.messages.lifecycle import Status
from magpie.messages.model import Message
from magpie.protocols import gsm

# Before the number from which a job counts its attempts: what came before is not forgotten.
RESENT = b"+"
_OPEN = {Status.QUEUED, Status.SENDING}
# Tries after which the waits do not grow any more: 16 seconds.
_SLOW = 5
STOPPED = Unknown("the platform stopped before the carrier answered")


def prepare(
    job: Job,
    message: Message | None,
    tries: Tries,
    *,
    way: Way | None,
    carrier: Capabilities | None,
    now: datetime,
) -> Begin | End:
    """`way` is None where no link can carry it, `carrier` is what the way's link can."""
    if message is None or not _is_open(message):
        return End(job=job, at=now)
    if message.expires_at is not None and now >= message.expires_at:
        return End(job=job, at=now, decision=Moves(Status.FAILED, 30036))
    kind = kind_of(message)
    if way is None or carrier is None:
        code = 30011 if kind is Kind.MMS else 30006
        why = {"why": f"no route for {kind} to this number"}
        return End(job=job, at=now, decision=Moves(Status.FAILED, code), detail=why)
    if tries.lost:
        decision = judge(STOPPED, kind, tries, None, carrier, now, chance=0.0)
        if not isinstance(decision, Again):
            return End(job=job, at=now, decision=decision, outcome=STOPPED, carrier=way.carrier)
    if way.blocked:
        return _wait(job, message, way, carrier, now)
    return Begin(
        submission=submission_of(
            message,
            attempt_of(job),
            possible_duplicate=tries.unknowns > 0 and not carrier.deduplicates,
        ),
        carrier=way.carrier,
        at=now,
        waited=(now - message.date_created).total_seconds(),
        expires_at=message.expires_at,
        passed=way.passed or None,
    )


def _wait(job: Job, message: Message, way: Way, carrier: Capabilities, now: datetime) -> End:
    """All links for it are closed by hand: it stays until one is open, or it expires."""
    outcome = Deferred(way.blocked, throttled=True)
    decision = decide(
        outcome,
        kind=kind_of(message),
        tries=min(job.claim, _SLOW),
        unknowns=0,
        now=now,
        expires_at=message.expires_at,
        carrier=carrier,
        chance=(job.id.int & 0xFF) / 0xFF,
    )
    return End(job=job, at=now, decision=decision, outcome=outcome, carrier=way.carrier)


def judge(
    outcome: Outcome,
    kind: Kind,
    tries: Tries,
    expires_at: datetime | None,
    carrier: Capabilities,
    now: datetime,
    *,
    chance: float,
    elsewhere: bool = False,
) -> Decision:
    """Decide on an outcome; that of a lost try is among `tries` already."""
    fresh = 0 if tries.lost else 1
    return decide(
        outcome,
        kind=kind,
        tries=len(tries.attempts) + fresh,
        unknowns=tries.unknowns + (fresh if isinstance(outcome, Unknown) else 0),
        now=now,
        expires_at=expires_at,
        carrier=carrier,
        chance=chance,
        elsewhere=elsewhere,
    )


def submission_of(
    message: Message, attempt: int, *, possible_duplicate: bool = False
) -> Submission:
    smart = bool((message.options or {}).get("SmartEncoded"))
    return Submission(
        account_sid=message.account_sid,
        message_id=message.id,
        attempt=attempt,
        kind=kind_of(message),
        from_=message.from_ or "",
        to=message.to,
        body=gsm.smart_encode(message.body) if smart else message.body,
        expires_at=message.expires_at,
        possible_duplicate=possible_duplicate,
        converted=message.converted,
    )


def _is_open(message: Message) -> bool:
    """One whose MMS was refused after it had been sent goes again as a text."""
    return message.status in _OPEN or (message.converted and message.status == Status.SENT)


def attempt_of(job: Job) -> int:
    """A job may say from where to count: attempts of a message have one number each."""
    return job.claim + int(job.payload or 0)


def has_past(job: Job) -> bool:
    """Whether earlier attempts count: those of an MMS do not for the text that it has become."""
    return job.claim > 1 or job.payload.startswith(RESENT)


def kind_of(message: Message) -> Kind:
    return Kind.MMS if message.as_mms else Kind.SMS
