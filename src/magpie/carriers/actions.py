"""Configurations at rest, sealed whole, and what becomes of them."""

from collections.abc import Mapping
from typing import Any

import msgspec

from magpie.accounts.seal import SealBroken, Sealer
from magpie.carriers import configuration
from magpie.carriers.model import StoredCarrier
from magpie.settings import LinkSettings

# They belong to the platform, not to an account.
_PLACE = "carriers"


class Safe:
    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def seal(self, name: str, given: Mapping[str, Any]) -> bytes:
        return self._sealer.seal(msgspec.json.encode(given).decode(), _PLACE, name)

    def open(self, row: StoredCarrier) -> dict[str, Any]:
        """Raises SealBroken."""
        given: dict[str, Any] = msgspec.json.decode(
            self._sealer.open(row.configuration, _PLACE, row.name)
        )
        return given

    def settings(self, row: StoredCarrier) -> LinkSettings:
        """Raises ValueError, also where a newer or older Magpie has kept it."""
        try:
            given = self.open(row)
        except SealBroken as broken:
            raise ValueError(str(broken)) from broken
        return configuration.read(row.kind, row.name, given)
