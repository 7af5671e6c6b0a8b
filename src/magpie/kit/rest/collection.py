from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any, ClassVar, Generic, TypeVar, get_args

from msgspec import structs
from starlette.responses import Response
from starlette.routing import Route

from magpie.kit.record import Record
from magpie.kit.rest import paging, respond
from magpie.kit.rest.call import Call
from magpie.kit.rest.dialect import Dialect
from magpie.kit.rest.endpoint import Around, Authorize, Endpoint, FailureAnswer, Verb
from magpie.kit.rest.paging import Page, PageRequest
from magpie.kit.rest.params import Params

R = TypeVar("R", bound=Record)
_SID = "Sid"


class Collection(Generic[R]):
    """Records of one kind at one path. Only the verbs that a subclass defines are routed.

    A `singleton` has no SIDs: fetch, update and delete act on the path itself and get a blank
    sid. `linked` adds the record's uri (or url), and `subresources` the links below it
    (subresource_uris, or links). `hidden` names fields that are never shown.
    """

    path: ClassVar[str]
    key: ClassVar[str]
    element: ClassVar[str]
    plural_element: ClassVar[str | None] = None
    filters: ClassVar[type[Params]] = Params
    creating: ClassVar[type[Params]] = Params
    updating: ClassVar[type[Params]] = Params
    created_status: ClassVar[int] = 201
    update_methods: ClassVar[tuple[str, ...]] = ("POST",)
    most_per_page: ClassVar[int] = paging.MOST
    singleton: ClassVar[bool] = False
    suffixes: ClassVar[tuple[str, ...] | None] = None
    reads_body: ClassVar[bool] = False
    most_bytes: ClassVar[int] = 1_048_576
    linked: ClassVar[bool] = False
    subresources: ClassVar[Mapping[str, str]] = {}
    hidden: ClassVar[frozenset[str]] = frozenset()

    async def list(self, call: Call, given: Any, page: PageRequest) -> Page[R]:
        raise NotImplementedError

    async def create(self, call: Call, given: Any) -> R:
        raise NotImplementedError

    async def fetch(self, call: Call, sid: str) -> R:
        raise NotImplementedError

    async def update(self, call: Call, sid: str, given: Any) -> R:
        raise NotImplementedError

    async def delete(self, call: Call, sid: str) -> None:
        raise NotImplementedError

    def identify(self, record: R) -> str:
        """What stands for the record in its path."""
        sid: str = getattr(record, "sid")  # noqa: B009 - not every record has one
        return sid

    def cursor(self, record: R) -> str:
        """The key by which a page is continued; printable ASCII, 256 characters at most."""
        return self.identify(record)

    def represent(self, record: R, call: Call) -> dict[str, object]:
        names, dated = _shape(type(record))
        shown: dict[str, object] = dict(zip(names, structs.astuple(record), strict=True))
        for name in dated:
            at = shown[name]
            if at is not None:
                shown[name] = call.dialect.date(at)  # type: ignore[arg-type]
        for name in self.hidden:
            del shown[name]
        if self.linked or self.subresources:
            self._add_links(shown, record, call)
        return shown

    def _add_links(self, shown: dict[str, object], record: R, call: Call) -> None:
        own = () if self.singleton else (self.identify(record),)
        relative = call.dialect.relative_links
        if self.linked:
            shown["uri" if relative else "url"] = call.link(*own)
        if self.subresources:
            shown["subresource_uris" if relative else "links"] = {
                name: call.link(*own, *below.split("/"))
                for name, below in self.subresources.items()
            }


@cache
def _shape(kind: type[Record]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    fields = structs.fields(kind)
    dated = tuple(field.encode_name for field in fields if _holds_times(field.type))
    return kind.__struct_encode_fields__, dated


def _holds_times(annotation: Any) -> bool:
    return annotation is datetime or any(_holds_times(part) for part in get_args(annotation))


def routes(
    collection: Collection[Any],
    dialect: Dialect,
    *,
    mount: str,
    authorize: Authorize,
    failure: FailureAnswer,
    prefix: str = "",
    around: Around | None = None,
) -> list[Route]:
    """One for each path and format.

    `mount` is part of every link, as in /v1; `prefix` stands before it only where requests
    are matched, as in /messaging.
    """
    template = mount + collection.path

    def routed(below: str, verbs: Mapping[str, Verb]) -> Iterator[Route]:
        for suffix, form in dialect.suffixes.items() if verbs else ():
            if collection.suffixes is None or suffix in collection.suffixes:
                endpoint = Endpoint(
                    template=template,
                    prefix=prefix,
                    verbs=verbs,
                    dialect=dialect,
                    format=form,
                    authorize=authorize,
                    failure=failure,
                    around=around,
                    reads_body=collection.reads_body,
                    most_bytes=collection.most_bytes,
                )
                yield Route(prefix + template + below + suffix, endpoint, methods=list(verbs))

    of_all, of_one = _verbs_of_all(collection), _verbs_of_one(collection)
    if collection.singleton:
        return [*routed("", of_all | of_one)]
    return [*routed(f"/{{{_SID}}}", of_one), *routed("", of_all)]


def _defines(collection: Collection[Any], verb: str) -> bool:
    return getattr(type(collection), verb) is not getattr(Collection, verb)


def _verbs_of_all(collection: Collection[Any]) -> dict[str, Verb]:
    async def list_(call: Call) -> Response:
        asked = PageRequest.parse(call.query, most=collection.most_per_page)
        given = collection.filters.parse(call.query)
        return _listed(collection, call, asked, await collection.list(call, given, asked))

    async def create(call: Call) -> Response:
        record = await collection.create(call, collection.creating.parse(call.form))
        return _shown(collection, call, record, collection.created_status)

    verbs = {"GET": ("list", list_), "POST": ("create", create)}
    return {method: run for method, (name, run) in verbs.items() if _defines(collection, name)}


def _verbs_of_one(collection: Collection[Any]) -> dict[str, Verb]:
    async def fetch(call: Call) -> Response:
        return _shown(collection, call, await collection.fetch(call, sid(call)))

    async def update(call: Call) -> Response:
        given = collection.updating.parse(call.form)
        return _shown(collection, call, await collection.update(call, sid(call), given))

    async def delete(call: Call) -> Response:
        await collection.delete(call, sid(call))
        return respond.empty()

    def sid(call: Call) -> str:
        return "" if collection.singleton else call.path[_SID]

    verbs = {"GET": ("fetch", fetch), "DELETE": ("delete", delete)}
    verbs |= dict.fromkeys(collection.update_methods, ("update", update))
    return {method: run for method, (name, run) in verbs.items() if _defines(collection, name)}


def _shown(collection: Collection[R], call: Call, record: R, status: int = 200) -> Response:
    shown = collection.represent(record, call)
    return respond.one(shown, collection.element, call.format, status)


def _listed(collection: Collection[R], call: Call, asked: PageRequest, page: Page[R]) -> Response:
    names = collection.filters.names()
    to = paging.links(
        call.link(), call.query, names, asked=asked, page=page, cursor=collection.cursor
    )
    items = [collection.represent(record, call) for record in page.items]
    if not call.dialect.relative_links:
        return respond.json(paging.envelope_v1(collection.key, items, asked, to))
    listing = paging.envelope_2010(collection.key, items, asked, to)
    if call.format == "json":
        return respond.json(listing)
    del listing[collection.key]
    plural = collection.plural_element or f"{collection.element}s"
    return respond.listed(plural, collection.element, items, listing)
