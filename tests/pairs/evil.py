"""Decoders that no one should let in: what the sandbox is tried with, behind its walls."""

import ctypes
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from magpie.media.recipe import NEVER_FITS, Unusable

Made = tuple[bytes, bytes]


def echo(content: memoryview) -> Made:
    return b"{}", bytes(content)


def environment(_: memoryview) -> Made:
    return msgspec.json.encode(dict(os.environ)), b""


def who(_: memoryview) -> Made:
    return msgspec.json.encode([os.getpid(), os.getppid()]), b""


def open_a_file(_: memoryview) -> Made:
    return b"", Path("/etc/passwd").read_bytes()


def write_a_file(_: memoryview) -> Made:
    return b"", bytes(Path("/tmp/evil").write_bytes(b"x"))


def remove_a_file(content: memoryview) -> Made:
    Path(bytes(content).decode()).unlink()
    return b"", b""


def connect(content: memoryview) -> Made:
    with socket.create_connection(("127.0.0.1", int(bytes(content)))) as line:
        return b"", line.recv(1)


def pipe(_: memoryview) -> Made:
    os.pipe()
    return b"", b""


def fork(_: memoryview) -> Made:
    if os.fork() == 0:
        time.sleep(60)
    return b"", b""


def execute(_: memoryview) -> Made:
    os.execv("/bin/true", ["true"])


def thread(_: memoryview) -> Made:
    threading.Thread(target=time.sleep, args=(60,)).start()
    return b"", b""


def kill_the_zygote(_: memoryview) -> Made:
    os.kill(os.getppid(), signal.SIGKILL)
    return b"", b""


def kill_the_group(_: memoryview) -> Made:
    os.killpg(0, signal.SIGKILL)
    return b"", b""


def fill_memory(_: memoryview) -> Made:
    held = []
    while True:
        held.append(bytearray(b"x" * (1 << 20)))


def map_shared_memory(_: memoryview) -> Made:
    import mmap  # noqa: PLC0415

    held = []
    while True:
        held.append(mmap.mmap(-1, 16 << 20))
        held[-1].write(b"x" * (16 << 20))


def loop_for_ever(_: memoryview) -> Made:
    while True:
        pass


def sleep(_: memoryview) -> Made:
    time.sleep(3600)
    return b"", b""


def ignore_signals(_: memoryview) -> Made:
    signal.signal(signal.SIGXCPU, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while True:
        pass


def endless_output(_: memoryview) -> Made:
    return b"", b"x" * (17 << 20)


def lie_about_lengths(_: memoryview) -> Made:
    # Finds the mapped output among its own objects, as a taken-over decoder would.
    import gc  # noqa: PLC0415
    import mmap  # noqa: PLC0415
    import sys  # noqa: PLC0415

    output = sys._getframe(2).f_locals["output"]
    assert isinstance(output, mmap.mmap), gc
    output[:16] = b"MgPa" + b"\x01\0\0\0" + b"\xff" * 8
    os._exit(0)


def not_bytes(_: memoryview) -> Made:
    return "x", None  # type: ignore[return-value]


def fail(_: memoryview) -> Made:
    raise ValueError("no such picture\x1b[31m" + "y" * 1000)


def refuse(_: memoryview) -> Made:
    raise Unusable(NEVER_FITS, "nothing fits")


def refuse_with_a_strange_number(_: memoryview) -> Made:
    raise Unusable(20003, "x")


def leave(_: memoryview) -> Made:
    raise SystemExit(0)


def segfault(_: memoryview) -> Made:
    ctypes.string_at(0)
    return b"", b""


def abort(_: memoryview) -> Made:
    os.abort()


def exit_in_silence(_: memoryview) -> Made:
    os._exit(0)


def recurse(content: memoryview) -> Made:
    return recurse(content)


def work(task: bytes, content: memoryview) -> Made:
    deed: Callable[[memoryview], Made] = globals()[task.decode()]
    return deed(content)
