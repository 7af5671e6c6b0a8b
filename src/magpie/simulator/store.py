"""The simulated network's SQL. It stands outside of all accounts, as the real one does."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import structs

from magpie.kit.db import Connection, Queries
from magpie.simulator.model import Handset, HandsetMessage

_HANDSET, _MESSAGE = Handset.columns(), HandsetMessage.columns()


async def handset(queries: Queries, number: str) -> Handset | None:
    row = await queries.fetchrow(f"select {_HANDSET} from handsets where number = $1", number)
    return Handset.from_row(row) if row else None


async def handsets(queries: Queries, numbers: Sequence[str] | None = None) -> list[Handset]:
    rows = await queries.fetch(
        f"""select {_HANDSET} from handsets
        where $1::text[] is null or number = any($1) order by number""",
        None if numbers is None else list(numbers),
    )
    return [Handset.from_row(row) for row in rows]


async def put_handset(queries: Queries, made: Handset) -> Handset:
    """Make a handset, or move one that is there to another carrier."""
    row = await queries.fetchrow(
        f"""insert into handsets ({_HANDSET}) values ($1, $2, $3, $4)
        on conflict (number) do update set carrier = excluded.carrier, state = excluded.state
        returning {_HANDSET}""",
        *made.as_row(),
    )
    return Handset.from_row(row)


async def first_handsets(connection: Connection, made: Sequence[Handset]) -> None:
    await connection.execute(
        f"""insert into handsets ({_HANDSET})
        select * from unnest($1::text[], $2::text[], $3::timestamptz[], $4::text[])
        on conflict do nothing""",
        *map(list, zip(*[one.as_row() for one in made], strict=True)),
    )


async def delete_handset(connection: Connection, number: str) -> bool:
    await connection.execute("delete from handset_messages where number = $1", number)
    gone = await connection.fetch("delete from handsets where number = $1 returning 1", number)
    return bool(gone)


async def add_messages(connection: Connection, messages: Sequence[HandsetMessage]) -> None:
    """A message that the phone has already, by its key, is not added again."""
    columns = [list(column) for column in zip(*[m.as_row() for m in messages], strict=True)]
    # A list of lists would be taken for one array of two dimensions.
    columns[7] = [msgspec.json.encode(parts).decode() for parts in columns[7]]
    await connection.execute(
        f"""insert into handset_messages ({_MESSAGE})
        select number, id, direction, from_, to_, body, type, parts::jsonb, key, at
        from unnest($1::text[], $2::uuid[], $3::text[], $4::text[], $5::text[],
            $6::text[], $7::text[], $8::text[], $9::text[], $10::timestamptz[])
            as g (number, id, direction, from_, to_, body, type, parts, key, at)
        on conflict do nothing""",
        *columns,
    )


def _columns(message: HandsetMessage) -> tuple[object, ...]:
    # In an array, lists would be read as further dimensions of it.
    parts = msgspec.json.encode(message.parts).decode()
    return structs.astuple(structs.replace(message, parts=parts))


async def messages(
    queries: Queries, number: str, *, after: UUID | None, direction: str | None, most: int
) -> list[HandsetMessage]:
    """Give newest first."""
    rows = await queries.fetch(
        f"""select {_MESSAGE} from handset_messages
        where number = $1 and ($2::uuid is null or id > $2)
          and ($3::text is null or direction = $3)
        order by id desc limit {most}""",
        number,
        after,
        direction,
    )
    return [HandsetMessage.from_row(row) for row in rows]


async def message(queries: Queries, number: str, id_: UUID) -> HandsetMessage | None:
    row = await queries.fetchrow(
        f"select {_MESSAGE} from handset_messages where number = $1 and id = $2", number, id_
    )
    return HandsetMessage.from_row(row) if row else None


async def profiles(queries: Queries) -> dict[str, dict[str, Any]]:
    rows = await queries.fetch("select name, profile from simulated_carriers order by name")
    return {row[0]: row[1] for row in rows}


async def put_profile(queries: Queries, name: str, profile: dict[str, Any], at: datetime) -> None:
    await queries.execute(
        """insert into simulated_carriers (name, profile, date_updated) values ($1, $2, $3)
        on conflict (name) do update set profile = excluded.profile, date_updated = $3""",
        name,
        profile,
        at,
    )


async def delete_profile(queries: Queries, name: str) -> None:
    await queries.execute("delete from simulated_carriers where name = $1", name)


async def in_use(queries: Queries, digests: Sequence[str]) -> set[str]:
    """Give those that phones have."""
    rows = await queries.fetch(
        """select d from unnest($1::text[]) d
        where exists (select from handset_messages
                      where parts @> jsonb_build_array(jsonb_build_object('digest', d)))""",
        list(digests),
    )
    return {row[0] for row in rows}
