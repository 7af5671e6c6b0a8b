"""What nobody needs to see again: passwords in headers and in URLs."""

import base64
import binascii
import re
from functools import lru_cache
from typing import Final

HIDDEN: Final = "*" * 8

_SECRET: Final = re.compile(r"auth|cookie|secret|password|(?<!idempotency-)(?:token|key)\b")
# A URL as it stands, or in a form; the password of it ends before the last @ of the authority.
_IN_URL: Final = re.compile(
    r"(?P<head>https?(?::|%3A)(?:/|%2F){2}(?:(?!%2F|%3F|%23|%3A|%22)[^\s/?#&:\"'<>])*(?::|%3A))"
    r"(?:(?!%2F|%3F|%23|%22)[^\s/?#&\"'<>])*"
    r"(?P<tail>@|%40)",
    re.IGNORECASE,
)


def header(name: str, value: str) -> str:
    """The value as it may be shown: of Basic who it was, of other secrets nothing."""
    if not _secret(name):
        return value
    scheme, _, rest = value.partition(" ")
    if scheme.lower() == "basic":
        return f"{scheme} {_user(rest)}:{HIDDEN}"
    return HIDDEN


def urls(text: str) -> str:
    """The text, with the passwords of its URLs hidden; it may be a posted form."""
    if "@" not in text and "%40" not in text:
        return text
    return _IN_URL.sub(rf"\g<head>{HIDDEN}\g<tail>", text)


@lru_cache(1024)
def _secret(name: str) -> bool:
    return _SECRET.search(name.lower()) is not None


def _user(credentials: str) -> str:
    try:
        return base64.b64decode(credentials, validate=True).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return HIDDEN
