"""Who may bind and who receives, without a query for each message."""

import hmac
import secrets
from collections.abc import Sequence

from magpie.accounts import store as accounts
from magpie.accounts.seal import Sealer
from magpie.esmes import store
from magpie.esmes.model import Esme
from magpie.kit.db import Queries
from magpie.senders.book import Recent


class EsmeBook:
    """Changes made on this node show at once, those of other nodes within seconds."""

    def __init__(self, queries: Queries, sealer: Sealer) -> None:
        self._queries = queries
        self._sealer = sealer
        self._esmes = Recent(self._esme)
        self._receivers = Recent(self._of_account)
        self._nobody = secrets.token_bytes(32)

    async def find(self, system_id: str) -> Esme | None:
        """Only if it is enabled and its account active."""
        return await self._esmes.get(system_id)

    async def prove(self, system_id: str, password: str) -> Esme | None:
        """Takes as long for who does not exist."""
        esme = await self.find(system_id)
        known = esme.password_hash if esme else self._nobody
        same = hmac.compare_digest(known, self._sealer.hash_secret(password))
        return esme if same else None

    async def receivers(self, account_sid: str, number: str) -> tuple[str, ...]:
        """The system_ids of those that want the texts to a number of theirs."""
        all_ = await self._receivers.get(account_sid)
        return tuple(esme.system_id for esme in all_ if esme.takes(number))

    def forget(self, esme: Esme) -> None:
        self._esmes.forget(esme.system_id)
        self._receivers.forget(esme.account_sid)

    async def _esme(self, system_id: str) -> Esme | None:
        esme = await store.by_system_id(self._queries, system_id)
        if esme is None or not esme.enabled:
            return None
        found = await accounts.with_owner(self._queries, esme.account_sid)
        active = found is not None and all(account.is_active for account in found)
        return esme if active else None

    async def _of_account(self, account_sid: str) -> Sequence[Esme]:
        return await store.receivers(self._queries, account_sid)
