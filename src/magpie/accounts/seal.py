"""Secrets at rest: sealed where they are needed again, hashed where they are only compared."""

import base64
import hmac
import os
import secrets
from pathlib import Path
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from magpie.settings import key_bytes

FILE: Final = "secret.key"
_VERSION: Final = b"\x01"
_NONCE_BYTES: Final = 12
_KEY_BYTES: Final = 32


class SealBroken(Exception):  # noqa: N818 - what became of it
    """The key is another one, or the sealed bytes are not what was written there."""


class Sealer:
    """AES-256-GCM. What is sealed is bound to its account and column: it opens nowhere else."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(_derived(key, b"seal"))
        self._pepper = _derived(key, b"hash")

    @classmethod
    def of(cls, data: Path, secret_key: str | None = None) -> Self:
        """With the key that the settings give, or the one in `data`, made at the first start."""
        return cls(key_bytes(secret_key or _key_in(data)))

    def seal(self, text: str, account_sid: str, column: str) -> bytes:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, text.encode(), _place(account_sid, column))
        return _VERSION + nonce + sealed

    def open(self, sealed: bytes, account_sid: str, column: str) -> str:
        begin = len(_VERSION) + _NONCE_BYTES
        nonce, rest = sealed[len(_VERSION) : begin], sealed[begin:]
        try:
            if not sealed.startswith(_VERSION):
                raise InvalidTag  # noqa: TRY301 - one answer to all that does not open
            return self._cipher.decrypt(nonce, rest, _place(account_sid, column)).decode()
        except (InvalidTag, ValueError) as wrong:
            raise SealBroken(
                f"{column} of {account_sid} was sealed with another key; set MAGPIE_SECRET_KEY, "
                f"or put the {FILE} back that belongs to this database",
            ) from wrong

    def hash_secret(self, secret: str) -> bytes:
        """HMAC-SHA-256: enough for secrets that are drawn at random, and cheap on each request."""
        return hmac.digest(self._pepper, secret.encode("utf-8", "surrogateescape"), "sha256")


def _place(account_sid: str, column: str) -> bytes:
    return f"{account_sid}/{column}".encode()


def _derived(key: bytes, purpose: bytes) -> bytes:
    return HKDF(hashes.SHA256(), _KEY_BYTES, salt=None, info=b"magpie " + purpose).derive(key)


def _key_in(data: Path) -> str:
    file = data / FILE
    if not file.exists():
        _make(file)
    return file.read_text("ascii").strip()


def _make(file: Path) -> None:
    """Whole or not at all, and never over the key of a process that was faster."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{FILE}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(base64.b64encode(secrets.token_bytes(_KEY_BYTES)) + b"\n")
        out.flush()
        os.fsync(out.fileno())
    try:
        os.link(draft, file)
    except FileExistsError:
        return
    finally:
        draft.unlink()
