"""What a page says once of what was just done: in its address, and nobody else can put it there."""

import hmac
from collections.abc import Mapping

_LONGEST = 300


def told(text: str, key: str) -> dict[str, str]:
    """The parameters by which an address carries it; `key` is the session's own secret."""
    return {"note": text, "seal": _seal(text, key)} if text else {}


def read(query: Mapping[str, str], key: str) -> str:
    """Blank for what this session was not told."""
    text = query.get("note", "")
    given = query.get("seal", "").encode("utf-8", "replace")
    return text[:_LONGEST] if hmac.compare_digest(_seal(text, key).encode(), given) else ""


def _seal(text: str, key: str) -> str:
    octets = text.encode("utf-8", "replace")
    return hmac.digest(key.encode(), b"note:" + octets, "sha256").hex()[:16]
