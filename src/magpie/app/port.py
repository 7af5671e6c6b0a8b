"""The port is bound before anything is promised."""

import socket


class PortTaken(Exception):  # noqa: N818 - a state of the machine
    """`setting` is the one that named it."""

    def __init__(self, host: str, port: int, setting: str = "port") -> None:
        self.host, self.port, self.setting = host, port, setting
        super().__init__(f"port {port} of {host} is in use")


def bind(host: str, port: int) -> socket.socket:
    """Raises PortTaken; port 0 takes any."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise PortTaken(host, port) from error
    listener.set_inheritable(False)
    return listener
