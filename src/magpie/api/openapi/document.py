"""The whole description, from the collections and the places where they hang. Pure."""

from collections.abc import Iterable
from typing import Any, Final

from magpie.api.openapi.octets import Octets, fetched
from magpie.api.openapi.operation import operation
from magpie.api.openapi.shared import components, reference, tag
from magpie.api.openapi.verbs import Hung, verbs
from magpie.api.places import ROOT, Place
from magpie.kit.rest import Collection, Schema, shown

_ABOUT: Final = (
    "Messaging with the API that the Twilio SDKs speak, and what Magpie has of its own. "
    "Made of the resources that answer, so it is what this Magpie does."
)
_LICENSE: Final = {"name": "Apache-2.0", "identifier": "Apache-2.0"}


def document(
    hung: Iterable[tuple[Place, Collection[Any]]],
    octets: Iterable[Octets] = (),
    *,
    version: str,
    url: str,
) -> dict[str, Any]:
    """As OpenAPI 3.1; `url` is where the API is reached from outside."""
    told = [one for one in (Hung(*each) for each in hung) if one.speaks_json]
    schemas: dict[str, Schema] = {}
    paths: dict[str, dict[str, Any]] = {}
    for one in told:
        item = _kept(one, schemas)
        for verb in verbs(one):
            at = paths.setdefault(one.path + verb.below + one.suffix, {})
            at[verb.method] = operation(one, verb, item)
    for each in octets:
        paths.setdefault(each.whole, {})["get"] = fetched(each)
    tags = {one.place.product: tag(one.place) for one in told}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Magpie", "version": version, "description": _ABOUT, "license": _LICENSE},
        "servers": [{"url": url}],
        "security": [{"basic": []}],
        "tags": [*tags.values()],
        "paths": paths,
        "components": components(schemas),
    }


def _kept(hung: Hung, schemas: dict[str, Schema]) -> Schema:
    """A reference to what a collection shows: by its element, or if that is another's its path."""
    product = "" if hung.place.product == ROOT.product else hung.place.product.capitalize()
    schema = shown(type(hung.collection), hung.place.dialect)
    name = product + hung.collection.element
    if schemas.setdefault(name, schema) != schema:
        name = hung.one
        schemas[name] = schema
    return reference(name)
