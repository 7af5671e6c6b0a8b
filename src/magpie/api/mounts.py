"""What hangs where."""

from typing import Any

from starlette.routing import Route
from starlette.types import ASGIApp

import magpie
from magpie.accounts.auth import Authenticator
from magpie.api import failures
from magpie.api.authorize import Gate
from magpie.api.base_url import Outside
from magpie.api.front import Front
from magpie.api.health import Health, Probes
from magpie.api.limits import Concurrency
from magpie.api.openapi import PATH, Octets, Served, document
from magpie.api.places import Place
from magpie.kit.rest import Around, Collection, Router, routes
from magpie.settings import Settings


class Mounts:
    """Filled by the composition root, then `app` is what the server runs.

    `authorize` and `failure` are also for routes that are no collections; behind `authorize`
    such a route's path must say {AccountSid} where it names an account.
    """

    failure = staticmethod(failures.answer)

    def __init__(self, authenticator: Authenticator, settings: Settings) -> None:
        self.outside = Outside(settings.public_url, settings.trusted_proxies)
        self._concurrency = Concurrency(settings.concurrent_requests)
        self.authorize = Gate(authenticator, self.outside, self._concurrency)
        self._hung: list[tuple[Place, Collection[Any]]] = []
        self._octets: list[Octets] = []
        self._products: dict[str, Router] = {}
        self._whole: dict[str, ASGIApp] = {}

    def hang(
        self, place: Place, *collections: Collection[Any], around: Around | None = None
    ) -> None:
        for collection in collections:
            self._hung.append((place, collection))
            hung = routes(
                collection,
                place.dialect,
                mount=place.at,
                authorize=self.authorize,
                failure=self.failure,
                around=around,
            )
            self.add(place.product, *hung)

    def add(self, product: str, *plain: Route) -> None:
        """Paths without the product's prefix."""
        router = self._products.setdefault(product, Router((), failure=self.failure))
        for route in plain:
            router.add(route)

    def tell(self, octets: Octets) -> None:
        """What the description could not know of a route that was added."""
        self._octets.append(octets)

    def described(self, url: str) -> dict[str, Any]:
        """All that hangs, as OpenAPI; `url` is where it is reached."""
        return document(self._hung, self._octets, version=magpie.__version__, url=url)

    def put(self, product: str, whole: ASGIApp) -> None:
        """A product that is no tree of resources."""
        self._whole[product] = whole

    def app(self, health: Health, otherwise: ASGIApp | None = None) -> ASGIApp:
        """`otherwise` gets what is no product's: the console's pages, WebSockets, lifespan."""
        described = Served(self.described, self.outside)
        return Front(
            self._products | self._whole,
            Router((), failure=self.failure),
            outside=self.outside,
            concurrency=self._concurrency,
            alone=dict.fromkeys(Probes.paths, Probes(health)) | {PATH: described},
            otherwise=otherwise,
        )
