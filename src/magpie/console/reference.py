"""The reference of the API, made of the resources that answer it. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import msgspec

from magpie.kit.rest import Collection, Params

_ROOT: Final = "api"  # the one product that has no prefix
_OLDEST: Final = "/2010-04-01"


class Parameter(msgspec.Struct, frozen=True):
    name: str
    required: bool


class Operation(msgspec.Struct, frozen=True):
    """`does` is a verb and its object; `body` says that JSON is posted instead of a form."""

    product: str
    method: str
    path: str
    does: str
    parameters: tuple[Parameter, ...]
    body: bool


def operations(product: str, at: str, collection: Collection[Any]) -> Iterator[Operation]:
    """`at` is where the collection hangs below its product."""
    path = ("" if product == _ROOT else f"/{product}") + at + collection.path
    suffix = ".json" if at.startswith(_OLDEST) else ""
    one = path if collection.singleton else f"{path}/{{Sid}}"
    method = collection.update_methods[0]
    single = collection.element
    many = getattr(collection, "key", single).replace("_", " ")  # what is never listed has none
    verbs: Sequence[tuple[str, str, str, str, type[Params]]] = (
        ("list", "GET", path, f"lists {many}", collection.filters),
        ("create", "POST", path, f"makes one {single}", collection.creating),
        ("fetch", "GET", one, f"fetches one {single}", Params),
        ("update", method, one, f"changes one {single}", collection.updating),
        ("delete", "DELETE", one, f"deletes one {single}", Params),
    )
    for verb, method, where, does, params in verbs:
        if getattr(type(collection), verb) is not getattr(Collection, verb):
            yield Operation(
                product,
                method,
                where + suffix,
                does,
                _parameters(params),
                body=collection.reads_body and method != "GET",
            )


def found(every: Iterable[Operation], asked: str) -> dict[str, list[Operation]]:
    """Those that have all the words somewhere, by product."""
    words = asked.lower().split()
    by_product: dict[str, list[Operation]] = {}
    for one in every:
        text = _text(one)
        if all(word in text for word in words):
            by_product.setdefault(one.product, []).append(one)
    return by_product


def _text(one: Operation) -> str:
    names = " ".join(parameter.name for parameter in one.parameters)
    return f"{one.product} {one.method} {one.path} {one.does} {names}".lower()


def _parameters(params: type[Params]) -> tuple[Parameter, ...]:
    required = params.required()
    return tuple(Parameter(name, name in required) for name in params.names())
