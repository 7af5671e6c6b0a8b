"""The schema of what a collection shows. Pure."""

from typing import Any, get_args, get_origin, get_type_hints, is_typeddict

from magpie.kit.rest.collection import Collection
from magpie.kit.rest.dialect import Dialect
from magpie.kit.rest.shape import Schema, Uri, closed, shape


def shown(kind: type[Collection[Any]], dialect: Dialect) -> Schema:
    """Of a representation of its own by its annotation, else of the record."""
    told = kind.shows or get_type_hints(kind.represent, include_extras=True)["return"]
    if kind.shows is not None or is_typeddict(told):
        return shape(told, dialect)
    whole: Schema = shape(_record_of(kind), dialect)["properties"]
    own = {name: one for name, one in whole.items() if name not in kind.hidden}
    properties = own | _links(kind, dialect) | _beside(kind, dialect)
    return closed(properties, list(properties))


def _record_of(kind: type[Collection[Any]]) -> Any:
    for one in kind.__mro__:
        for base in vars(one).get("__orig_bases__", ()):
            if get_origin(base) is Collection:
                return get_args(base)[0]
    raise TypeError(f"{kind.__name__} says of no record that it holds it")


def _links(kind: type[Collection[Any]], dialect: Dialect) -> dict[str, Schema]:
    link, relative = shape(Uri, dialect), dialect.relative_links
    links = {"uri" if relative else "url": link} if kind.linked else {}
    if kind.subresources:
        below = dict.fromkeys(kind.subresources, link)
        links["subresource_uris" if relative else "links"] = closed(below, list(below))
    return links


def _beside(kind: type[Collection[Any]], dialect: Dialect) -> dict[str, Schema]:
    told = get_type_hints(kind.beside, include_extras=True)["return"]
    beside: dict[str, Schema] = shape(told, dialect)["properties"] if is_typeddict(told) else {}
    return beside
