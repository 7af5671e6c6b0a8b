"""The sandbox against decoders that were written to harm it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

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


def alive(pid: int) -> bool:
    """A process that has ended and was not waited for does not count."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return stat.rpartition(")")[2].split()[0] not in {"Z", "X"}


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
        assert not error.passing
        return error.code
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
        ("fill_memory", EXCESSIVE),
        ("map_shared_memory", EXCESSIVE),
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
