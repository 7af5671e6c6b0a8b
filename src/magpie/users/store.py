from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from magpie.kit.db import Connection, Queries
from magpie.users.model import Session, User

_USER: Final = User.columns()
_SESSION: Final = Session.columns()


async def insert(queries: Queries, user: User) -> bool:
    """False if the name is taken."""
    found = await queries.fetchval(
        f"""insert into users ({_USER}) values ($1, $2, $3, $4, $5, $6)
        on conflict (name) do nothing returning name""",
        *user.as_row(),
    )
    return found is not None


async def every(queries: Queries) -> list[User]:
    rows = await queries.fetch(f"select {_USER} from users order by name limit 1000")
    return [User.from_row(row) for row in rows]


async def by_name(queries: Queries, name: str) -> User | None:
    row = await queries.fetchrow(f"select {_USER} from users where name = $1", name)
    return User.from_row(row) if row else None


async def get(queries: Queries, id_: UUID) -> User | None:
    row = await queries.fetchrow(f"select {_USER} from users where id = $1", id_)
    return User.from_row(row) if row else None


async def save(queries: Queries, user: User) -> None:
    await queries.execute(
        "update users set role = $2, password_hash = $3, date_updated = $4 where id = $1",
        user.id,
        user.role,
        user.password_hash,
        user.date_updated,
    )


async def delete(queries: Queries, id_: UUID) -> None:
    """Sessions and links go with it."""
    await queries.execute("delete from users where id = $1", id_)


async def count_owners(connection: Connection) -> int:
    """Locked, so that two do not take each other's role away."""
    rows = await connection.fetch("select id from users where role = 'owner' for update")
    return len(rows)


async def add_link(queries: Queries, digest: bytes, user_id: UUID, ends_at: datetime) -> None:
    await queries.execute("insert into sign_in_links values ($1, $2, $3)", digest, user_id, ends_at)


async def take_link(queries: Queries, digest: bytes, now: datetime) -> UUID | None:
    """It works once."""
    found: UUID | None = await queries.fetchval(
        "delete from sign_in_links where digest = $1 and ends_at > $2 returning user_id",
        digest,
        now,
    )
    return found


async def begin(queries: Queries, session: Session) -> None:
    await queries.execute(
        f"insert into sessions ({_SESSION}) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        *session.as_row(),
    )


async def session(
    queries: Queries, digest: bytes, now: datetime, idle: datetime
) -> tuple[Session, User] | None:
    """One that has not ended and was seen since `idle`."""
    s, u = _prefixed("s", _SESSION), _prefixed("u", _USER)
    row = await queries.fetchrow(
        f"""select {s}, {u} from sessions s join users u on u.id = s.user_id
        where s.digest = $1 and s.ends_at > $2 and s.seen_at > $3""",
        digest,
        now,
        idle,
    )
    if row is None:
        return None
    values: Sequence[object] = tuple(row)
    size = len(Session.__struct_fields__)
    return Session.from_row(values[:size]), User.from_row(values[size:])


async def seen(queries: Queries, id_: UUID, now: datetime) -> None:
    await queries.execute("update sessions set seen_at = $2 where id = $1", id_, now)


async def sessions_of(queries: Queries, user_id: UUID, now: datetime) -> list[Session]:
    rows = await queries.fetch(
        f"""select {_SESSION} from sessions where user_id = $1 and ends_at > $2
        order by seen_at desc limit 100""",
        user_id,
        now,
    )
    return [Session.from_row(row) for row in rows]


async def end(queries: Queries, id_: UUID, user_id: UUID) -> None:
    await queries.execute("delete from sessions where id = $1 and user_id = $2", id_, user_id)


async def end_all(queries: Queries, user_id: UUID, *, but: UUID | None = None) -> None:
    await queries.execute(
        "delete from sessions where user_id = $1 and id is distinct from $2", user_id, but
    )


async def prune(queries: Queries, now: datetime) -> None:
    await queries.execute("delete from sessions where ends_at < $1", now)
    await queries.execute("delete from sign_in_links where ends_at < $1", now)


def _prefixed(table: str, columns: str) -> str:
    return ", ".join(f"{table}.{column}" for column in columns.split(", "))
