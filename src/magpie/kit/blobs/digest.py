import hashlib
import re
from typing import NewType

Digest = NewType("Digest", str)
"""SHA-256 in 64 lower-case hexadecimal digits."""

_matches = re.compile(r"[0-9a-f]{64}").fullmatch


def digest_of(content: bytes) -> Digest:
    return Digest(hashlib.sha256(content).hexdigest())


def key_of(digest: Digest) -> str:
    """Raises ValueError for what is no digest, so that no path can be made of it."""
    if not _matches(digest):
        raise ValueError("not a SHA-256 digest")
    return f"{digest[:2]}/{digest[2:4]}/{digest}"
