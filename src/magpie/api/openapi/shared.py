"""What operations have in common: the failures, the pages of lists, and who may ask. Pure."""

from typing import Any, Final

from magpie.api.places import Place
from magpie.kit.rest import Dialect, Schema, closed, paging

_TEXT: Final[Schema] = {"type": "string"}
_COUNT: Final[Schema] = {"type": "integer", "minimum": 0}

PROBLEM: Final = "Problem"
META: Final = "Meta"
PAGES: Final = ("PageSize", "Page", "PageToken")

TAGS: Final = {
    "api": "Accounts, keys, numbers, messages and their media. Without .json the answer is XML.",
    "messaging": "Messaging services, their senders, and short links.",
    "magpie": "What Magpie has of its own: timelines, webhooks, queues, carriers, routes and more.",
    "simulator": "The phones and carriers of the built-in network.",
}

_PROBLEM: Final[Schema] = closed(
    {
        "code": {"type": "integer", "description": "What went wrong, by its number."},
        "message": _TEXT | {"description": "What went wrong, as a sentence."},
        "more_info": _TEXT | {"format": "uri", "description": "Where to read about the number."},
        "status": {"type": "integer", "description": "The status of the answer."},
        "detail": _TEXT | {"description": "More words about who may not ask."},
        "details": {"type": "object", "description": "More of what is known of the mistake."},
    },
    ["code", "message", "more_info", "status"],
)
_URL: Final[Schema] = {"type": "string", "format": "uri"}
_NEXT: Final[Schema] = {"type": ["string", "null"], "format": "uri"}
_META: Final[Schema] = closed(
    {
        "page": _COUNT,
        "page_size": _COUNT,
        "first_page_url": _URL,
        "previous_page_url": _NEXT,
        "url": _URL,
        "next_page_url": _NEXT,
        "key": _TEXT | {"description": "The name under which the list stands."},
    },
    ["page", "page_size", "first_page_url", "previous_page_url", "url", "next_page_url", "key"],
)
_OLDER: Final[dict[str, Schema]] = {
    "page": _COUNT,
    "page_size": _COUNT,
    "start": _COUNT,
    "end": _COUNT,
    "uri": _URL | {"format": "uri-reference"},
    "first_page_uri": _URL | {"format": "uri-reference"},
    "next_page_uri": _NEXT | {"format": "uri-reference"},
    "previous_page_uri": _NEXT | {"format": "uri-reference"},
}


def components(schemas: dict[str, Schema]) -> dict[str, Any]:
    return {
        "schemas": {**schemas, META: _META, PROBLEM: _PROBLEM},
        "parameters": {one["name"]: one for one in (page_size(paging.MOST), *_PAGE)},
        "responses": {PROBLEM: answer("What went wrong.", reference(PROBLEM))},
        "securitySchemes": {
            "basic": {
                "type": "http",
                "scheme": "basic",
                "description": "The SID of an account and its token, or that of a key "
                "and its secret.",
            }
        },
    }


def listing(key: str, item: Schema, dialect: Dialect) -> Schema:
    """A page of a list, with its envelope."""
    items = {key: {"type": "array", "items": item}}
    around = _OLDER if dialect.relative_links else {"meta": reference(META)}
    return closed(items | around, [*items, *around])


def reference(name: str, kind: str = "schemas") -> Schema:
    return {"$ref": f"#/components/{kind}/{name}"}


def answer(description: str, schema: Schema) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def page_size(most: int) -> dict[str, Any]:
    schema = {"type": "integer", "minimum": 1, "maximum": most, "default": paging.DEFAULT}
    return _query("PageSize", schema, "How many are on a page.")


def _query(name: str, schema: Schema, doc: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema, "description": doc}


_PAGE: Final = (
    _query("Page", _COUNT | {"default": 0}, "The number of the page, which is only counted."),
    _query("PageToken", _TEXT, "Where the page begins, as the link to it has it."),
)


def tag(place: Place) -> dict[str, str]:
    name = place.product
    return {"name": name} | ({"description": TAGS[name]} if name in TAGS else {})
