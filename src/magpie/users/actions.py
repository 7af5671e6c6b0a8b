"""Signing in and out."""

import hashlib
import secrets
from datetime import timedelta
from typing import Final
from uuid import UUID

from msgspec.structs import replace

from magpie.errors import Refused
from magpie.kit import clock, feed
from magpie.kit.db import Connection, Database, Queries
from magpie.kit.db.hooks import after_commit
from magpie.users import passwords, store
from magpie.users.model import LONGEST_NAME, Role, Session, User

LINK_LASTS: Final = timedelta(hours=1)
LASTS: Final = timedelta(days=7)
IDLE: Final = timedelta(hours=12)
_SEEN_EVERY: Final = timedelta(minutes=1)
_INVALID, _TAKEN = 20422, 20409
_LONGEST_AGENT: Final = 300
FIRST: Final = "owner"
# Touched where a session may have ended before its time.
TOPIC: Final = "sessions"


async def ensure_owner(queries: Queries) -> User:
    """The first user, who has no password until he gives himself one."""
    known = [user for user in await store.every(queries) if user.may(Role.OWNER)]
    if known:
        return known[0]
    user = _new(FIRST, Role.OWNER)
    await store.insert(queries, user)
    return await store.by_name(queries, FIRST) or user


async def add(queries: Queries, name: str, role: Role) -> User:
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise Refused(_INVALID, f"A name has 1 to {LONGEST_NAME} printable characters.")
    user = _new(name, role)
    if not await store.insert(queries, user):
        raise Refused(_TAKEN, f"There is a user {name} already.")
    return user


async def change_role(connection: Connection, user: User, role: Role) -> User:
    """There always is an owner."""
    if user.may(Role.OWNER) and role is not Role.OWNER and await _is_last(connection):
        raise Refused(_TAKEN, "The last owner stays one.")
    changed = replace(user, role=role.name.lower(), date_updated=clock.now())
    await store.save(connection, changed)
    return changed


async def remove(connection: Connection, user: User) -> None:
    if user.may(Role.OWNER) and await _is_last(connection):
        raise Refused(_TAKEN, "The last owner stays.")
    await store.delete(connection, user.id)
    after_commit(connection, _tell)


async def set_password(connection: Connection, user: User, password: str, keep: UUID) -> None:
    """All other sessions of the user end."""
    if not passwords.is_fit(password):
        raise Refused(_INVALID, f"A password has at least {passwords.SHORTEST} characters.")
    known = await passwords.hashed(password)
    await store.save(connection, replace(user, password_hash=known, date_updated=clock.now()))
    await store.end_all(connection, user.id, but=keep)
    after_commit(connection, _tell)


async def end(database: Database, session_id: UUID, user: User) -> None:
    """One of his own; nothing happens to another."""
    await store.end(database, session_id, user.id)
    _tell()


async def link(queries: Queries, user: User) -> str:
    """Give the secret of a link by which the user can sign in once, within the hour."""
    secret = secrets.token_urlsafe(24)
    await store.add_link(queries, digest_of(secret), user.id, clock.now() + LINK_LASTS)
    return secret


async def by_link(database: Database, secret: str) -> User | None:
    async with database.transaction() as connection:
        user_id = await store.take_link(connection, digest_of(secret), clock.now())
        return await store.get(connection, user_id) if user_id else None


async def by_password(queries: Queries, name: str, password: str) -> User | None:
    user = await store.by_name(queries, name)
    right = await passwords.matches(password, user.password_hash if user else None)
    return user if right else None


async def begin(queries: Queries, user: User, address: str, user_agent: str) -> tuple[Session, str]:
    """Give the session and the secret of its cookie, new at every sign-in."""
    secret = secrets.token_urlsafe(32)
    now = clock.now()
    session = Session(
        id=clock.uuid7(),
        digest=digest_of(secret),
        user_id=user.id,
        date_created=now,
        seen_at=now,
        ends_at=now + LASTS,
        address=address,
        user_agent=user_agent[:_LONGEST_AGENT],
    )
    await store.begin(queries, session)
    return session, secret


async def find(queries: Queries, secret: str) -> tuple[Session, User] | None:
    """The session of a cookie, if it has not ended."""
    now = clock.now()
    found = await store.session(queries, digest_of(secret), now, now - IDLE)
    if found is not None and now - found[0].seen_at > _SEEN_EVERY:
        await store.seen(queries, found[0].id, now)
    return found


async def holds(queries: Queries, secret: str) -> bool:
    """Whether the session has not ended; to ask is not to be seen."""
    now = clock.now()
    return await store.session(queries, digest_of(secret), now, now - IDLE) is not None


def digest_of(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def _tell() -> None:
    feed.touch({("", TOPIC)})


async def _is_last(connection: Connection) -> bool:
    return await store.count_owners(connection) == 1


def _new(name: str, role: Role) -> User:
    now = clock.now()
    return User(
        id=clock.uuid7(),
        name=name,
        role=role.name.lower(),
        password_hash=None,
        date_created=now,
        date_updated=now,
    )
