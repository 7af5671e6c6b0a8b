import os
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest

from magpie.kit.db.cluster import _open_to_all, last_lines
from magpie.kit.db.connection import is_lost
from magpie.kit.db.embedded import _fresh_size, _url, running
from magpie.kit.db.failures import AlreadyRunning, EmbeddedFailed
from magpie.kit.db.folder import FolderLock


@pytest.mark.parametrize("note", [None, "", "\n", "x\n/data\n1\n5432\n/sock\n", "4194305\n/d\n1\n"])
def test_no_note_of_a_living_server_means_none_runs(tmp_path: Path, note: str | None) -> None:
    """A postmaster.pid that is absent, empty, garbled or of a dead process names no server."""
    if note is not None:
        (tmp_path / "postmaster.pid").write_text(note)
    assert running(tmp_path) is None


def test_a_living_process_that_works_elsewhere_is_not_our_server(tmp_path: Path) -> None:
    """A pid that was given to another program since is not taken for the server."""
    (tmp_path / "postmaster.pid").write_text(f"{os.getpid()}\n{tmp_path}\n1\n5432\n/sock\n\n1\n")
    assert running(tmp_path) is None


def test_a_starting_server_has_no_socket_yet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the note is short the server counts as alive, though nobody can connect."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "postmaster.pid").write_text(f"{os.getpid()}\n{tmp_path}\n")
    found = running(tmp_path)
    assert found is not None
    assert (found.pid, found.sockets) == (os.getpid(), None)


def test_a_folder_is_held_once_until_it_is_released(tmp_path: Path) -> None:
    """The second holder is told the pid of the first, and gets the lock after it lets go."""
    first, second = FolderLock(tmp_path / "data"), FolderLock(tmp_path / "data")
    first.acquire()
    with pytest.raises(AlreadyRunning, match=f"pid {os.getpid()}") as refused:
        second.acquire()
    assert refused.value.pid == os.getpid()
    first.release()
    second.acquire()
    second.release()


def test_a_folder_that_is_a_file_is_refused_in_words(tmp_path: Path) -> None:
    """The message names what is wrong with the path."""
    (tmp_path / "data").write_text("")
    with pytest.raises(EmbeddedFailed, match="cannot use the data folder"):
        FolderLock(tmp_path / "data").acquire()


@pytest.mark.parametrize("folder", ["/a b/ü", "/data/100%", "/x&y=z?#"])
def test_any_folder_fits_into_the_url(folder: str) -> None:
    """The folder of the socket comes out of the URL as it went in."""
    url = urlsplit(_url(Path(folder), "magpie", "magpie"))
    assert parse_qs(url.query)["host"] == [folder]
    assert url.path == "/magpie"


def test_a_large_log_is_put_aside(tmp_path: Path) -> None:
    """Past ten megabytes the log moves to its second file and begins anew."""
    log = tmp_path / "postgres.log"
    assert _fresh_size(log) == 0
    log.write_bytes(b"x" * 100)
    assert _fresh_size(log) == 100
    log.write_bytes(b"x" * (11 * 2**20))
    assert _fresh_size(log) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["postgres.log.1"]


@pytest.mark.parametrize(
    ("output", "shown"),
    [
        (b"", ""),
        (b" a \n", "a"),
        (b"1\n2\n3\n4\n5\n\xff\n", "3 | 4 | 5 | \N{REPLACEMENT CHARACTER}"),
    ],
)
def test_the_end_of_an_output_makes_one_line(output: bytes, shown: str) -> None:
    """The last lines, where programs say why they gave up, are joined."""
    assert last_lines(output) == shown


def test_a_closed_folder_above_closes_all_below(tmp_path: Path) -> None:
    """One folder that others may not enter is enough."""
    below = tmp_path / "closed" / "open"
    below.mkdir(parents=True)
    below.parent.chmod(0o700)
    assert not _open_to_all(below)
    assert _open_to_all(Path("/"))


class Closed:
    def is_closed(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("error", "lost"),
    [
        (asyncpg.ConnectionDoesNotExistError("gone"), True),
        (asyncpg.AdminShutdownError("terminating connection"), True),
        (asyncpg.InterfaceError("connection is closed"), True),
        (ConnectionResetError(), True),
        (asyncpg.UniqueViolationError("twice"), False),
        (ValueError("ours"), False),
    ],
)
def test_only_the_server_can_lose_a_connection(error: Exception, lost: bool) -> None:
    """Errors of SQL and of callers are not taken for a lost server."""
    assert is_lost(error, Closed()) is lost  # type: ignore[arg-type]
