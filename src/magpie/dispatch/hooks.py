"""The handler of the webhooks queue: call, then write all that follows in one commit."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from magpie.alerts import store as alerts
from magpie.alerts.model import Alert
from magpie.dispatch import replies
from magpie.dispatch.replies import Answer, Effects, Replies
from magpie.dispatch.together import together
from magpie.errors import Refused
from magpie.kit import clock
from magpie.kit.db import Connection, Database, GroupCommit
from magpie.kit.queue import Done, Job, Put, Queue
from magpie.messages import timeline
from magpie.messages.accept import Acceptance
from magpie.messages.callbacks import webhook_put
from magpie.messages.model import Hop, Message
from magpie.webhooks import cookies
from magpie.webhooks import store as sessions
from magpie.webhooks.log import store as log
from magpie.webhooks.log.model import Keep, Row, of_delivery
from magpie.webhooks.model import Delivery
from magpie.webhooks.post import Posted, Poster

_SESSION = timedelta(hours=4)
_INTERNAL = 20500
_decode = msgspec.json.Decoder(Delivery).decode


class Ended(msgspec.Struct, frozen=True, kw_only=True):
    job: Job
    delivery: Delivery
    posted: Posted
    at: datetime
    effects: Effects = Effects()
    kept: Sequence[Row] = ()


class Hooks:
    def __init__(
        self,
        database: Database,
        webhooks: Queue,
        poster: Poster,
        replies_: Replies,
        acceptance: Acceptance,
        keep: Keep,
    ) -> None:
        self._database = database
        self._webhooks = webhooks
        self._poster = poster
        self._replies = replies_
        self._acceptance = acceptance
        self._keeps = keep
        self._ends: GroupCommit[Ended, None] = GroupCommit(database, self._write, most=256)

    async def __call__(self, jobs: Sequence[Job], done: Done) -> None:
        await together(*(self._call(job, done) for job in jobs))

    async def _call(self, job: Job, done: Done) -> None:
        delivery = _decode(job.payload)
        jar = await self._jar(job.account_sid, delivery)
        token = job.id.hex
        posted = await self._poster.post(
            job.account_sid, delivery, token, cookies.header(jar) if jar else None
        )
        effects = Effects()
        if posted.code is not None:
            lost = replies.failed(job.account_sid, delivery, posted.code, posted.tries)
            effects = Effects(alerts=(lost,))
        elif delivery.answered_by_twiml and posted.reply is not None:
            effects = await self._replies.read(job.account_sid, delivery, posted.reply)
            await self._keep(job.account_sid, delivery, jar, posted)
        kept = of_delivery(job.account_sid, delivery, job.id, posted.exchanges, self._keeps)
        end = Ended(
            job=job,
            delivery=delivery,
            posted=posted,
            at=clock.now(),
            effects=effects,
            kept=kept,
        )
        await self._ends.write(end)
        done(job)

    async def _jar(self, account_sid: str, delivery: Delivery) -> dict[str, str]:
        if delivery.session is None:
            return {}
        return await sessions.cookies(self._database, account_sid, delivery.session, clock.now())

    async def _keep(
        self, account_sid: str, delivery: Delivery, jar: dict[str, str], posted: Posted
    ) -> None:
        given = posted.reply.headers.getall("Set-Cookie", []) if posted.reply else []
        if delivery.session is not None and (given or jar):
            await sessions.keep_cookies(
                self._database,
                account_sid,
                delivery.session,
                cookies.merge(jar, given),
                clock.now() + _SESSION,
            )

    async def _write(self, connection: Connection, ends: Sequence[Ended]) -> list[Exception | None]:
        """An end whose lease has passed has no effects: another worker's has."""
        ours = await self._webhooks.finish(connection, [end.job for end in ends])
        valid = [end for end in ends if end.job.id in ours]
        await timeline.add(connection, [hop for end in valid for hop in _hops(end)])
        # All of them: what was called was called, whoever holds the lease by now.
        await log.add(connection, [one for end in ends for one in end.kept])
        raised = [alert for end in valid for alert in end.effects.alerts]
        puts = [
            webhook_put(end.job.account_sid, end.effects.redirect)
            for end in valid
            if end.effects.redirect is not None
        ]
        answers = [(end, answer) for end in valid for answer in end.effects.answers]
        if answers:
            refused, actions = await self._answer(connection, answers)
            raised += refused
            puts += actions
        if raised:
            await alerts.raise_alerts(connection, raised)
        if puts:
            await self._webhooks.put(connection, puts)
        return [None] * len(ends)

    async def _answer(
        self, connection: Connection, answers: Sequence[tuple[Ended, Answer]]
    ) -> tuple[list[Alert], list[Put]]:
        """Accept the replies together; gives what was refused and the calls of their actions."""
        drafts = [answer.draft for _, answer in answers if answer.draft is not None]
        results = iter(await self._acceptance.write(connection, drafts) if drafts else ())
        refused: list[Alert] = []
        actions: list[Put] = []
        for end, answer in answers:
            result = next(results) if answer.draft is not None else None
            account_sid = end.job.account_sid
            if isinstance(result, Exception):
                code = result.code if isinstance(result, Refused) else _INTERNAL
                refused.append(replies.failed(account_sid, end.delivery, code, ()))
            if answer.action is not None:
                message = result if isinstance(result, Message) else None
                action = replies.action_of(
                    end.delivery, answer, message, answer.action, account_sid
                )
                actions.append(webhook_put(account_sid, action))
        return refused, actions


def _hops(end: Ended) -> list[Hop]:
    """One row a try, so that a person sees each request and its answer."""
    status = next((v for k, v in end.delivery.params if k == "MessageStatus"), None)
    rows = []
    for n, tried in enumerate(end.posted.tries):
        detail = msgspec.to_builtins(tried) | {"kind": end.delivery.kind}
        if status:
            detail["told"] = status
        rows.append(
            Hop(
                account_sid=end.job.account_sid,
                message_id=end.delivery.resource,
                at=end.at + timedelta(microseconds=n),
                hop="webhook",
                detail=detail,
            )
        )
    return rows
