"""Why a signature is what it is, and what those come to that a mistaken check computes. Pure."""

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from magpie.webhooks.signature import Params, bare, base, sign

_PORTS = {"http": 80, "https": 443}


class Explained(NamedTuple):
    """`pieces` are what follows the URL in the base string, in their order."""

    url: str
    pieces: Sequence[tuple[str, str]]
    base: str
    signature: str


class Slip(NamedTuple):
    """What a check that goes wrong in this way computes."""

    name: str
    cure: str
    signature: str


def explain(token: str, url: str, params: Params) -> Explained:
    """`params` are those of a form body, none for GET."""
    return Explained(bare(url), sorted(set(params)), base(url, params), sign(token, url, params))


def slips(token: str, url: str, params: Params) -> list[Slip]:
    """Each that would show with this request, and is not right by chance."""
    right, seen, found = sign(token, url, params), set[str](), []
    for slip in (*_of_url(token, bare(url), params), *_of_form(token, url, params)):
        if slip.signature != right and slip.signature not in seen:
            seen.add(slip.signature)
            found.append(slip)
    return found


def _of_url(token: str, url: str, params: Params) -> Iterator[Slip]:
    parts = urlsplit(url)
    other = "http" if parts.scheme == "https" else "https"
    variants = [
        (
            f"The URL begins with {other}://",
            "A proxy in front of the program ends TLS: use X-Forwarded-Proto for the URL.",
            f"{other}{url[len(parts.scheme) :]}",
        ),
        (
            "The port is written, or left out, where the URL has it otherwise",
            "Use the URL as it was configured here, or what the Host header says.",
            _port_changed(url),
        ),
        (
            "The URL lacks its query",
            "Use the whole URL, query and all.",
            url.partition("?")[0],
        ),
        (
            "The path has a slash at its end, or lacks it, where the URL has it otherwise",
            "Look for a rule of the server that redirects, and configure the URL as it is served.",
            _slash_changed(url),
        ),
    ]
    for name, cure, changed in variants:
        yield Slip(name, cure, sign(token, changed, params))
    yield Slip(
        "The URL is only its path",
        "Scheme and host belong to it: build it from the configured address.",
        _signed(token, base(url, params).partition(parts.netloc)[2]),
    )


def _port_changed(url: str) -> str:
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
    place = host if parts.port else f"{host}:{_PORTS.get(parts.scheme, 443)}"
    return parts._replace(netloc=place).geturl()


def _slash_changed(url: str) -> str:
    path, mark, query = url.partition("?")
    return f"{path[:-1] if path.endswith('/') else path + '/'}{mark}{query}"


def _of_form(token: str, url: str, params: Params) -> Iterator[Slip]:
    right = base(url, params)
    yield Slip(
        "The form was not read",
        "Read the body as a form before the check; a parser of JSON finds nothing in it.",
        sign(token, url),
    )
    yield Slip(
        "Parameters stand as they came, not sorted by name",
        "Sort them by name, each name followed by its value, with nothing between.",
        _signed(token, bare(url) + "".join(name + value for name, value in params)),
    )
    yield Slip(
        "Parameters without a value are left out",
        "Keep blank ones (keep_blank_values in Python's parse_qs).",
        sign(token, url, [pair for pair in params if pair[1]]),
    )
    yield Slip(
        "White space around values is gone",
        "Let no middleware trim what comes in.",
        sign(token, url, [(name, value.strip()) for name, value in params]),
    )
    yield Slip("It is HMAC-SHA256", "Use HMAC-SHA1.", _signed(token, right, "sha256"))
    yield Slip(
        "It is written in hexadecimal digits",
        "Write it in Base64.",
        hmac.new(token.encode(), right.encode(), hashlib.sha1).hexdigest(),
    )


def _signed(token: str, told: str, kind: str = "sha1") -> str:
    return b64encode(hmac.digest(token.encode(), told.encode(), kind)).decode()
