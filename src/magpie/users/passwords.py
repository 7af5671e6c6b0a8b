"""Passwords, kept as argon2id (RFC 9106) with the library's parameters for servers."""

import asyncio
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

SHORTEST: Final = 10
LONGEST: Final = 128
# One takes 64 MiB and some 50 ms: whoever guesses in parallel waits in a row.
_ONE_AT_A_TIME: Final = asyncio.Semaphore(1)

_hasher: Final = PasswordHasher()
_nobody: Final = _hasher.hash("nobody's password")


def is_fit(password: str) -> bool:
    return SHORTEST <= len(password) <= LONGEST


async def hashed(password: str) -> str:
    async with _ONE_AT_A_TIME:
        return await asyncio.to_thread(_hasher.hash, password)


async def matches(password: str, known: str | None) -> bool:
    """It takes as long for who does not exist, or has no password."""
    async with _ONE_AT_A_TIME:
        right = await asyncio.to_thread(_verify, password[:LONGEST], known or _nobody)
    return right and known is not None


def _verify(password: str, known: str) -> bool:
    try:
        return _hasher.verify(known, password)
    except (Argon2Error, InvalidHashError):
        return False
