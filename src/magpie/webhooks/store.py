from datetime import datetime

from magpie.kit.db import Queries


async def cookies(
    queries: Queries, account_sid: str, session: tuple[str, str], now: datetime
) -> dict[str, str]:
    """Give what the customer's server wants back in this session."""
    row = await queries.fetchrow(
        """select cookies from webhook_cookies
        where account_sid = $1 and "from" = $2 and "to" = $3 and expires_at > $4""",
        account_sid,
        *session,
        now,
    )
    return dict(row[0]) if row else {}


async def keep_cookies(
    queries: Queries,
    account_sid: str,
    session: tuple[str, str],
    jar: dict[str, str],
    expires_at: datetime,
) -> None:
    await queries.execute(
        """insert into webhook_cookies (account_sid, "from", "to", cookies, expires_at)
        values ($1, $2, $3, $4, $5)
        on conflict (account_sid, "from", "to") do update
            set cookies = excluded.cookies, expires_at = excluded.expires_at""",
        account_sid,
        *session,
        jar,
        expires_at,
    )


async def prune_cookies(queries: Queries, now: datetime) -> None:
    await queries.execute("delete from webhook_cookies where expires_at < $1", now)
