"""The sandbox against decoders that were written to harm it."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest

from magpie.media.recipe import BROKEN, EXCESSIVE, NEVER_FITS, Unusable
from magpie.media.sandbox import Sandbox, SandboxFailed

EVIL = f"{Path(__file__).with_name('evil.py')}:work"


@pytest.fixture(scope="module")
async def sandbox() -> AsyncIterator[Sandbox]:
    made = Sandbox(work=EVIL)
    yield made
    await made.stop()


@pytest.fixture
def kept() -> Iterator[Path]:
    # Where nobody can look in, nothing is to be learned.
    with TemporaryDirectory(dir="/tmp") as folder:
        Path(folder).chmod(0o777)
        path = Path(folder, "kept")
        path.touch(0o666)
        yield path


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def alive(pid: int) -> bool:
    """A process that has ended and was not waited for does not count."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return stat.rpartition(")")[2].split()[0] not in {"Z", "X"}


def exists(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


async def gone(pid: int) -> bool:
    for _ in range(500):
        if not alive(pid):
            return True
        await asyncio.sleep(0.01)
    return False


async def code_of(sandbox: Sandbox, deed: str, content: bytes = b"", cpu: float = 1) -> int:
    try:
        await sandbox.run(deed.encode(), content, cpu_seconds=cpu)
    except Unusable as error:
        return error.code
    except SandboxFailed as error:
        return 0 if error.passing else error.code
    return 0


async def test_bytes_go_in_and_come_out(sandbox: Sandbox) -> None:
    """What the worker makes comes back whole, with what it cost."""
    content = bytes(range(256)) * 4096
    made = await sandbox.run(b"echo", content)
    assert (made.result, made.content) == (b"{}", content)
    assert made.cpu_seconds > 0
    assert 1 << 20 < made.peak_bytes < 512 << 20
    assert (await sandbox.run(b"echo", b"")).content == b""


@pytest.mark.parametrize(
    ("deed", "code"),
    [
        ("open_a_file", BROKEN),
        ("write_a_file", BROKEN),
        ("pipe", BROKEN),
        ("fork", BROKEN),
        ("execute", BROKEN),
        ("thread", BROKEN),
        ("kill_the_zygote", BROKEN),
        ("kill_the_group", BROKEN),
        ("fill_memory", EXCESSIVE),
        ("map_shared_memory", BROKEN),
        ("loop_for_ever", EXCESSIVE),
        ("ignore_signals", EXCESSIVE),
        ("endless_output", EXCESSIVE),
        ("lie_about_lengths", BROKEN),
        ("not_bytes", BROKEN),
        ("fail", BROKEN),
        ("refuse", NEVER_FITS),
        ("refuse_with_a_strange_number", BROKEN),
        ("leave", BROKEN),
        ("segfault", BROKEN),
        ("abort", BROKEN),
        ("exit_in_silence", BROKEN),
        ("recurse", BROKEN),
        ("no_such_deed", BROKEN),
    ],
)
async def test_an_evil_decoder_ends_in_a_number(sandbox: Sandbox, deed: str, code: int) -> None:
    """Each evil deed ends with its own error, and the next job in the same sandbox works."""
    before = await sandbox.run(b"who", b"")
    assert await code_of(sandbox, deed) == code
    after = await sandbox.run(b"who", b"")
    assert msgspec.json.decode(before.result)[1] == msgspec.json.decode(after.result)[1]


@pytest.mark.parametrize("deed", ["open_a_file", "execute", "fork", "kill_the_group"])
async def test_what_is_not_computing_is_not_permitted(sandbox: Sandbox, deed: str) -> None:
    """The kernel itself says no, and the answer tells so."""
    with pytest.raises(Unusable, match="Operation not permitted"):
        await sandbox.run(deed.encode(), b"")


async def test_a_file_cannot_be_removed(sandbox: Sandbox, kept: Path) -> None:
    """Not even a file that everybody may remove."""
    assert await code_of(sandbox, "remove_a_file", str(kept).encode()) == BROKEN
    assert kept in kept.parent.iterdir()


async def test_nobody_is_called(sandbox: Sandbox) -> None:
    """A server on loopback never hears of a child that wants to talk to it."""
    heard: list[object] = []
    server = await asyncio.start_server(lambda r, w: heard.append((r, w)), "127.0.0.1")
    async with server:
        port = server.sockets[0].getsockname()[1]
        assert await code_of(sandbox, "connect", str(port).encode()) == BROKEN
    assert not heard


async def test_secrets_of_the_environment_stay_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A child has of the environment what programs need to be found, and no more."""
    monkeypatch.setenv("MAGPIE_AUTH_TOKEN", "canary")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "canary")
    sandbox = Sandbox(work=EVIL)
    try:
        made = await sandbox.run(b"environment", b"")
    finally:
        await sandbox.stop()
    assert b"canary" not in made.result
    assert set(msgspec.json.decode(made.result)) <= {
        *("PATH", "LANG", "LC_ALL", "LC_CTYPE", "MALLOC_ARENA_MAX", "LD_LIBRARY_PATH")
    }


async def test_a_killed_zygote_is_replaced(sandbox: Sandbox) -> None:
    """After a kill from outside the next job finds another zygote."""
    _, zygote = msgspec.json.decode((await sandbox.run(b"who", b"")).result)
    os.kill(zygote, signal.SIGKILL)
    _, another = msgspec.json.decode((await sandbox.run(b"who", b"")).result)
    assert another != zygote
    assert await gone(zygote)


def offspring(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


async def children_of(pid: int, least: int = 1) -> list[int]:
    while len(found := offspring(pid)) < least:
        await asyncio.sleep(0.005)
    return found


async def zygote_of(sandbox: Sandbox) -> int:
    zygote: int = msgspec.json.decode((await sandbox.run(b"who", b"")).result)[1]
    return zygote


async def test_a_job_whose_zygote_dies_is_tried_once_more(sandbox: Sandbox) -> None:
    """A second death under the same job is told as passing; no child of either is left."""
    job = asyncio.create_task(sandbox.run(b"sleep", b""))
    seen = []
    for _ in range(2):
        while not (process := sandbox._zygote) or process.gone:
            await asyncio.sleep(0.005)
        seen += await children_of(process.pid)
        os.kill(process.pid, signal.SIGKILL)
        while not process.gone:
            await asyncio.sleep(0.005)
    with pytest.raises(SandboxFailed) as caught:
        await job
    assert caught.value.passing
    assert len(seen) == 2
    assert all([await gone(child) for child in seen])


async def test_a_cancelled_job_is_killed(sandbox: Sandbox) -> None:
    """Who stops waiting leaves nothing running, and its place is free."""
    zygote = await zygote_of(sandbox)
    jobs = [asyncio.create_task(sandbox.run(b"sleep", b"")) for _ in range(2)]
    children = await children_of(zygote, 2)
    for job in jobs:
        job.cancel()
    assert all([await gone(child) for child in children])
    assert (await sandbox.run(b"echo", b"x")).content == b"x"
    assert await zygote_of(sandbox) == zygote


async def test_a_sleeper_is_killed_at_its_deadline(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Time runs out for those who use no processor, too; others go on meanwhile."""
    monkeypatch.setattr("magpie.media.sandbox.sandbox._GRACE_SECONDS", -0.5)
    zygote = await zygote_of(sandbox)
    late, made = await asyncio.gather(
        code_of(sandbox, "sleep"), sandbox.run(b"echo", b"meanwhile", cpu_seconds=30)
    )
    assert (late, made.content) == (EXCESSIVE, b"meanwhile")
    assert await zygote_of(sandbox) == zygote


async def test_a_zygote_that_does_not_obey_is_killed(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stopped zygote cannot kill for us; it goes with its whole group, and others try again."""
    monkeypatch.setattr("magpie.media.sandbox.sandbox._GRACE_SECONDS", -0.5)
    monkeypatch.setattr("magpie.media.sandbox.process.OBEY_SECONDS", 0.1)
    zygote = await zygote_of(sandbox)
    job = asyncio.create_task(code_of(sandbox, "sleep"))
    children = await children_of(zygote)
    os.kill(zygote, signal.SIGSTOP)
    assert await job == EXCESSIVE
    assert await zygote_of(sandbox) != zygote
    assert all([await gone(pid) for pid in (zygote, *children)])


async def test_nothing_is_left_after_a_stop() -> None:
    """Zygote and children end with the sandbox, which then takes no more until it is started."""
    sandbox = Sandbox(work=EVIL)
    zygote = await zygote_of(sandbox)
    job = asyncio.create_task(sandbox.run(b"sleep", b""))
    children = await children_of(zygote)
    files = open_files()
    await sandbox.stop()
    with pytest.raises(SandboxFailed) as caught:
        await job
    assert caught.value.passing
    assert not any(exists(pid) for pid in (zygote, *children))
    assert open_files() == files - 3  # the control socket, two of the job's
    await sandbox.stop()
    with pytest.raises(SandboxFailed, match="stopped"):
        await sandbox.run(b"echo", b"")
    await sandbox.start()
    assert (await sandbox.run(b"echo", b"x")).content == b"x"
    await sandbox.stop()


PARENT = f"""
import asyncio
from magpie.media.sandbox import Sandbox

async def main():
    sandbox = Sandbox(work={EVIL!r})
    print((await sandbox.run(b"who", b"")).result.decode(), flush=True)
    await sandbox.run(b"sleep", b"")

asyncio.run(main())
"""


async def test_nothing_outlives_a_parent_that_is_killed() -> None:
    """A parent that could not say goodbye leaves neither zygote nor child."""
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PARENT, stdout=asyncio.subprocess.PIPE
    )
    assert parent.stdout is not None
    _, zygote = msgspec.json.decode(await parent.stdout.readline())
    children = await children_of(zygote)
    parent.kill()
    await parent.wait()
    assert all([await gone(pid) for pid in (zygote, *children)])


async def test_a_worker_that_cannot_be_loaded_is_told_of() -> None:
    """A few starts are tried, and then the reason is given; nothing is left of them."""
    sandbox = Sandbox(work="magpie.no_such_module:work")
    with pytest.raises(SandboxFailed, match="no_such_module") as caught:
        await sandbox.run(b"echo", b"")
    assert caught.value.passing
    await sandbox.stop()


async def test_more_than_may_wait_are_told_to_come_again() -> None:
    """Neither the queue nor the wait in it is without end."""
    sandbox = Sandbox(work=EVIL, at_once=1, most_waiting=1, patience=0.2)
    try:
        zygote = await zygote_of(sandbox)
        job = asyncio.create_task(sandbox.run(b"sleep", b""))
        await children_of(zygote)
        waiting = asyncio.create_task(sandbox.run(b"echo", b""))
        await asyncio.sleep(0)
        with pytest.raises(SandboxFailed, match="too many"):
            await sandbox.run(b"echo", b"")
        with pytest.raises(SandboxFailed, match="no place"):
            await waiting
        job.cancel()
    finally:
        await sandbox.stop()


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


async def test_a_thousand_murders_are_survived(sandbox: Sandbox) -> None:
    """Neither memory nor open files of the parent grow with them, and its zygote is the same."""
    zygote = await zygote_of(sandbox)
    deeds = ("segfault", "exit_in_silence", "abort", "fail")
    for each in range(100):
        assert await code_of(sandbox, deeds[each % 4]) == BROKEN
    before = resident(), open_files()
    for each in range(900):
        assert await code_of(sandbox, deeds[each % 4]) == BROKEN
    assert resident() - before[0] < 4 << 20
    assert open_files() == before[1]
    assert await zygote_of(sandbox) == zygote
