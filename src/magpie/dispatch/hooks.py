"""The handler of the webhooks queue: call, then write all that follows in one commit."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from magpie.alerts import store as alerts
from magpie.alerts.model import Alert
from magpie.dispatch import replies
from magpie.dispatch.replies import Effects, Replies
from magpie.kit import clock
from magpie.kit.db import Connection, Database, GroupCommit
from magpie.kit.queue import Done, Job, Put, Queue
from magpie.messages import timeline
from magpie.messages.accept import Acceptance
from magpie.messages.callbacks import webhook_put
from magpie.messages.model import Hop, Message
from magpie.webhooks import cookies
from magpie.webhooks import store as sessions
from magpie.webhooks.model import Delivery
from magpie.webhooks.post import Posted, Poster

_SESSION = timedelta(hours=4)
_decode = msgspec.json.Decoder(Delivery).decode


class Ended(msgspec.Struct, frozen=True, kw_only=True):
    job: Job
    delivery: Delivery
    posted: Posted
    at: datetime
    effects: Effects = Effects()


class Hooks:
    def __init__(
        self,
        database: Database,
        webhooks: Queue,
        poster: Poster,
        replies_: Replies,
        acceptance: Acceptance,
    ) -> None:
        self._database = database
        self._webhooks = webhooks
        self._poster = poster
        self._replies = replies_
        self._acceptance = acceptance
        self._ends: GroupCommit[Ended, None] = GroupCommit(database, self._write, most=256)

    async def __call__(self, jobs: Sequence[Job], done: Done) -> None:
        await asyncio.gather(*(self._call(job, done) for job in jobs))

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
        end = Ended(job=job, delivery=delivery, posted=posted, at=clock.now(), effects=effects)
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
        raised: list[Alert] = [alert for end in valid for alert in end.effects.alerts]
        puts: list[Put] = []
        for end in valid:
            puts += await self._follow(connection, end)
        if raised:
            await alerts.raise_alerts(connection, raised)
        if puts:
            await self._webhooks.put(connection, puts)
        return [None] * len(ends)

    async def _follow(self, connection: Connection, end: Ended) -> list[Put]:
        """Accept the replies; give the calls of actions and of a redirect."""
        puts = []
        for answer in end.effects.answers:
            message: Message | None = None
            if answer.draft is not None:
                (result,) = await self._acceptance.write(connection, [answer.draft])
                if isinstance(result, Exception):
                    code = getattr(result, "code", 20500)
                    await alerts.raise_alerts(
                        connection, [replies.failed(end.job.account_sid, end.delivery, code, ())]
                    )
                else:
                    message = result
            if answer.action is not None:
                action = replies.action_of(
                    end.delivery, answer, message, answer.action, end.job.account_sid
                )
                puts.append(webhook_put(end.job.account_sid, action))
        if end.effects.redirect is not None:
            puts.append(webhook_put(end.job.account_sid, end.effects.redirect))
        return puts


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
