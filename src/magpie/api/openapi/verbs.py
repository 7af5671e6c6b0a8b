"""The operations of a collection, and what each is called. Pure."""

import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from magpie.api.places import ROOT, Place
from magpie.kit.rest import Collection, Params

_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_SUFFIX: Final = ".json"
_VOWELS: Final = "AEIOU"


class Hung(NamedTuple):
    """A collection where it hangs."""

    place: Place
    collection: Collection[Any]

    @property
    def path(self) -> str:
        product = "" if self.place.product == ROOT.product else f"/{self.place.product}"
        return product + self.place.at + self.collection.path

    @property
    def suffix(self) -> str:
        """What asks for JSON where that is not all that there is."""
        return _SUFFIX if _SUFFIX in self.place.dialect.suffixes else ""

    @property
    def speaks_json(self) -> bool:
        suffixes = self.collection.suffixes
        return suffixes is None or self.suffix in suffixes

    @property
    def several(self) -> str:
        """By its whole path, so that no two are called the same: MessagesMedia."""
        own = "" if self.place.product == ROOT.product else self.place.product.capitalize()
        steps = [step for step in self.collection.path.split("/") if not step.startswith("{")]
        return own + "".join(step[:1].upper() + step[1:] for step in steps)

    @property
    def one(self) -> str:
        """As `several`, but its last step is the element where that is one of the same."""
        path = self.collection.path
        last = [step for step in path.split("/") if not step.startswith("{")][-1]
        same = path.endswith("}") or snake(last) == getattr(self.collection, "key", "")
        return self.several.removesuffix(last) + self.collection.element if same else self.several


class Verb(NamedTuple):
    """`below` follows the path of the collection; `asked` is read from the query, `sent` posted."""

    name: str
    method: str
    below: str
    asked: type[Params]
    sent: type[Params]
    paged: bool
    id: str
    summary: str


def verbs(hung: Hung) -> Iterator[Verb]:
    """Of a collection, those that it has."""
    of = hung.collection
    for verb in (*_of_all(hung), *_of_one(hung)):
        if of.defines(verb.name):
            yield verb


def _of_all(hung: Hung) -> Iterator[Verb]:
    of, one = hung.collection, _the(hung)
    many = words(getattr(of, "key", of.element))
    lists, makes = f"List{hung.several}", f"Create{hung.one}"
    yield Verb("list", "get", "", of.filters, Params, True, lists, f"List {many}")
    yield Verb("create", "post", "", Params, of.creating, False, makes, f"Create {one}")


def _of_one(hung: Hung) -> Iterator[Verb]:
    of, one, name = hung.collection, _the(hung), hung.one
    at = "" if of.singleton else "/{Sid}"
    fetches, changes, deletes = f"Fetch{name}", f"Update{name}", f"Delete{name}"
    yield Verb("fetch", "get", at, of.fetching, Params, of.sized, fetches, f"Fetch {one}")
    for n, method in enumerate(of.update_methods):
        id_ = changes if n == 0 else f"{changes}By{method.capitalize()}"
        yield Verb("update", method.lower(), at, Params, of.updating, False, id_, f"Change {one}")
    yield Verb("delete", "delete", at, Params, Params, False, deletes, f"Delete {one}")


def _the(hung: Hung) -> str:
    of = hung.collection
    article = "the" if of.singleton else "an" if of.element[0] in _VOWELS else "a"
    return f"{article} {words(of.element)}"


def snake(name: str) -> str:
    return _HUMP.sub("_", name).lower()


def words(name: str) -> str:
    return snake(name).replace("_", " ")
