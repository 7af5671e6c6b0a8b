import errno
from collections.abc import Callable

import pytest

from magpie.app.port import PortTaken
from magpie.cli.failed import Exit
from magpie.cli.translate import translate
from magpie.kit.db.failures import (
    AlreadyRunning,
    DatabaseUnavailable,
    EmbeddedFailed,
    MigrationFailed,
    StoreIsNewer,
)

TAKEN = PortTaken("127.0.0.1", 8000)
LOW = PortTaken("127.0.0.1", 80)
SMPP = PortTaken("127.0.0.1", 2775, "smpp_port")
FOREIGN = PortTaken("192.0.2.1", 80)
SMALL = "less than 200 MB free in /srv"


def _caused(error: Exception, number: int) -> Exception:
    error.__cause__ = OSError(number, "as the system says", "/srv/data/postgres")
    return error


@pytest.mark.parametrize(
    ("error", "what", "fix", "code"),
    [
        (_caused(TAKEN, errno.EADDRINUSE), "taken", "--port 8001", Exit.CONFLICT),
        (_caused(SMPP, errno.EADDRINUSE), "taken", "set smpp_port", Exit.CONFLICT),
        (_caused(LOW, errno.EACCES), "not ours", "--port 8000", Exit.REFUSED),
        (_caused(FOREIGN, errno.EADDRNOTAVAIL), "cannot", "--host", Exit.FAILURE),
        (AlreadyRunning("/srv", 77), "in use", "kill 77", Exit.CONFLICT),
        (AlreadyRunning("/srv", None), "in use", "wait", Exit.CONFLICT),
        (EmbeddedFailed(SMALL), "disk is full", "make room", Exit.FAILURE),
        (_caused(EmbeddedFailed("x"), errno.ENOSPC), "disk is full", "make room", Exit.FAILURE),
        (_caused(EmbeddedFailed("x"), errno.EACCES), "no permission", "/srv/data", Exit.FAILURE),
        (EmbeddedFailed("initdb failed"), "does not start", "magpie doctor", Exit.FAILURE),
        (OSError(errno.EROFS, "read-only", "/x/y"), "no permission", "ls -ld /x", Exit.FAILURE),
        (OSError(errno.ENOTDIR, "not a directory", "/x"), "not a folder", "--data", Exit.FAILURE),
        (OSError(errno.ENOENT, "none", "/x.png"), "/x.png cannot be opened", "", Exit.NOT_FOUND),
        (OSError(errno.EISDIR, "folder", "/x"), "/x cannot be opened", "", Exit.NOT_FOUND),
        (DatabaseUnavailable("refused"), "cannot be reached", "MAGPIE_DATABASE_URL", Exit.FAILURE),
        (StoreIsNewer("0009"), "newer", "--upgrade", Exit.FAILURE),
        (MigrationFailed("0002"), "up to date", "nothing was changed", Exit.FAILURE),
    ],
)
def test_translate(error: Exception, what: str, fix: str, code: Exit) -> None:
    """Whatever keeps Magpie from starting is told in words, with a way out."""
    failed = translate(error)
    assert failed is not None
    assert what in failed.what
    assert fix in failed.fix
    assert failed.code == code


@pytest.mark.parametrize(
    "make",
    [
        ValueError,
        lambda: OSError(errno.EIO, "input/output error"),
        lambda: OSError(errno.ENOENT, "no file"),
    ],
)
def test_surprise(make: Callable[[], Exception]) -> None:
    """What nobody expected is not explained away."""
    assert translate(make()) is None
