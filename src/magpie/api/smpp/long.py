"""Long texts: each part is answered once it is kept, the last one once the text is accepted."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog
from msgspec.structs import replace

from magpie.api.smpp.answers import Denied
from magpie.api.smpp.drafting import Drafting, stamped
from magpie.api.smpp.read import Asked
from magpie.errors import Refused
from magpie.esmes import due
from magpie.esmes import store as esmes
from magpie.esmes.due import ReceiptDue
from magpie.esmes.model import Esme
from magpie.esmes.parts import actions as parts
from magpie.esmes.parts import store
from magpie.esmes.parts.model import Added, LongText, Part
from magpie.kit import clock
from magpie.kit.db import Connection, Database, GroupCommit
from magpie.kit.queue import Put, Queue
from magpie.messages import smpp
from magpie.messages.accept import Acceptance, Draft
from magpie.messages.lifecycle import Status as State
from magpie.messages.raw import came
from magpie.protocols.gsm import Concat
from magpie.protocols.smpp import Status

log = structlog.get_logger(__name__)

# Whoever is sending has sent all parts by then; nobody waits longer for a text with a gap.
PARTS_WAIT: Final = timedelta(minutes=5)
# For so long a part that is sent again is known.
_KEPT: Final = timedelta(hours=1)
_AT_ONCE: Final = 100
_TOO_LONG: Final = 21617
_QUOTED: Final = 20


class LongTexts:
    """`queue` has the receipts for clients."""

    def __init__(
        self, database: Database, drafting: Drafting, acceptance: Acceptance, queue: Queue
    ) -> None:
        self._database = database
        self._drafting = drafting
        self._acceptance = acceptance
        self._queue = queue
        self._parts: GroupCommit[Part, Added] = GroupCommit(database, parts.keep, most=256)
        self._whole: GroupCommit[LongText, None] = GroupCommit(database, _mark, most=256)

    async def take(self, esme: Esme, asked: Asked, concat: Concat) -> UUID:
        """Give the id of the part; the one that completes a text raises what refuses that."""
        added = await self._parts.write(
            Part(
                account_sid=esme.account_sid,
                system_id=esme.system_id,
                from_=asked.from_,
                to=asked.to,
                reference=concat.reference,
                total=concat.total,
                index=concat.index,
                body=asked.body,
                registered=asked.registered,
                validity=asked.validity,
                pdu=asked.pdu,
            )
        )
        if added.whole is not None:
            await self._finish(added.whole, esme, but=added.id)
        return added.id

    async def flush(self) -> None:
        """Send texts whose missing parts are overdue with what there is, flagged as such."""
        now = clock.now()
        keys = await store.overdue(self._database, now - PARTS_WAIT, _AT_ONCE)
        for text in (await store.texts(self._database, keys)).values() if keys else ():
            esme = await esmes.by_system_id(self._database, text.system_id)
            try:
                await self._finish(text, esme)
            except (Refused, Denied) as refused:
                log.info("smpp.text_refused", system_id=text.system_id, why=str(refused))
        await store.forget(self._database, now - _KEPT)

    async def _finish(self, text: LongText, esme: Esme | None, *, but: UUID | None = None) -> None:
        """A refusal is told in receipts to the parts that were answered before, all `but` one."""
        try:
            await self._acceptance.accept(await self._draft(text, esme))
        except (Refused, Denied) as refused:
            code = refused.code if isinstance(refused, Refused) else _TOO_LONG
            await self._refused(text, code, but)
            raise
        await self._whole.write(text)

    async def _draft(self, text: LongText, esme: Esme | None) -> Draft:
        if esme is None or esme.account_sid != text.account_sid:
            raise Denied(Status.RINVSYSID)
        draft = await self._drafting.draft(esme, text.from_, text.to, text.body, text.validity)
        draft = replace(draft, message=replace(draft.message, id=text.message_id))
        draft = stamped(draft, text.system_id, text.told, text.missing)
        draft = replace(draft, request=came.of_pdus(text.system_id, text.pdus))
        # Should we be killed before the text is marked as whole, it is met again.
        return draft.with_token(f"smpp:{text.message_id.hex}", b"whole")

    async def _refused(self, text: LongText, code: int, but: UUID | None) -> None:
        puts = [
            _failed(text, told, code)
            for told, registered in text.told
            if told != but and smpp.wants(registered, State.FAILED)
        ]
        async with self._database.transaction() as connection:
            await _mark(connection, [text])
            await self._queue.put(connection, puts)


async def _mark(connection: Connection, texts: Sequence[LongText]) -> list[Exception | None]:
    keys = [(text.account_sid, text.message_id) for text in texts]
    await store.done(connection, keys, clock.now())
    return [None] * len(texts)


def _failed(text: LongText, told: UUID, code: int) -> Put:
    now = clock.now()
    receipt = ReceiptDue(
        message_id=text.message_id,
        told=told,
        from_=text.from_,
        to=text.to,
        status=State.FAILED,
        code=code,
        submitted_at=now,
        at=now,
        text=text.body[:_QUOTED],
        final=True,
    )
    return due.put(text.account_sid, text.system_id, receipt)
