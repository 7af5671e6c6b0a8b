"""The SQL of links, routes and what nodes report of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from magpie.carriers.model import Status, StoredCarrier, StoredRoute
from magpie.kit.db import Connection, Queries

CHANNEL: Final = "magpie_carriers"
_CARRIER = StoredCarrier.columns()
_ROUTE = StoredRoute.columns()


async def changed(connection: Connection) -> None:
    """Tell every node, in the transaction of the change."""
    await connection.execute("update carrier_changes set number = number + 1")
    await connection.execute("select pg_notify($1, '')", CHANNEL)


async def change(queries: Queries) -> int:
    """The number of the last change."""
    number: int = await queries.fetchval("select number from carrier_changes")
    return number


async def carriers(queries: Queries) -> list[StoredCarrier]:
    rows = await queries.fetch(f"select {_CARRIER} from carriers order by name")
    return [StoredCarrier.from_row(row) for row in rows]


async def lock(connection: Connection, name: str) -> StoredCarrier | None:
    row = await connection.fetchrow(
        f"select {_CARRIER} from carriers where name = $1 for update", name
    )
    return StoredCarrier.from_row(row) if row else None


async def insert(connection: Connection, carrier: StoredCarrier) -> bool:
    """Say whether the name was free."""
    row = await connection.fetchrow(
        f"""insert into carriers ({_CARRIER}) values ($1, $2, $3, $4, $5)
        on conflict do nothing returning 1""",
        *carrier.as_row(),
    )
    return row is not None


async def configure(connection: Connection, name: str, configuration: bytes, at: datetime) -> None:
    await connection.execute(
        "update carriers set configuration = $2, date_updated = $3 where name = $1",
        name,
        configuration,
        at,
    )


async def delete(connection: Connection, name: str) -> bool:
    row = await connection.fetchrow("delete from carriers where name = $1 returning 1", name)
    await connection.execute("delete from carrier_statuses where name = $1", name)
    return row is not None


async def statuses(queries: Queries) -> dict[str, Status]:
    rows = await queries.fetch("select name, status from carrier_statuses")
    return {row[0]: Status(row[1]) for row in rows}


async def set_status(connection: Connection, name: str, status: Status) -> None:
    await connection.execute(
        """insert into carrier_statuses (name, status) values ($1, $2)
        on conflict (name) do update set status = excluded.status""",
        name,
        status,
    )


async def routes(queries: Queries) -> list[StoredRoute]:
    rows = await queries.fetch(f"select {_ROUTE} from carrier_routes order by sid")
    return [StoredRoute.from_row(row) for row in rows]


async def lock_route(connection: Connection, sid: str) -> StoredRoute | None:
    row = await connection.fetchrow(
        f"select {_ROUTE} from carrier_routes where sid = $1 for update", sid
    )
    return StoredRoute.from_row(row) if row else None


async def put_route(connection: Connection, route: StoredRoute) -> None:
    await connection.execute(
        f"""insert into carrier_routes ({_ROUTE}) values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (sid) do update set prefix = excluded.prefix, carrier = excluded.carrier,
            kinds = excluded.kinds, priority = excluded.priority,
            date_updated = excluded.date_updated""",
        *route.as_row(),
    )


async def delete_route(connection: Connection, sid: str) -> bool:
    row = await connection.fetchrow("delete from carrier_routes where sid = $1 returning 1", sid)
    return row is not None


async def report(
    queries: Queries, node: str, reports: Sequence[tuple[str, dict[str, Any]]], at: datetime
) -> None:
    await queries.execute(
        """insert into carrier_reports (node, name, at, report)
        select $1, g.n, $2, g.r from unnest($3::text[], $4::jsonb[]) as g (n, r)
        on conflict (node, name) do update set at = excluded.at, report = excluded.report""",
        node,
        at,
        [name for name, _ in reports],
        [told for _, told in reports],
    )


async def reports(queries: Queries, since: datetime) -> list[tuple[str, str, dict[str, Any]]]:
    """What each node has said lately: (node, name, report)."""
    rows = await queries.fetch(
        "select node, name, report from carrier_reports where at > $1 order by node, name", since
    )
    return [(row[0], row[1], row[2]) for row in rows]


async def prune_reports(queries: Queries, before: datetime) -> None:
    await queries.execute("delete from carrier_reports where at < $1", before)
