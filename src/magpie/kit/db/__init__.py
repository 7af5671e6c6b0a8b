from magpie.kit.db import aged
from magpie.kit.db.connection import Connection, Queries
from magpie.kit.db.database import Database
from magpie.kit.db.failures import DatabaseUnavailable, Overloaded
from magpie.kit.db.group import GroupCommit
from magpie.kit.db.hooks import after_commit

__all__ = [
    "Connection",
    "Database",
    "DatabaseUnavailable",
    "GroupCommit",
    "Overloaded",
    "Queries",
    "after_commit",
    "aged",
]
