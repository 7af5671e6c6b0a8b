from collections.abc import Iterable
from datetime import datetime

from magpie.kit.db import Queries

Pair = tuple[str, str, str]
"""(account, scope, phone number); the scope is the sender's address or its service."""


async def stopped(queries: Queries, pairs: Iterable[Pair]) -> set[Pair]:
    """Give those of the pairs in which the phone has opted out."""
    asked = sorted(set(pairs))
    rows = await queries.fetch(
        """select c.account_sid, c.scope, c.address from consent c
        join unnest($1::text[], $2::text[], $3::text[]) as g (account_sid, scope, address)
          on c.account_sid = g.account_sid and c.scope = g.scope and c.address = g.address
        where c.state = 'stopped'""",
        [account_sid for account_sid, _, _ in asked],
        [scope for _, scope, _ in asked],
        [address for _, _, address in asked],
    )
    return {(row[0], row[1], row[2]) for row in rows}


async def record(queries: Queries, pair: Pair, state: str, at: datetime) -> None:
    """Write `stopped` or `started`; the later word counts."""
    await queries.execute(
        """insert into consent as c (account_sid, scope, address, state, at)
        values ($1, $2, $3, $4, $5)
        on conflict (account_sid, scope, address) do update
            set state = excluded.state, at = excluded.at where c.at <= excluded.at""",
        *pair,
        state,
        at,
    )
