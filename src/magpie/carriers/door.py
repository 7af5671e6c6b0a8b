"""Links that are called: what comes to `/carriers/v1/{name}/...` by HTTP is handed to them."""

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

import msgspec


class Knock(msgspec.Struct, frozen=True, kw_only=True):
    """A request to a link. The names of headers are small; `path` begins below the link's own.

    `peer` is the caller's address, as far as our own proxies are believed; `url` is the whole
    address by which others know this one.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    peer: str
    url: str


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """Goes out when all that it promises is kept."""

    status: int = 200
    content_type: str = "text/plain"
    headers: Mapping[str, str] = {}
    body: bytes = b""


@runtime_checkable
class Door(Protocol):
    """A Carrier that is also called. `most_bytes` caps the body of a request.

    It judges by itself who may call: no account is asked for. It never raises.
    """

    @property
    def most_bytes(self) -> int: ...

    async def answer(self, knock: Knock) -> Answer: ...
