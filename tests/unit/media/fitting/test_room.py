"""Memory of what is large goes back, whatever small stays between it."""

import subprocess
import sys

SCRIPT = """
import ctypes, os
from pathlib import Path
from magpie.media.fitting import room

libc = ctypes.CDLL(None)
libc.malloc.restype, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]


def used():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def taken(size):
    place = libc.malloc(size)
    ctypes.memset(place, 1, size)
    return place


room.returned()
libc.free(taken(3 << 20))
before = used()
large, small = [], []
for _ in range(60):
    large.append(taken(2 << 20))
    small.append(taken(50 << 10))
for place in large:
    libc.free(place)
print((used() - before) >> 20)
"""


def test_large_places_are_given_back() -> None:
    """Of 120 MB in sixty pieces nothing stays, though three of small ones do."""
    left = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True
    )
    assert int(left.stdout) < 20
