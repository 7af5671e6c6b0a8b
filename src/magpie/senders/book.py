"""Whose an address is and how it is set, without a query for each message."""

from collections import OrderedDict
from collections.abc import Callable, Coroutine, Hashable
from typing import Any, Final, Generic, TypeVar

from magpie.kit import clock
from magpie.kit.db import Queries
from magpie.kit.joined import Joined
from magpie.senders import store
from magpie.senders.applications import store as applications
from magpie.senders.applications.model import Application
from magpie.senders.inventory import store as inventory
from magpie.senders.model import Sender

FRESH_SECONDS: Final = 3.0
MOST: Final = 20_000

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Recent(Generic[K, V]):
    """What was loaded in the last seconds; the least recently used makes room."""

    def __init__(
        self,
        load: Callable[[K], Coroutine[Any, Any, V]],
        *,
        most: int = MOST,
        seconds: float = FRESH_SECONDS,
    ) -> None:
        self._load = load
        self._most = most
        self._seconds = seconds
        self._kept: OrderedDict[K, tuple[float, V]] = OrderedDict()
        self._forgotten = 0
        self._joined: Joined[K, V] = Joined()

    async def get(self, key: K) -> V:
        kept = self._kept.get(key)
        if kept is not None and kept[0] > clock.monotonic():
            self._kept.move_to_end(key)
            return kept[1]
        forgotten = self._forgotten
        value = await self._joined.run(key, lambda: self._load(key))
        if forgotten == self._forgotten:  # else it may have been read before the change
            self._keep(key, value)
        return value

    def forget(self, key: K) -> None:
        self._forgotten += 1
        self._kept.pop(key, None)

    def _keep(self, key: K, value: V) -> None:
        self._kept[key] = (clock.monotonic() + self._seconds, value)
        self._kept.move_to_end(key)
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)


class SenderBook:
    """Changes made on this node show at once, those of other nodes within FRESH_SECONDS."""

    def __init__(self, queries: Queries) -> None:
        self._queries = queries
        self._senders = Recent(self._sender)
        self._owners = Recent(self._owner)
        self._applications = Recent(self._application)

    async def find(self, account_sid: str, address: str) -> Sender | None:
        return await self._senders.get((account_sid, address))

    async def owner(self, address: str) -> str | None:
        """The account that holds an address."""
        return await self._owners.get(address)

    async def application(self, account_sid: str, sid: str) -> Application | None:
        return await self._applications.get((account_sid, sid))

    async def callback_of(self, account_sid: str, application_sid: str) -> str | None:
        """Where an application wants to hear of its messages."""
        application = await self.application(account_sid, application_sid)
        return application.message_status_callback if application else None

    def forget(self, account_sid: str, address: str) -> None:
        self._senders.forget((account_sid, address))
        self._owners.forget(address)

    def forget_application(self, account_sid: str, sid: str) -> None:
        self._applications.forget((account_sid, sid))

    async def _sender(self, key: tuple[str, str]) -> Sender | None:
        account_sid, address = key
        return (await store.senders_of(self._queries, account_sid, [address])).get(address)

    async def _owner(self, address: str) -> str | None:
        return await inventory.owner_of(self._queries, address)

    async def _application(self, key: tuple[str, str]) -> Application | None:
        return await applications.by_sid(self._queries, *key)
