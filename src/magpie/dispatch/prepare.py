"""From a claimed job to what a carrier is asked, or to the reason why none is."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from magpie.carriers.base import Capabilities
from magpie.carriers.routes import Route, choose
from magpie.carriers.traffic import Kind, MediaPart, Outcome, Submission, Unknown
from magpie.dispatch.model import Begin, End, Tries
from magpie.dispatch.retry import Again, Decision, Moves, decide
from magpie.kit.queue.model import Job
from magpie.media.model import Media
from magpie.messages.lifecycle import Status
from magpie.messages.model import Message
from magpie.protocols import gsm

_OPEN = {Status.QUEUED, Status.SENDING}
STOPPED = Unknown("the platform stopped before the carrier answered")


def prepare(
    job: Job,
    message: Message | None,
    media: Sequence[Media],
    tries: Tries,
    *,
    routes: Sequence[Route],
    carriers: Mapping[str, Capabilities],
    now: datetime,
) -> Begin | End:
    if message is None or message.status not in _OPEN:
        return End(job=job, at=now)
    if message.expires_at is not None and now >= message.expires_at:
        return End(job=job, at=now, decision=Moves(Status.FAILED, 30036))
    kind = Kind.MMS if message.mms else Kind.SMS
    route = choose(routes, message.to, kind)
    carrier = carriers.get(route.carrier) if route else None
    if route is None or carrier is None:
        code = 30011 if kind is Kind.MMS else 30006
        why = {"why": f"no route for {kind} to this number"}
        return End(job=job, at=now, decision=Moves(Status.FAILED, code), detail=why)
    if tries.lost:
        decision = judge(STOPPED, kind, tries, None, carrier, now, chance=0.0)
        if not isinstance(decision, Again):
            return End(job=job, at=now, decision=decision, outcome=STOPPED, carrier=route.carrier)
    return Begin(
        submission=submission_of(
            message,
            media,
            job.claim,
            possible_duplicate=tries.unknowns > 0 and not carrier.deduplicates,
        ),
        carrier=route.carrier,
        at=now,
        waited=(now - message.date_created).total_seconds(),
        expires_at=message.expires_at,
    )


def judge(
    outcome: Outcome,
    kind: Kind,
    tries: Tries,
    expires_at: datetime | None,
    carrier: Capabilities,
    now: datetime,
    *,
    chance: float,
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
    )


def submission_of(
    message: Message, media: Sequence[Media], attempt: int, *, possible_duplicate: bool = False
) -> Submission:
    smart = bool((message.options or {}).get("SmartEncoded"))
    return Submission(
        account_sid=message.account_sid,
        message_id=message.id,
        attempt=attempt,
        kind=Kind.MMS if message.mms else Kind.SMS,
        from_=message.from_ or "",
        to=message.to,
        body=gsm.smart_encode(message.body) if smart else message.body,
        media=tuple(
            MediaPart(
                content_type=item.content_type,
                size=item.size,
                digest=item.digest or "",
                name=item.file_name,
            )
            for item in media
        ),
        expires_at=message.expires_at,
        possible_duplicate=possible_duplicate,
    )
