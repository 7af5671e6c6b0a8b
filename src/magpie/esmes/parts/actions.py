"""Parts kept until their text is whole; a part that comes again changes nothing."""

from collections.abc import Sequence
from typing import Any

from magpie.esmes.parts import store
from magpie.esmes.parts.model import Added, Part, head_id, part_id
from magpie.esmes.parts.store import Head, Key
from magpie.kit import clock
from magpie.kit.db import Connection, Overloaded

_Name = tuple[Any, ...]


async def keep(connection: Connection, parts: Sequence[Part]) -> list[Added | Exception]:
    """Write parts inside the caller's transaction; the one that completes a text gets it."""
    found = await _heads(connection, parts)
    kept = await store.texts(connection, _keys(found))
    bodies = {(key, one.number): one.body for key, text in kept.items() for one in text.parts}
    clash = {p.key for p in parts if bodies.get((_key(p, found), p.index), p.body) != p.body}
    if clash:
        await store.retire(connection, [(name[0], found[name].message_id) for name in clash])
        found |= await _heads(connection, [part for part in parts if part.key in clash])
    results: list[Added | Exception] = []
    rows = []
    last: dict[Key, int] = {}
    for at, part in enumerate(parts):
        key = _key(part, found)
        if bodies.setdefault((key, part.index), part.body) != part.body:
            results.append(Overloaded("another part of this number is being written"))
            continue
        rows.append((key[1], part))
        last[key] = at
        results.append(Added(part_id(key[1], part.index)))
    await store.add(connection, rows)
    open_ = {key: at for key, at in last.items() if not found[parts[at].key].whole}
    for key, text in (await store.texts(connection, list(open_))).items():
        if not text.missing:
            results[open_[key]] = Added(part_id(key[1], parts[open_[key]].index), text)
    return results


async def _heads(connection: Connection, parts: Sequence[Part]) -> dict[_Name, Head]:
    names: set[_Name] = {part.key for part in parts}
    fresh = [(name, head_id(clock.uuid7())) for name in names]
    return await store.heads(connection, fresh, clock.now())


def _keys(found: dict[_Name, Head]) -> list[Key]:
    return [(name[0], head.message_id) for name, head in found.items()]


def _key(part: Part, found: dict[_Name, Head]) -> Key:
    return part.account_sid, found[part.key].message_id
