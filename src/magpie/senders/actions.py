"""What one can do with senders, inside the caller's transaction."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Final

from msgspec import structs

from magpie import phone, sids
from magpie.accounts import store as accounts
from magpie.errors import Refused
from magpie.kit import clock
from magpie.kit.db import Connection, after_commit
from magpie.kit.queue import Lane, Queue
from magpie.senders import store
from magpie.senders.applications import store as applications
from magpie.senders.book import SenderBook
from magpie.senders.inventory import store as inventory
from magpie.senders.model import NUMBERS, Item, Kind, Sender
from magpie.senders.parameters import Changes

_HOUR: Final = 3600
_BATCH: Final = 1_000
_INVALID, _BAD_NUMBER, _TAKEN, _NONE_IN_AREA = 20422, 21421, 21422, 21452
_BAD_ACCOUNT, _NO_ACCOUNT, _NOT_ACTIVE = 21470, 21471, 21472
_UNCHANGED: Final = Changes({}, {})


async def stock(connection: Connection, items: Sequence[Item]) -> set[str]:
    """Offer what is not known yet; gives the addresses that are new."""
    return await inventory.stock(connection, items)


async def configure_lanes(
    connection: Connection,
    outbound: Queue,
    senders: Iterable[Sender],
    rate_of: Callable[[str], float],
    hours: float,
) -> None:
    """The one place that sets how fast a sender sends, and how many hours of work may wait.

    `rate_of` gives the messages a second of a kind, 0 for no limit.
    """
    limits = [
        (Lane(sender.account_sid, sender.address), rate_of(sender.kind)) for sender in senders
    ]
    await outbound.configure(
        connection,
        [(lane, rate, int(rate * hours * _HOUR) if rate else None) for lane, rate in limits],
    )


class Senders:
    def __init__(
        self,
        outbound: Queue,
        book: SenderBook,
        rate_of: Callable[[str], float],
        hours: float = 10,
    ) -> None:
        self._outbound = outbound
        self._book = book
        self._rate_of = rate_of
        self._hours = hours

    async def provide(
        self, connection: Connection, account_sid: str, items: Sequence[Item]
    ) -> list[Sender]:
        """Stock these and give them to the account; what was stocked before stays where it is."""
        fresh = await stock(connection, items)
        return [
            await self._assign(connection, account_sid, item.address, [item.kind])
            for item in items
            if item.address in fresh
        ]

    async def buy(
        self,
        connection: Connection,
        account_sid: str,
        number: str,
        *,
        kinds: Sequence[str] = NUMBERS,
        changes: Changes = _UNCHANGED,
    ) -> Sender:
        """Of those who want the same number at once one gets it, the others 21422."""
        address = phone.parse_e164(number)
        if address is None:
            raise Refused(_BAD_NUMBER)
        return await self._assign(connection, account_sid, address, kinds, changes)

    async def buy_in_area(
        self,
        connection: Connection,
        account_sid: str,
        area_code: str,
        *,
        changes: Changes = _UNCHANGED,
    ) -> Sender:
        """Any local (or toll-free) number of an area code of North America."""
        item = await inventory.take_in_area(connection, account_sid, area_code, NUMBERS)
        if item is None:
            raise Refused(_NONE_IN_AREA)
        return await self._put_to_use(connection, account_sid, item, changes)

    async def assign_short_code(
        self, connection: Connection, account_sid: str, short_code: str
    ) -> Sender:
        return await self._assign(connection, account_sid, short_code, [Kind.SHORT_CODE])

    async def update(self, connection: Connection, sender: Sender, changes: Changes) -> Sender:
        """`sender` as it was locked."""
        changed = await self._changed(connection, sender, changes)
        await store.save(connection, changed)
        self._forget(connection, sender)
        return changed

    async def move(
        self, connection: Connection, sender: Sender, to: str, *, holder_sid: str
    ) -> Sender:
        """To another account of whoever asks: `holder_sid` is whose credentials those are.

        The application, an other account's now, is taken off. What waits to be sent is still
        the old account's.
        """
        await _check_reach(connection, to, holder_sid)
        moved = structs.replace(
            sender, account_sid=to, sms_application_sid="", date_updated=clock.now()
        )
        await store.delete(connection, sender)
        await store.insert(connection, moved)
        await inventory.hand_over(connection, sender.address, to)
        await self._pace(connection, [moved])
        self._forget(connection, sender)
        self._forget(connection, moved)
        return moved

    async def release(self, connection: Connection, sender: Sender) -> None:
        """The number can be bought again at once. Its lane stays, for what waits in it."""
        await store.delete(connection, sender)
        await inventory.hand_over(connection, sender.address, None)
        self._forget(connection, sender)

    async def configure_all_lanes(self, connection: Connection) -> None:
        """After a change of the rates."""
        after = ("", "")
        while batch := await store.page_of_all(connection, after, _BATCH):
            await self._pace(connection, batch)
            after = (batch[-1].account_sid, batch[-1].sid)

    async def _assign(
        self,
        connection: Connection,
        account_sid: str,
        address: str,
        kinds: Sequence[str],
        changes: Changes = _UNCHANGED,
    ) -> Sender:
        item = await inventory.take(connection, account_sid, address, kinds)
        if item is None:
            raise Refused(_TAKEN)
        return await self._put_to_use(connection, account_sid, item, changes)

    async def _put_to_use(
        self, connection: Connection, account_sid: str, item: Item, changes: Changes
    ) -> Sender:
        sender = await self._changed(connection, _new(account_sid, item), changes)
        await store.insert(connection, sender)
        await self._pace(connection, [sender])
        self._forget(connection, sender)
        return sender

    async def _changed(self, connection: Connection, sender: Sender, changes: Changes) -> Sender:
        sid = changes.columns.get("sms_application_sid")
        if sid and await applications.by_sid(connection, sender.account_sid, sid) is None:
            raise Refused(_INVALID, f"The account has no application {sid}.")
        return structs.replace(
            sender,
            **changes.columns,
            recorded=sender.recorded | changes.recorded,
            date_updated=clock.now(),
        )

    async def _pace(self, connection: Connection, senders: Iterable[Sender]) -> None:
        await configure_lanes(connection, self._outbound, senders, self._rate_of, self._hours)

    def _forget(self, connection: Connection, sender: Sender) -> None:
        after_commit(connection, partial(self._book.forget, sender.account_sid, sender.address))


def _new(account_sid: str, item: Item) -> Sender:
    now = clock.now()
    return Sender(
        account_sid=account_sid,
        sid=sids.new("SC" if item.kind == Kind.SHORT_CODE else "PN", clock.uuid7()),
        address=item.address,
        kind=item.kind,
        friendly_name=phone.friendly(item.address),
        sms=item.sms,
        mms=item.mms,
        voice=item.voice,
        fax=False,
        sms_url="",
        sms_method="POST",
        sms_fallback_url="",
        sms_fallback_method="POST",
        sms_application_sid="",
        status_callback="",
        status_callback_method="POST",
        recorded={},
        date_created=now,
        date_updated=now,
    )


async def _check_reach(connection: Connection, to: str, holder_sid: str) -> None:
    if not sids.is_sid(to, "AC"):
        raise Refused(_BAD_ACCOUNT)
    target = await accounts.get(connection, to)
    if target is None or holder_sid not in {target.sid, target.owner_account_sid}:
        raise Refused(_NO_ACCOUNT)
    if not target.is_active:
        raise Refused(_NOT_ACTIVE)
