"""One operation of the description. Pure."""

import re
from collections.abc import Iterator
from typing import Any, Final

from magpie.api.openapi.body import body, said, with_default
from magpie.api.openapi.shared import PAGES, PROBLEM, answer, listing, page_size, reference
from magpie.api.openapi.verbs import Hung, Verb, words
from magpie.kit.rest import Schema, paging

_IN_PATH: Final = re.compile(r"\{(\w+)\}")
_WITH_BODY: Final = frozenset(("create", "update"))


def operation(hung: Hung, verb: Verb, item: Schema) -> dict[str, Any]:
    """`item` is what the collection shows of one record."""
    of = hung.collection
    own = f"The {of.called} of the {words(of.element)}."
    path = in_path(hung.path + verb.below, own)
    told: dict[str, Any] = {
        "operationId": verb.id,
        "summary": verb.summary,
        "description": of.doc,
        "tags": [hung.place.product],
        "parameters": [*path, *_in_query(verb, hung), *_headers(hung, verb)],
        "responses": _answers(hung, verb, item),
    }
    sent = body(hung, verb) if verb.name in _WITH_BODY else None
    return {name: one for name, one in {**told, "requestBody": sent}.items() if one}


def in_path(path: str, own: str = "") -> Iterator[dict[str, Any]]:
    """`own` is what stands for the record itself."""
    for name in _IN_PATH.findall(path):
        doc = own if own and name == "Sid" else _named(name)
        told = {"name": name, "in": "path", "required": True, "description": doc}
        yield told | {"schema": {"type": "string"}}


def _headers(hung: Hung, verb: Verb) -> Iterator[dict[str, Any]]:
    for name, doc in hung.collection.headers.items() if verb.name == "create" else ():
        told = {"name": name, "in": "header", "required": False, "description": doc}
        yield told | {"schema": {"type": "string"}}


def _named(name: str) -> str:
    """`MessageSid` as: The SID of the message."""
    what = words(name)
    return (
        f"The SID of the {what.removesuffix(' sid')}." if name.endswith("Sid") else f"The {what}."
    )


def _in_query(verb: Verb, hung: Hung) -> Iterator[dict[str, Any]]:
    for field in verb.asked.fields():
        told = {"name": field.name, "in": "query", "required": field.required}
        yield told | {"schema": with_default(field)} | said(field.doc)
    if verb.paged:
        most = hung.collection.most_per_page
        yield reference("PageSize", "parameters") if most == paging.MOST else page_size(most)
        yield from (reference(name, "parameters") for name in PAGES[1:] if verb.name == "list")


def _answers(hung: Hung, verb: Verb, item: Schema) -> dict[str, Any]:
    of, failed = hung.collection, {"default": reference(PROBLEM, "responses")}
    match verb.name:
        case "delete":
            return {"204": {"description": "It is gone."}} | failed
        case "list":
            page = listing(of.key, item, hung.place.dialect)
            return {"200": answer("A page of them.", page)} | failed
        case "create":
            return {str(of.created_status): answer("It is made.", item)} | failed
    return {"200": answer("It is as told.", item)} | failed
