"""What Magpie offers of the API, from the declarations that serve it; no platform runs."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, cast

from starlette.routing import Route
from starlette.types import ASGIApp
from tests.contract.spec import key_of

from magpie.api.mounts import Mounts
from magpie.api.places import Place
from magpie.app import faces
from magpie.app.parts import Parts
from magpie.kit.rest import Collection, Params
from magpie.senders.inventory.resources import ForSaleOfKind
from magpie.senders.inventory.search import FindForSale

PAGING: Final = frozenset(("PageSize", "Page", "PageToken"))
FILES: Final = {"POST /2010-04-01/Accounts/{}/Messages": frozenset(("Media",))}
"""Fields that come as files, which no class of parameters declares."""


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
        self.plain: list[tuple[str, Route]] = []

    def hang(self, place: Place, *collections: Collection[Any], **_: object) -> None:
        self.hung += ((place, collection) for collection in collections)

    def add(self, product: str, *routes: Route) -> None:
        self.plain += ((product, route) for route in routes)

    def put(self, product: str, whole: ASGIApp) -> None:
        """No operation of the API."""


@cache
def offered() -> dict[str, Offered]:
    recorder = Recorder()
    faces.hang(cast("Parts", Untouched()), cast("Mounts", recorder))
    return {
        one.key: one
        for place, collection in recorder.hung
        if place.product == "api"
        for one in _offered(place, collection)
    }


def _offered(place: Place, collection: Collection[Any]) -> Iterator[Offered]:
    kind, path = type(collection), place.at + collection.path
    below = "" if collection.singleton else "/{Sid}"
    verbs: list[tuple[str, str, str, type[Params]]] = [
        ("list", "GET", "", collection.filters),
        ("create", "POST", "", collection.creating),
        ("fetch", "GET", below, _read_by_fetch(collection)),
        ("delete", "DELETE", below, Params),
        *(("update", method, below, collection.updating) for method in collection.update_methods),
    ]
    for verb, method, rest, declared in verbs:
        if getattr(kind, verb) is not getattr(Collection, verb):
            key = key_of(method, path + rest)
            paging = PAGING if _pages(collection, verb) else frozenset()
            names = frozenset(declared.names()) | paging | FILES.get(key, frozenset())
            yield Offered(key, verb, names, kind)


def _read_by_fetch(collection: Collection[Any]) -> type[Params]:
    return FindForSale if isinstance(collection, ForSaleOfKind) else Params


def _pages(collection: Collection[Any], verb: str) -> bool:
    """Numbers for sale are a list in all but its pages: the size is read, no page follows."""
    return verb == "list" or (verb == "fetch" and isinstance(collection, ForSaleOfKind))
