from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from magpie.kit.db import Connection, Queries
from magpie.links.domains.model import Association, Domain

_COLUMNS = Domain.columns()


async def insert(queries: Queries, domain: Domain) -> bool:
    """Say whether the name was free."""
    row = await queries.fetchrow(
        f"""insert into link_domains ({_COLUMNS})
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        on conflict (name) do nothing returning 1""",
        *domain.as_row(),
    )
    return row is not None


async def get(queries: Queries, account_sid: str, sid: str) -> Domain | None:
    return await _one(queries, "account_sid = $1 and sid = $2", account_sid, sid)


async def lock(connection: Connection, account_sid: str, sid: str) -> Domain | None:
    test = "account_sid = $1 and sid = $2 for update"
    return await _one(connection, test, account_sid, sid)


async def by_name(queries: Queries, name: str) -> Domain | None:
    """Whosesoever it is."""
    return await _one(queries, "name = $1", name)


async def by_sids(
    queries: Queries, account_sid: str, wanted: AbstractSet[str]
) -> dict[str, Domain]:
    if not wanted:
        return {}
    rows = await queries.fetch(
        f"""select {_COLUMNS} from link_domains
        where account_sid = $1 and sid = any ($2::text[])""",
        account_sid,
        list(wanted),
    )
    return {domain.sid: domain for domain in map(Domain.from_row, rows)}


async def of_service(
    queries: Queries, account_sid: str, messaging_service_sid: str
) -> Domain | None:
    return await _one(
        queries,
        """account_sid = $1 and sid = (select domain_sid from link_services
            where account_sid = $1 and messaging_service_sid = $2)""",
        account_sid,
        messaging_service_sid,
    )


async def page(
    queries: Queries,
    account_sid: str,
    *,
    after: str | None = None,
    before: str | None = None,
    most: int = 50,
) -> Sequence[Domain]:
    """Give the oldest first; with `before`, those next to it, backwards."""
    rows = await queries.fetch(
        f"""select {_COLUMNS} from link_domains where account_sid = $1
          and ($3::text is null or sid > $3) and ($4::text is null or sid < $4)
        order by sid {"desc" if before else "asc"} limit $2""",
        account_sid,
        most,
        after,
        before,
    )
    return [Domain.from_row(row) for row in rows]


async def save(connection: Connection, domain: Domain) -> None:
    await connection.execute(
        """update link_domains set fallback_url = $3, callback_url = $4,
            continue_on_failure = $5, disable_https = $6, date_updated = $7
        where account_sid = $1 and sid = $2""",
        domain.account_sid,
        domain.sid,
        domain.fallback_url,
        domain.callback_url,
        domain.continue_on_failure,
        domain.disable_https,
        domain.date_updated,
    )


async def delete(queries: Queries, account_sid: str, sid: str) -> bool:
    """Services that used it are without a domain afterwards."""
    row = await queries.fetchrow(
        "delete from link_domains where account_sid = $1 and sid = $2 returning 1", account_sid, sid
    )
    return row is not None


async def associate(connection: Connection, wanted: Association) -> Association:
    """Give what stands afterwards: a service that has another domain keeps it."""
    row = await connection.fetchrow(
        """insert into link_services as s (account_sid, messaging_service_sid, domain_sid)
        values ($1, $2, $3)
        on conflict (account_sid, messaging_service_sid)
            do update set domain_sid = s.domain_sid
        returning account_sid, messaging_service_sid, domain_sid""",
        *wanted.as_row(),
    )
    return Association.from_row(row)


async def dissociate(queries: Queries, gone: Association) -> bool:
    row = await queries.fetchrow(
        """delete from link_services
        where account_sid = $1 and messaging_service_sid = $2 and domain_sid = $3 returning 1""",
        *gone.as_row(),
    )
    return row is not None


async def _one(queries: Queries, test: str, *values: str) -> Domain | None:
    row = await queries.fetchrow(f"select {_COLUMNS} from link_domains where {test}", *values)
    return Domain.from_row(row) if row else None
