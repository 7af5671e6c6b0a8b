"""X-Twilio-Signature (Twilio's documentation, "Security", and its SDKs' request validators)."""

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Sequence
from functools import lru_cache

Params = Sequence[tuple[str, str]]


def sign(token: str, url: str, params: Params = ()) -> str:
    """The header's value; `params` are those of a form body, none for GET.

    The URL counts as it stands, a default port that is written included, less its fragment and
    its credentials.
    """
    return b64encode(hmac.digest(token.encode(), base(url, params).encode(), "sha1")).decode()


def base(url: str, params: Params = ()) -> str:
    """What is signed."""
    return bare(url) + "".join(_flat(params))


def sign_json(token: str, url: str, body: bytes) -> tuple[str, str]:
    """The URL to request, which carries the hash of the body, and the header's value."""
    url = bare(url)
    url += ("&" if "?" in url else "?") + "bodySHA256=" + hashlib.sha256(body).hexdigest()
    return url, sign(token, url)


@lru_cache(4096)
def bare(url: str) -> str:
    url = url.partition("#")[0]
    scheme, _, rest = url.partition("://")
    end = next((at for at, letter in enumerate(rest) if letter in "/?"), len(rest))
    authority = rest[:end].rpartition("@")[2]
    return f"{scheme}://{authority}{rest[end:]}"


def _flat(params: Params) -> list[str]:
    # Sorting by code points is sorting by UTF-8 bytes. A pair given twice counts once.
    return [name + value for name, value in sorted(set(params))]
