"""What Magpie offers of the API, from the declarations that serve it; no platform runs."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, cast

from starlette.routing import Route
from starlette.types import ASGIApp
from tests.contract.spec import key_of

from magpie.api.mounts import Mounts
from magpie.api.openapi import Octets
from magpie.api.places import Place
from magpie.app import faces
from magpie.app.parts import Parts
from magpie.kit.rest import Collection, Params

PAGING: Final = frozenset(("PageSize", "Page", "PageToken"))
"""Numbers for sale are a list in all but its pages: the size is read, no page follows."""


@dataclass(frozen=True, slots=True)
class Offered:
    key: str
    verb: str
    parameters: frozenset[str]
    collection: type[Collection[Any]]


class Untouched:
    """Stands for every part of a platform: it is handed on, and nobody looks inside."""

    def __getattr__(self, _: str) -> "Untouched":
        return self


class Recorder:
    """Hangs nothing, but notes what would hang."""

    def __init__(self) -> None:
        self.authorize = self.failure = self.outside = Untouched()
        self.hung: list[tuple[Place, Collection[Any]]] = []
        self.octets: list[Octets] = []
        self.plain: list[tuple[str, Route]] = []

    def hang(self, place: Place, *collections: Collection[Any], **_: object) -> None:
        self.hung += ((place, collection) for collection in collections)

    def add(self, product: str, *routes: Route) -> None:
        self.plain += ((product, route) for route in routes)

    def tell(self, octets: Octets) -> None:
        self.octets.append(octets)

    def put(self, product: str, whole: ASGIApp) -> None:
        """No operation of the API."""


@cache
def recorded() -> Recorder:
    recorder = Recorder()
    faces.hang(cast("Parts", Untouched()), cast("Mounts", recorder))
    return recorder


@cache
def offered() -> dict[str, Offered]:
    return {
        one.key: one
        for place, collection in recorded().hung
        if place.product == "api"
        for one in _offered(place, collection)
    }


def _offered(place: Place, collection: Collection[Any]) -> Iterator[Offered]:
    kind, path = type(collection), place.at + collection.path
    below = "" if collection.singleton else "/{Sid}"
    verbs: list[tuple[str, str, str, type[Params]]] = [
        ("list", "GET", "", collection.filters),
        ("create", "POST", "", collection.creating),
        ("fetch", "GET", below, collection.fetching),
        ("delete", "DELETE", below, Params),
        *(("update", method, below, collection.updating) for method in collection.update_methods),
    ]
    for verb, method, rest, declared in verbs:
        if getattr(kind, verb) is not getattr(Collection, verb):
            key = key_of(method, path + rest)
            paging = PAGING if verb == "list" or (verb == "fetch" and collection.sized) else ()
            files = collection.files if verb == "create" else ()
            names = frozenset((*declared.names(), *paging, *files))
            yield Offered(key, verb, names, kind)
