"""A message centre that lets everybody bind and hangs up on whoever submits."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from magpie.protocols import smpp
from magpie.protocols.smpp import Framer, decode, encode, reply


@contextmanager
def mute() -> Iterator[int]:
    """Give its port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        Thread(target=_serve, args=(listener,), daemon=True).start()
        yield listener.getsockname()[1]


def _serve(listener: socket.socket) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection:
            _answer(connection)


def _answer(connection: socket.socket) -> None:
    framer = Framer()
    while octets := connection.recv(65536):
        for frame in framer.feed(octets):
            pdu = decode(frame)
            if isinstance(pdu, smpp.SubmitSm):
                return
            connection.sendall(encode(reply(pdu)))
