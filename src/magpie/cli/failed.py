"""What went wrong, in the words and with the exit code that a user gets."""

from enum import IntEnum


class Exit(IntEnum):
    OK = 0
    FAILURE = 1
    USAGE = 2
    AUTH = 3
    NOT_FOUND = 4
    CONFLICT = 5
    TIMEOUT = 6
    REFUSED = 7
    INTERRUPTED = 130


class Failed(Exception):  # noqa: N818 - the end of a command, expected
    """`fix` is a command that can be copied, or what to do where there is none."""

    def __init__(
        self, what: str, *, cause: str = "", fix: str = "", code: int = Exit.FAILURE
    ) -> None:
        self.what, self.cause, self.fix, self.code = what, cause, fix, code
        super().__init__(what)
