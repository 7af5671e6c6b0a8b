"""Which domain a service's links stand on, and whose a domain is, without a query for each."""

from typing import Final

from magpie.kit.db import Queries
from magpie.links.domains import store
from magpie.links.domains.model import Domain
from magpie.senders.book import Recent

FRESH_SECONDS: Final = 1.0


class LinkBook:
    """Changes made on any node show within FRESH_SECONDS."""

    def __init__(self, queries: Queries) -> None:
        self._queries = queries
        self._of_services = Recent(self._of_service, seconds=FRESH_SECONDS)
        self._by_names = Recent(self._by_name, seconds=FRESH_SECONDS)

    async def domain_of(self, account_sid: str, messaging_service_sid: str) -> Domain | None:
        return await self._of_services.get((account_sid, messaging_service_sid))

    async def domain_named(self, name: str) -> Domain | None:
        """By the Host of a request, in lower case; whosesoever it is."""
        return await self._by_names.get(name)

    async def _of_service(self, key: tuple[str, str]) -> Domain | None:
        return await store.of_service(self._queries, *key)

    async def _by_name(self, name: str) -> Domain | None:
        return await store.by_name(self._queries, name)
