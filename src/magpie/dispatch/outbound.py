"""Where messages and carriers meet: from a job in a sender's lane to a carrier's answer."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from magpie.carriers.base import Capabilities, Carrier, Opening
from magpie.carriers.traffic import Deferred, Kind, Outcome, Rejected, Unknown
from magpie.dispatch import store
from magpie.dispatch.choice import NEW, after, may_help, past_of
from magpie.dispatch.legible import legible
from magpie.dispatch.model import Begin, End, Key, Tries
from magpie.dispatch.pictures import Pictures
from magpie.dispatch.prepare import has_past, judge, kind_of, prepare
from magpie.dispatch.rescue import Rescue
from magpie.dispatch.settle import Settlement
from magpie.dispatch.together import together
from magpie.dispatch.turnstile import Turnstile
from magpie.dispatch.ways import Way, Ways
from magpie.kit import clock
from magpie.kit.db import Database
from magpie.kit.queue import Done, Job
from magpie.media import store as media_store
from magpie.media.model import Media
from magpie.messages import store as message_store
from magpie.messages.model import Message

# No carrier keeps its answer this long; the link's own deadlines come first.
_ANSWER_SECONDS = 120.0
_NONE = Tries()


class _Known(NamedTuple):
    messages: Mapping[Key, Message]
    media: Mapping[Key, Sequence[Media]]
    tries: Mapping[Key, Tries]


class Outbound:
    """The handler of the outbound queue."""

    def __init__(
        self,
        database: Database,
        settlement: Settlement,
        carriers: Mapping[str, Carrier],
        ways: Ways,
        pictures: Pictures,
        rescue: Rescue,
    ) -> None:
        self._database = database
        self._settlement = settlement
        self._carriers = carriers
        self._ways = ways
        self._pictures = pictures
        self._rescue = rescue
        self._turnstile = Turnstile()

    async def __call__(self, jobs: Sequence[Job], done: Done) -> None:
        """One read for all jobs and one commit for all texts, then each to its carrier."""
        known = await self._read(jobs)
        pictures: list[Job] = []
        texts: list[Job] = []
        for job in jobs:
            (pictures if _is_mms(known.messages.get(_key(job))) else texts).append(job)
        await together(
            self._texts(texts, known, done),
            *(self._picture(job, known, done) for job in pictures),
        )

    async def _texts(self, jobs: Sequence[Job], known: _Known, done: Done) -> None:
        prepared = [(job, await self._prepare(job, known)) for job in jobs]
        begins = [(job, step) for job, step in prepared if isinstance(step, Begin)]
        ends = [step for _, step in prepared if isinstance(step, End)]
        if begins:
            await self._settlement.begin([begin for _, begin in begins])
        await together(
            *(self._end(end, done) for end in ends),
            *(self._submit(job, begin, known, done) for job, begin in begins),
        )

    async def _picture(self, job: Job, known: _Known, done: Done) -> None:
        """Alone, for its media may yet have to be made: nobody should wait for that."""
        step = await self._prepare(job, known)
        if isinstance(step, End):
            await self._end(await self._rescue.instead(step, known.messages.get(_key(job))), done)
            return
        await self._settlement.begin([step])
        await self._submit(job, step, known, done)

    async def _read(self, jobs: Sequence[Job]) -> _Known:
        messages = await message_store.of_keys(self._database, [_key(job) for job in jobs])
        mms = [key for key, message in messages.items() if message.as_mms and message.num_media]
        media = await media_store.of_messages(self._database, mms) if mms else {}
        again = [_key(job) for job in jobs if has_past(job)]
        if not again:
            return _Known(messages, media, {})
        lost = await store.lose(self._database, again)
        attempts = await store.earlier(self._database, again)
        tries = {key: Tries(rows, lost=key in lost) for key, rows in attempts.items()}
        return _Known(messages, media, tries)

    async def _prepare(self, job: Job, known: _Known) -> Begin | End:
        key = _key(job)
        message = known.messages.get(key)
        tries = known.tries.get(key, _NONE)
        way = await self._way(message, tries) if message else None
        step = prepare(
            job,
            message,
            tries,
            way=way,
            carrier=self._capabilities(way.carrier) if way else None,
            now=clock.now(),
        )
        if message is None or way is None or isinstance(step, End) or key not in known.media:
            return step
        return await self._pictures.enclose(step, job, message, known.media[key], way)

    async def _submit(self, job: Job, begin: Begin, known: _Known, done: Done) -> None:
        link: object = self._carriers.get(begin.carrier)
        if isinstance(link, Opening):
            await link.ready()
        wait = self._turnstile.wait(job, clock.monotonic())
        if wait > 0:
            await clock.sleep(wait)
        capabilities = self._capabilities(begin.carrier)
        outcome = await self._ask(begin)
        tries = known.tries.get(_key(job), _NONE)
        other = await self._other(begin, tries, outcome)
        now = clock.now()
        decision = judge(
            outcome,
            begin.submission.kind,
            Tries(tries.attempts),
            begin.expires_at,
            capabilities,
            now,
            chance=clock.chance().random(),
            elsewhere=bool(other),
        )
        detail: dict[str, Any] = {"ms": round((now - begin.at).total_seconds() * 1000, 1)}
        if other:
            detail["next"] = other
        end = End(
            job=job,
            at=now,
            decision=decision,
            outcome=outcome,
            submission=begin.submission,
            carrier=begin.carrier,
            detail=detail,
        )
        if begin.submission.kind is Kind.MMS and isinstance(outcome, Rejected):
            end = await self._rescue.instead(end, known.messages.get(_key(job)))
        await self._end(end, done)

    async def _ask(self, begin: Begin) -> Outcome:
        carrier = self._carriers.get(begin.carrier)
        if carrier is None:
            return Deferred("the link was taken away", throttled=True)
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                return legible(await carrier.submit(begin.submission))
        except TimeoutError:
            return Unknown("no answer in time")

    async def _other(self, begin: Begin, tries: Tries, outcome: Outcome) -> str:
        """The name of another link that would take it now, where this outcome lets it go there."""
        if not may_help(outcome):
            return ""
        past = after(past_of(tries.attempts), begin.carrier, outcome)
        way = await self._ways.find(begin.submission.to, begin.submission.kind, past)
        return way.carrier if way and way.clear and way.carrier != begin.carrier else ""

    async def _way(self, message: Message, tries: Tries) -> Way | None:
        past = past_of(tries.attempts) if tries.attempts else NEW
        return await self._ways.find(message.to, kind_of(message), past)

    def _capabilities(self, name: str) -> Capabilities:
        """A link may be taken away while a message is on its way there."""
        carrier = self._carriers.get(name)
        return carrier.capabilities if carrier else Capabilities()

    async def _end(self, end: End, done: Done) -> None:
        await self._settlement.end(end)
        done(end.job)


def _is_mms(message: Message | None) -> bool:
    return message is not None and message.as_mms


def _key(job: Job) -> Key:
    return job.account_sid, job.id
