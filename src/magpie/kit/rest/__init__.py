"""HTTP resources as the Twilio SDKs know them: a record, its parameters and five verbs."""

from magpie.kit.rest.addresses import url, urls, web_address
from magpie.kit.rest.call import Call, Caller
from magpie.kit.rest.collection import Collection
from magpie.kit.rest.dialect import V1, V2010, Dialect, Format, format_of
from magpie.kit.rest.endpoint import Around, Authorize, Endpoint, FailureAnswer, Verb
from magpie.kit.rest.failures import (
    Failure,
    Mistake,
    NotAllowed,
    NotFound,
    TooLarge,
    Unreadable,
    Unsupported,
)
from magpie.kit.rest.form import File, Form, read_body, read_form
from magpie.kit.rest.paging import Page, PageRequest
from magpie.kit.rest.param import Param
from magpie.kit.rest.params import Field, Params
from magpie.kit.rest.parsers import (
    Many,
    Parser,
    Wrong,
    boolean,
    decimal,
    http_method,
    integer,
    json_object,
    many,
    one_of,
    short_text,
    text,
    texts,
)
from magpie.kit.rest.respond import problem
from magpie.kit.rest.routed import routes
from magpie.kit.rest.router import Router
from magpie.kit.rest.shape import Moment, Schema, Uri, closed, shape
from magpie.kit.rest.shown import shown
from magpie.kit.rest.times import Span, day, instant, span

__all__ = [
    "V1",
    "V2010",
    "Around",
    "Authorize",
    "Call",
    "Caller",
    "Collection",
    "Dialect",
    "Endpoint",
    "Failure",
    "FailureAnswer",
    "Field",
    "File",
    "Form",
    "Format",
    "Many",
    "Mistake",
    "Moment",
    "NotAllowed",
    "NotFound",
    "Page",
    "PageRequest",
    "Param",
    "Params",
    "Parser",
    "Router",
    "Schema",
    "Span",
    "TooLarge",
    "Unreadable",
    "Unsupported",
    "Uri",
    "Verb",
    "Wrong",
    "boolean",
    "closed",
    "day",
    "decimal",
    "format_of",
    "http_method",
    "instant",
    "integer",
    "json_object",
    "many",
    "one_of",
    "problem",
    "read_body",
    "read_form",
    "routes",
    "shape",
    "short_text",
    "shown",
    "span",
    "text",
    "texts",
    "url",
    "urls",
    "web_address",
]
