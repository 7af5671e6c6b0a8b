import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, MemoryStore, from_url

from magpie.kit.blobs.digest import Digest, digest_of, key_of
from magpie.kit.blobs.local import write_once

if TYPE_CHECKING:
    from obstore.store import ClientConfig, ObjectStore, RetryConfig

_CLIENT: "Final[ClientConfig]" = {"timeout": "60s", "connect_timeout": "5s"}
_RETRY: "Final[RetryConfig]" = {"max_retries": 3, "retry_timeout": timedelta(seconds=60)}


class BlobMissing(Exception):  # noqa: N818 - a state of the store, not a mistake of ours
    """Nothing is kept under this digest."""


class BlobsUnavailable(Exception):  # noqa: N818 - likewise
    """The folder or the bucket cannot be read or written now."""


class Blobs:
    """Content under its own SHA-256, so that it is kept once and never changes."""

    def __init__(self, store: "ObjectStore", folder: Path | None = None) -> None:
        self._store = store
        self._folder = folder

    @classmethod
    def open(cls, location: str | Path) -> Self:
        """A folder, or the URL of one, of a bucket (s3, gs, az) or `memory://`."""
        url = urlsplit(str(location))
        if url.scheme in ("", "file"):
            folder = Path(unquote(url.path) if url.scheme else location).absolute()
            with _failures():
                folder.mkdir(parents=True, exist_ok=True)
            return cls(LocalStore(folder), folder)
        if url.scheme == "memory":
            return cls(MemoryStore())
        return cls(from_url(str(location), client_options=_CLIENT, retry_config=_RETRY))

    async def put(self, content: bytes) -> Digest:
        """Returns once the content is durable."""
        digest = await asyncio.to_thread(digest_of, content)
        key = key_of(digest)
        with _failures():
            if self._folder:
                await asyncio.to_thread(write_once, self._folder, key, content)
            elif not await self.exists(digest):
                await obstore.put_async(self._store, key, content)
        return digest

    async def get(self, digest: Digest) -> bytes:
        with _failures():
            try:
                found = await obstore.get_async(self._store, key_of(digest))
                return (await found.bytes_async()).to_bytes()
            except FileNotFoundError:
                raise BlobMissing(digest) from None

    async def exists(self, digest: Digest) -> bool:
        with _failures():
            try:
                await obstore.head_async(self._store, key_of(digest))
            except FileNotFoundError:
                return False
            return True

    async def delete(self, digest: Digest) -> None:
        """What is not there is deleted already."""
        with _failures():
            try:
                await obstore.delete_async(self._store, key_of(digest))
            except FileNotFoundError:
                return


@contextmanager
def _failures() -> Iterator[None]:
    try:
        yield
    except (BaseError, OSError) as error:
        raise BlobsUnavailable(str(error)) from error
