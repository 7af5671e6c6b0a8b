"""Writing down who changed what, and looking whether the book is whole."""

import re
from collections.abc import Iterable
from typing import Any, Final

from magpie.audit import store
from magpie.audit.chain import NOTHING, broken
from magpie.audit.model import Entry
from magpie.kit import clock
from magpie.kit.db import Database, Queries

_BATCH: Final = 1_000
_LONGEST: Final = 200
_SECRET: Final = re.compile(r"password|secret|token|csrf|key$|^new$|^old$", re.IGNORECASE)
_IN_URL: Final = re.compile(r"(?<=://)[^/?#\s]+(?=@)")
# What people write to each other is none of the auditor's business; `value` is a call's parameter.
_PERSONAL: Final = frozenset(("Body", "body", "value"))


async def note(
    database: Database,
    *,
    account_sid: str,
    who: str,
    address: str,
    action: str,
    detail: dict[str, Any],
) -> None:
    entry = Entry(
        serial=0,
        at=clock.now(),
        account_sid=account_sid,
        who=who,
        address=address,
        action=action,
        detail=detail,
        digest=b"",
    )
    async with database.transaction() as connection:
        await store.append(connection, [entry])


async def verify(queries: Queries) -> tuple[int, int | None]:
    """Give how many rows there are, and the serial of the first that is not as it was written."""
    after, before, count = 0, NOTHING, 0
    while batch := await store.from_(queries, after, _BATCH):
        if batch[0].serial != after + 1:
            return count, batch[0].serial
        wrong = broken(before, batch)
        if wrong is not None:
            return count, wrong
        count += len(batch)
        after, before = batch[-1].serial, batch[-1].digest
    return count, None


def told(fields: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """What was asked for, without secrets and without what people wrote."""
    given: dict[str, list[str]] = {}
    for name, value in fields:
        if name != "csrf" and value:
            given.setdefault(name, []).append(value)
    return {name: _shown(name, ", ".join(values)) for name, values in given.items()}


def _shown(name: str, value: str) -> str:
    if _SECRET.search(name):
        return "***"
    if name in _PERSONAL:
        return f"{len(value)} characters"
    value = _IN_URL.sub("***", value)
    return value if len(value) <= _LONGEST else f"{value[:_LONGEST]}..."
