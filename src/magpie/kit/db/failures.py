class DatabaseUnavailable(Exception):  # noqa: N818 - a state of the server, not a mistake of ours
    """The server is away, or went away; whether a commit under way took hold is then unknown."""


class Overloaded(Exception):  # noqa: N818 - likewise
    """A bounded queue in front of the database is full."""


class StoreIsNewer(Exception):  # noqa: N818 - likewise
    """A later version of the program has changed this store; this version would misread it."""


class EmbeddedFailed(Exception):  # noqa: N818 - likewise
    """The embedded server cannot run; the message says why and what to do."""


class AlreadyRunning(EmbeddedFailed):
    def __init__(self, folder: object, pid: int | None) -> None:
        super().__init__(f"another process (pid {pid or 'unknown'}) is using {folder}")
        self.pid = pid


class MigrationFailed(Exception):  # noqa: N818 - likewise
    """The migration named in the message was undone; those before it stand."""
