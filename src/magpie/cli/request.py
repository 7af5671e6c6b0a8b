"""What a program asks of a proxy (RFC 9110, 9.3.6; RFC 9112, 3.2.2 and 3.2.3)."""

from typing import NamedTuple
from urllib.parse import urlsplit

from magpie.cli.authority import DOMAIN

_OF_THE_HOP = (b"proxy-", b"connection:", b"keep-alive:", b"upgrade:")


class Asked(NamedTuple):
    """`head` is what the named host is to be told first; empty for a tunnel."""

    host: str
    port: int
    tunnel: bool
    head: bytes


def parse(head: bytes) -> Asked:
    """Raises ValueError for what is not a request to a proxy."""
    first, _, rest = head.partition(b"\r\n")
    method, target, version = first.decode("ascii").split(" ")
    tunnel = method == "CONNECT"
    url = urlsplit(f"//{target}" if tunnel else target)
    port = url.port
    if not url.hostname or not version.startswith("HTTP/1.") or (tunnel and port is None):
        raise ValueError(target)
    if tunnel:
        return Asked(url.hostname, port or 0, True, b"")
    if url.scheme != "http":
        raise ValueError(target)
    path = (url.path or "/") + (f"?{url.query}" if url.query else "")
    return Asked(url.hostname, port or 80, False, _told(f"{method} {path} {version}", rest))


def _told(first: str, fields: bytes) -> bytes:
    """One request, then the connection ends: the next may be meant for another host."""
    lines = fields.split(b"\r\n")
    kept = [line for line in lines if not line.lower().startswith(_OF_THE_HOP)]
    return b"\r\n".join([first.encode("ascii"), b"Connection: close", *kept])


def is_twilio(host: str) -> bool:
    host = host.lower().rstrip(".")
    return host == DOMAIN or host.endswith(f".{DOMAIN}")
