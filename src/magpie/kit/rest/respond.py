from collections.abc import Iterable, Mapping
from typing import Final

import msgspec
from starlette.responses import Response

from magpie.kit.rest import xml
from magpie.kit.rest.dialect import Format

JSON: Final = "application/json"
XML: Final = "application/xml"

_encode = msgspec.json.Encoder(decimal_format="string").encode


def json(value: object, status: int = 200) -> Response:
    return Response(_encode(value), status, media_type=JSON)


def one(value: Mapping[str, object], element: str, format: Format, status: int = 200) -> Response:  # noqa: A002
    if format == "xml":
        return Response(xml.document(element, value), status, media_type=XML)
    return json(value, status)


def listed(
    plural: str, element: str, items: Iterable[object], attributes: Mapping[str, object]
) -> Response:
    return Response(xml.listing(plural, element, items, attributes), media_type=XML)


def empty(status: int = 204) -> Response:
    return Response(status_code=status)


def problem(
    status: int,
    code: int,
    message: str,
    more_info: str,
    format: Format = "json",  # noqa: A002
    *,
    details: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    if format == "xml":
        fault = {"Status": status, "Message": message, "Code": code, "MoreInfo": more_info}
        return Response(xml.document("RestException", fault), status, headers, media_type=XML)
    told = {"code": code, "message": message, "more_info": more_info, "status": status}
    if details is not None:
        told["details"] = details
    return Response(_encode(told), status, headers, media_type=JSON)
