"""Ports for servers that begin to listen later, or again after a pause.

A port that the system gives out by itself may until then be given to somebody else, or to the very
client that tries it. Those below that range are taken by nobody who does not name them.
"""

import os
import random
import re
import socket
from collections.abc import Iterator
from itertools import islice

_FIRST, _EACH = 10_000, 4_000


def _mine() -> Iterator[int]:
    """Those of this process among the workers of pytest, each once before any comes again."""
    worker = re.sub(r"\D", "", os.environ.get("PYTEST_XDIST_WORKER", "")) or "0"
    first, start = _FIRST + int(worker) % 5 * _EACH, random.randrange(_EACH)
    while True:
        yield first + start % _EACH
        start += 1


_ports = _mine()


def free_port() -> int:
    for port in islice(_ports, _EACH):
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            continue
        return port
    raise AssertionError("all ports are taken")
