"""What is to happen once a transaction is committed, and not at all if it is undone."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from magpie.kit.db.connection import Connection

Hook = Callable[[], None]

_waiting: dict[int, list[Hook]] = {}


def after_commit(connection: Connection, hook: Hook) -> None:
    """Outside of a `Database.transaction` each statement is its own commit: run at once."""
    hooks = _waiting.get(id(connection))
    if hooks is None:
        hook()
    else:
        hooks.append(hook)


@contextmanager
def hooks_of(connection: Connection) -> Iterator[None]:
    """Runs the hooks when the block ends without an exception."""
    key = id(connection)
    if key in _waiting:  # a transaction inside a transaction: the outer one decides
        yield
        return
    hooks = _waiting[key] = []
    try:
        yield
    finally:
        del _waiting[key]
    for hook in hooks:
        hook()
