"""A TCP proxy that changes nothing and writes down what passes."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import BaseRequestHandler, ThreadingTCPServer

from tests.pairs.pcap import Conversation, Piece

_AT_ONCE = 65_536


class Recorder(ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, upstream: int, conversations: list[Conversation]) -> None:
        super().__init__(("127.0.0.1", 0), _Passing)
        self.upstream = upstream
        self.conversations = conversations

    @property
    def port(self) -> int:
        port: int = self.server_address[1]
        return port


@contextmanager
def recording(upstream: int, conversations: list[Conversation]) -> Iterator[Recorder]:
    """Every connection is put to the others, with its pieces in their order."""
    with Recorder(upstream, conversations) as recorder:
        thread = threading.Thread(target=recorder.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield recorder
        finally:
            recorder.shutdown()
            thread.join()


class _Passing(BaseRequestHandler):
    server: Recorder

    def handle(self) -> None:
        pieces: Conversation = []
        self.server.conversations.append(pieces)
        with socket.create_connection(("127.0.0.1", self.server.upstream)) as there:
            down = threading.Thread(target=_pass, args=(there, self.request, pieces, False))
            down.start()
            _pass(self.request, there, pieces, True)
            down.join()


def _pass(source: socket.socket, target: socket.socket, pieces: Conversation, up: bool) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(_AT_ONCE):
            pieces.append(Piece(up, data))
            target.sendall(data)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)
