"""The one place where an exception becomes an answer."""

import traceback
from collections.abc import Mapping
from typing import Final

import msgspec
import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from magpie.api.visit import Visit
from magpie.errors import Refused, more_info, status_of, text_of
from magpie.kit.db import DatabaseUnavailable, Overloaded
from magpie.kit.rest import Failure, Format, Mistake, NotAllowed, problem, xml

_AUTHENTICATE, _TOO_MANY, _INTERNAL, _UNAVAILABLE = 20003, 20429, 20500, 20503
_CHALLENGE: Final = {"WWW-Authenticate": 'Basic realm="Twilio API"'}
_UNAUTHORIZED, _GONE = 401, 499
_SECONDS: Final = {_UNAVAILABLE: 2, _TOO_MANY: 1}

_log = structlog.get_logger()


def answer(wrong: Exception, request: Request, format: Format) -> Response:  # noqa: A002
    match wrong:
        case Refused():
            return _refused(wrong, format)
        case Mistake() | Failure():
            return _mistaken(wrong, format)
        case DatabaseUnavailable() | TimeoutError():
            return _later(_UNAVAILABLE, format)
        case Overloaded():
            return _later(_TOO_MANY, format)
        case ClientDisconnect():
            return Response(status_code=_GONE)  # nobody reads it
    _tell(wrong, request)
    return _problem(status_of(_INTERNAL), _INTERNAL, text_of(_INTERNAL), format)


def _mistaken(wrong: Mistake | Failure, format: Format) -> Response:  # noqa: A002
    if isinstance(wrong, Mistake):
        message = f"{text_of(wrong.code)} {wrong.name} {wrong.why}."
        return _problem(status_of(wrong.code), wrong.code, message, format)
    allowed = {"Allow": ", ".join(wrong.allowed)} if isinstance(wrong, NotAllowed) else None
    return _problem(wrong.status, wrong.code, wrong.message, format, allowed)


def _refused(wrong: Refused, format: Format) -> Response:  # noqa: A002
    if wrong.status == _UNAUTHORIZED:
        return _challenge(wrong, format)
    seconds = getattr(wrong, "retry_after", None)
    return problem(
        wrong.status,
        wrong.code,
        wrong.message,
        wrong.more_info,
        format,
        details=wrong.details,
        headers={"Retry-After": str(seconds)} if seconds else None,
    )


def _challenge(wrong: Refused, format: Format) -> Response:  # noqa: A002
    """With a `detail` beside the rest, as the SDKs' recordings have it."""
    told = {
        "code": wrong.code,
        "detail": getattr(wrong, "detail", wrong.message),
        "message": wrong.message,
        "more_info": wrong.more_info,
        "status": wrong.status,
    }
    if format == "xml":
        body, kind = xml.document("RestException", told), "application/xml"
    else:
        body, kind = msgspec.json.encode(told), "application/json"
    return Response(body, wrong.status, _CHALLENGE, media_type=kind)


def _later(code: int, format: Format) -> Response:  # noqa: A002
    headers = {"Retry-After": str(_SECONDS[code])}
    return _problem(status_of(code), code, text_of(code), format, headers)


def _problem(
    status: int,
    code: int,
    message: str,
    format: Format,  # noqa: A002
    headers: Mapping[str, str] | None = None,
) -> Response:
    return problem(status, code, message, more_info(code), format, headers=headers)


def _tell(wrong: Exception, request: Request) -> None:
    """Where it happened, but neither the exception's text nor the path: both may hold values."""
    visit, route = Visit.of(request.scope), request.scope.get("route")
    _log.error(
        "request failed",
        request_id=visit.id if visit else None,
        method=request.scope["method"],
        route=getattr(route, "path", None),
        error=type(wrong).__qualname__,
        trace=[
            f"{frame.filename}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(wrong.__traceback__)
        ],
    )
