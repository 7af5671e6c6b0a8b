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
    told: dict[str, Any] = {
        "operationId": verb.id,
        "summary": verb.summary,
        "description": hung.collection.doc,
        "tags": [hung.place.product],
        "parameters": [*_in_path(hung, verb), *_in_query(verb, hung)],
        "responses": _answers(hung, verb, item),
    }
    sent = body(hung, verb) if verb.name in _WITH_BODY else None
    return {name: one for name, one in {**told, "requestBody": sent}.items() if one}


def _in_path(hung: Hung, verb: Verb) -> Iterator[dict[str, Any]]:
    for name in _IN_PATH.findall(hung.path + verb.below):
        of = hung.collection
        doc = f"The {of.called} of the {words(of.element)}." if name == "Sid" else _named(name)
        told = {"name": name, "in": "path", "required": True, "description": doc}
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
