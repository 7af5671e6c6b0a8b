"""A collection as the routes that answer for it."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from starlette.responses import Response
from starlette.routing import Route

from magpie.kit.record import Record
from magpie.kit.rest import paging, respond
from magpie.kit.rest.call import Call
from magpie.kit.rest.collection import Collection
from magpie.kit.rest.dialect import Dialect
from magpie.kit.rest.endpoint import Around, Authorize, Endpoint, FailureAnswer, Verb
from magpie.kit.rest.paging import Page, PageRequest

R = TypeVar("R", bound=Record)
_SID = "Sid"


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


def _verbs_of_all(collection: Collection[Any]) -> dict[str, Verb]:
    async def list_(call: Call) -> Response:
        asked = PageRequest.parse(call.query, most=collection.most_per_page)
        given = collection.filters.parse(call.query)
        return _listed(collection, call, asked, await collection.list(call, given, asked))

    async def create(call: Call) -> Response:
        record = await collection.create(call, collection.creating.parse(call.form))
        return _shown(collection, call, record, collection.created_status)

    verbs = {"GET": ("list", list_), "POST": ("create", create)}
    return {method: run for method, (name, run) in verbs.items() if collection.defines(name)}


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
    return {method: run for method, (name, run) in verbs.items() if collection.defines(name)}


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
