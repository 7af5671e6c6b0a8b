"""The ASGI application before all products: which one is asked for, and what every answer has."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from prometheus_client import Histogram
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from magpie.api import failures
from magpie.api.base_url import Outside
from magpie.api.limits import Concurrency, capped
from magpie.api.places import OWN, TWILIO
from magpie.api.visit import Visit
from magpie.kit import clock
from magpie.kit.rest import format_of
from magpie.kit.telemetry import histogram

_CLASSIC: Final = "2010-04-01"
_VERSION: Final = re.compile(r"v[0-9]{1,2}")
_BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_SECONDS: Final = histogram(
    "http_request_seconds", "Time to answer", "product", "method", "status", buckets=_BUCKETS
)
_METHODS: Final = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))


class Asked(NamedTuple):
    product: str
    prefix: str
    by_host: bool = False


NOTHING: Final = Asked("", "")
"""A path that is no product's."""
UNNAMED: Final = Asked("?", "")
"""A version of nobody knows which product."""


class Front:
    def __init__(
        self,
        products: Mapping[str, ASGIApp],
        nothing: ASGIApp,
        *,
        outside: Outside,
        concurrency: Concurrency,
        alone: Mapping[str, ASGIApp],
        otherwise: ASGIApp | None = None,
    ) -> None:
        """`alone` are single paths of no product, as the probes."""
        self._products = products
        self._nothing = nothing
        self._alone = alone
        self._outside = outside
        self._concurrency = concurrency
        self._otherwise = otherwise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if self._otherwise is not None:
                await self._otherwise(scope, receive, send)
            return
        headers: dict[bytes, bytes] = dict(scope["headers"])
        path: str = scope["path"]
        first, _, rest = path[1:].partition("/")
        asked = product_of(first, rest.partition("/")[0], self._outside.host(scope, headers))
        if asked is NOTHING and self._otherwise is not None and path not in self._alone:
            await self._otherwise(scope, receive, send)
        else:
            visit = Visit.begin(scope, headers, *asked)
            await self._serve(visit, scope, receive, send)

    async def _serve(self, visit: Visit, scope: Scope, receive: Receive, send: Send) -> None:
        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                visit.status = message["status"]
                message["headers"] = [*message["headers"], *_stamps(visit)]
            await send(message)

        if visit.prefix:
            scope["path"] = scope["path"].removeprefix(visit.prefix)
        try:
            await self._app(visit, scope)(scope, capped(receive, visit.headers), told)
        except Exception as wrong:
            if visit.status:
                raise
            response = failures.answer(wrong, Request(scope), format_of(scope["path"]))
            await response(scope, receive, told)
        finally:
            self._concurrency.leave(visit)
            _observe(visit, scope["method"])

    def _app(self, visit: Visit, scope: Scope) -> ASGIApp:
        if scope["path"] in self._alone and not visit.product:
            return self._alone[scope["path"]]
        return self._products.get(visit.product, self._nothing)


def product_of(first: str, second: str, host: bytes) -> Asked:
    """By the first segment of the path, or for a version alone by the first label of the host."""
    if first == _CLASSIC:
        return Asked("api", "")
    if first in TWILIO or (first in OWN and _VERSION.fullmatch(second)):
        return Asked(first, f"/{first}")
    if _VERSION.fullmatch(first) is None:
        return NOTHING
    label = host.partition(b".")[0].decode("latin-1").lower()
    return Asked(label, "", by_host=True) if label in TWILIO else UNNAMED


def _stamps(visit: Visit) -> list[tuple[bytes, bytes]]:
    stamps = [
        (b"twilio-request-id", visit.id.encode()),
        (b"twilio-request-duration", b"%.3f" % (clock.monotonic() - visit.began)),
    ]
    if visit.concurrent:
        stamps.append((b"twilio-concurrent-requests", b"%d" % visit.concurrent))
    return stamps


def _observe(visit: Visit, method: str) -> None:
    kind = method if method in _METHODS else "other"
    _timer(visit.product, kind, visit.status).observe(clock.monotonic() - visit.began)


@lru_cache(maxsize=1024)
def _timer(product: str, method: str, status: int) -> Histogram:
    return _SECONDS.labels(product, method, str(status))
