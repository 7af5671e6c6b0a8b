"""What is posted to an operation. Pure."""

from typing import Any, Final

from magpie.api.openapi.verbs import Hung, Verb
from magpie.kit.rest import Field, Schema, closed, shape

_FORM: Final = "application/x-www-form-urlencoded"
_MULTIPART: Final = "multipart/form-data"
_JSON: Final = "application/json"
_FILE: Final[Schema] = {"type": "string", "contentMediaType": "application/octet-stream"}
_CHANGE: Final = "update"


def body(hung: Hung, verb: Verb) -> dict[str, Any] | None:
    """As JSON where that is read, else as a form; None where nothing can be said."""
    of = hung.collection
    if of.reads_body:
        return _json(hung, verb)
    return _form(hung, verb) if verb.sent.fields() else None


def _json(hung: Hung, verb: Verb) -> dict[str, Any]:
    """What a change does not give stays, so it needs nothing."""
    schema = shape(hung.collection.bodies[verb.name], hung.place.dialect, given=True)
    if verb.name == _CHANGE:
        schema.pop("required", None)
    return {"required": True, "content": {_JSON: _content(hung, verb, schema)}}


def _form(hung: Hung, verb: Verb) -> dict[str, Any]:
    fields = verb.sent.fields()
    properties = {one.name: with_default(one) | said(one.doc) for one in fields}
    needed = [one.name for one in fields if one.required]
    content = {_FORM: _content(hung, verb, closed(properties, needed))}
    files = {} if verb.name == _CHANGE else hung.collection.files
    if files:
        more = {name: _files(doc) for name, doc in files.items()}
        content[_MULTIPART] = {"schema": closed(properties | more, needed)}
    return {"required": bool(needed), "content": content}


def _content(hung: Hung, verb: Verb, schema: Schema) -> dict[str, Any]:
    example = hung.collection.examples.get(verb.name)
    return {"schema": schema} | ({"example": dict(example)} if example else {})


def _files(doc: str) -> Schema:
    return {"type": "array", "items": _FILE, "description": doc}


def with_default(field: Field) -> Schema:
    default = field.default
    if default is None:
        return field.schema
    plain = default if isinstance(default, bool | int | float) else str(default)
    return {**field.schema, "default": plain}


def said(doc: str) -> Schema:
    return {"description": doc} if doc else {}
