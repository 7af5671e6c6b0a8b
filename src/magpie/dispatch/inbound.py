"""What phones send: seen before? all parts there? STOP? Then stored, with its webhook, at once."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from msgspec.structs import replace

from magpie import phone
from magpie.carriers.traffic import Inbound, Kind
from magpie.consent import keywords
from magpie.consent import store as consent
from magpie.dispatch import autoreply, inbound_store
from magpie.dispatch.legible import legible
from magpie.esmes.book import EsmeBook
from magpie.kit import clock
from magpie.kit.db import Connection, Database, GroupCommit
from magpie.media import uploads
from magpie.media.model import Media
from magpie.messages.accept import Acceptance
from magpie.messages.receive import Arrival, Receive, Webhook
from magpie.senders.book import SenderBook
from magpie.senders.model import Sender

log = structlog.get_logger(__name__)

# A part that has not come by then will not come (smpp.md section 5).
PARTS_WAIT = timedelta(hours=24)


class Inbounds:
    def __init__(
        self,
        database: Database,
        senders: SenderBook,
        receive: Receive,
        acceptance: Acceptance,
        upload: uploads.Uploads,
        esmes: EsmeBook | None = None,
    ) -> None:
        self._database = database
        self._senders = senders
        self._receive = receive
        self._acceptance = acceptance
        self._upload = upload
        self._esmes = esmes
        self._commit: GroupCommit[tuple[Inbound, Arrival | None], None] = GroupCommit(
            database, self._write, most=128
        )

    async def receive(self, inbound: Inbound) -> None:
        """Returns after the commit: the carrier may then say yes."""
        told = legible(inbound)
        await self._commit.write((told, await self._arrival(told)))

    async def flush(self) -> None:
        """Deliver long texts whose missing parts are overdue, with what there is."""
        async with self._database.transaction() as connection:
            for row in await inbound_store.overdue_parts(connection, clock.now() - PARTS_WAIT):
                inbound = Inbound(
                    carrier=row["carrier"],
                    key=f"late:{row['from']}:{row['reference']}:{row['at'].isoformat()}",
                    from_=row["from"],
                    to=row["to"],
                    body="".join(row["bodies"]),
                )
                await self._write(connection, [(inbound, await self._arrival(inbound))])

    async def _arrival(self, inbound: Inbound) -> Arrival | None:
        """None for a number that is nobody's here."""
        account_sid = await self._senders.owner(inbound.to)
        sender = await self._senders.find(account_sid, inbound.to) if account_sid else None
        if account_sid is None or sender is None:
            return None
        id_ = clock.uuid7()
        media: Sequence[Media] = ()
        if inbound.media:
            media = await self._upload.inbound(account_sid, id_, inbound.media)
        return Arrival(
            account_sid=account_sid,
            id=id_,
            at=clock.now(),
            from_=inbound.from_,
            to=inbound.to,
            body=inbound.body,
            mms=inbound.kind is Kind.MMS,
            media=tuple(media),
            webhook=await self._webhook(sender),
            esmes=await self._esmes.receivers(account_sid, inbound.to) if self._esmes else (),
            countries=(phone.country_of(inbound.from_) or "", phone.country_of(inbound.to) or ""),
            detail={"carrier": inbound.carrier},
        )

    async def _webhook(self, sender: Sender) -> Webhook | None:
        """An application takes precedence over the number's own URLs."""
        application = None
        if sender.sms_application_sid:
            application = await self._senders.application(
                sender.account_sid, sender.sms_application_sid
            )
        of = application or sender
        if not of.sms_url:
            return None
        return Webhook(
            url=of.sms_url,
            method=of.sms_method or "POST",
            fallback_url=of.sms_fallback_url or "",
            fallback_method=of.sms_fallback_method or "POST",
        )

    async def _write(
        self, connection: Connection, items: Sequence[tuple[Inbound, Arrival | None]]
    ) -> list[Exception | None]:
        now = clock.now()
        keys = {(inbound.carrier, inbound.key) for inbound, _ in items}
        fresh = await inbound_store.fresh(connection, sorted(keys), now)
        arrivals = []
        for inbound, arrival in items:
            key = (inbound.carrier, inbound.key)
            if key not in fresh:
                continue
            fresh.discard(key)
            if arrival is None:
                log.warning("inbound.nobodys_number", carrier=inbound.carrier)
            elif inbound.fragment is None:
                arrivals.append(arrival)
            elif (bodies := await inbound_store.assemble(connection, inbound, now)) is not None:
                arrivals.append(replace(arrival, body="".join(bodies)))
        if arrivals:
            await self._receive.write(connection, arrivals)
            for arrival in arrivals:
                await self._consent(connection, arrival, now)
        return [None] * len(items)

    async def _consent(self, connection: Connection, arrival: Arrival, now: datetime) -> None:
        sender = await self._senders.find(arrival.account_sid, arrival.to)
        keyword = keywords.keyword_of(arrival.body, sender_kind=sender.kind if sender else "")
        if keyword is None or sender is None:
            return
        pair = (arrival.account_sid, arrival.to, arrival.from_)
        stopped = pair in await consent.stopped(connection, [pair])
        if keyword is keywords.Keyword.STOP:
            await consent.record(connection, pair, "stopped", now)
        elif keyword is keywords.Keyword.START:
            await consent.record(connection, pair, "started", now)
        text = keywords.reply_to(keyword, stopped=stopped)
        if text is not None:
            draft = autoreply.draft(arrival, sender, text)
            await self._acceptance.write(connection, [draft])
