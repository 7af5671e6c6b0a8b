from dataclasses import dataclass
from typing import Final

from starlette.types import Scope

from magpie.kit import clock

_KEY: Final = "magpie.visit"


@dataclass(slots=True)
class Visit:
    """What is known of a request while it is here. `prefix` is the part of the path before `at`."""

    headers: dict[bytes, bytes]
    id: str
    began: float
    product: str
    prefix: str
    by_host: bool
    account_sid: str | None = None
    concurrent: int = 0
    status: int = 0

    @classmethod
    def begin(
        cls,
        scope: Scope,
        headers: dict[bytes, bytes],
        product: str,
        prefix: str,
        by_host: bool,  # noqa: FBT001 - it comes in a row with the others
    ) -> "Visit":
        visit = cls(headers, f"RQ{clock.uuid7().hex}", clock.monotonic(), product, prefix, by_host)
        scope[_KEY] = visit
        return visit

    @staticmethod
    def of(scope: Scope) -> "Visit | None":
        visit: Visit | None = scope.get(_KEY)
        return visit
