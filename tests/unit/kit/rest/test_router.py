from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from magpie.kit.rest import Failure, Format, NotAllowed, Router, problem

Ask = Callable[..., Awaitable[Any]]


def failure(wrong: Exception, request: Request, format: Format) -> Response:  # noqa: A002
    assert isinstance(wrong, Failure)
    allowed = ",".join(sorted(wrong.allowed)) if isinstance(wrong, NotAllowed) else ""
    return problem(wrong.status, wrong.code, wrong.message, allowed, format)


def route(path: str, *methods: str) -> Route:
    async def endpoint(request: Request) -> Response:
        values = " ".join(f"{name}={value}" for name, value in request.path_params.items())
        return PlainTextResponse(f"{path} {values}".strip())

    return Route(path, endpoint, methods=methods or ("GET",))


def router(**options: Any) -> Router:
    return Router(
        [
            route("/v1/Services"),
            route("/v1/Services", "POST"),
            route("/v1/Services/{Sid}", "GET", "DELETE"),
            route("/v1/Services/{ServiceSid}", "POST"),
            route("/v1/Services/Usecases"),
            route("/v1/Services/{ServiceSid}/PhoneNumbers/{Sid}"),
            route("/v1/Typing.json", "POST"),
            route("/old/{Sid}.json"),
            route("/old/{Sid}"),
            route("/only/{Sid}.json"),
        ],
        failure=failure,
        **options,
    )


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/v1/Services", "/v1/Services"),
        ("HEAD", "/v1/Services", "/v1/Services"),
        ("GET", "/v1/Services/Usecases", "/v1/Services/Usecases"),
        ("GET", "/v1/Services/MG1", "/v1/Services/{Sid} Sid=MG1"),
        ("GET", "/v1/Services/a.json", "/v1/Services/{Sid} Sid=a.json"),
        ("POST", "/v1/Services/MG1", "/v1/Services/{ServiceSid} ServiceSid=MG1"),
        (
            "GET",
            "/v1/Services/MG1/PhoneNumbers/PN1",
            "/v1/Services/{ServiceSid}/PhoneNumbers/{Sid} ServiceSid=MG1 Sid=PN1",
        ),
        ("POST", "/v1/Typing.json", "/v1/Typing.json"),
        ("GET", "/old/SM1.json", "/old/{Sid}.json Sid=SM1"),
        ("GET", "/old/a.b.json", "/old/{Sid}.json Sid=a.b"),
        ("GET", "/old/a.csv", "/old/{Sid} Sid=a.csv"),
        ("GET", "/old/.json", "/old/{Sid} Sid=.json"),
    ],
)
async def test_finds(ask: Ask, method: str, path: str, expected: str) -> None:
    """A path leads to the route of its segments, a literal one before a parameter."""
    answer = await ask(router(), method, path)
    assert answer.content.decode() == expected


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "",
        "/v1",
        "/v1/Services/",
        "/v1/Services//PhoneNumbers/PN1",
        "/v1/services",
        "/v1/Services/MG1/PhoneNumbers",
        "/only/SM1",
        "/only/SM1.xml",
        "/v1/Services/MG1/x/y/z",
    ],
)
async def test_finds_nothing(ask: Ask, path: str) -> None:
    """What is not there is not found, and the path is named."""
    answer = await ask(router(), "GET", path)
    assert (answer.status, answer.json["code"]) == (404, 20404)
    assert answer.json["message"] == f"The requested resource {path} was not found"


async def test_method_not_allowed(ask: Ask) -> None:
    """A path that is there says which methods it has, whichever route brought them."""
    answer = await ask(router(), "PUT", "/v1/Services/MG1")
    assert (answer.status, answer.json["code"]) == (405, 20004)
    assert answer.json["more_info"] == "DELETE,GET,HEAD,POST"


async def test_otherwise(ask: Ask) -> None:
    """Unknown paths, and all that is not HTTP, can be left to another application."""
    seen: list[str] = []

    async def otherwise(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["type"])
        if scope["type"] == "http":
            await PlainTextResponse("console")(scope, receive, send)

    app = router(otherwise=otherwise)
    assert (await ask(app, "GET", "/console")).content == b"console"
    assert (await ask(app, "GET", "/v1/Services")).content == b"/v1/Services"

    async def nothing(*_: Any) -> Any:
        raise AssertionError

    await app({"type": "lifespan"}, nothing, nothing)
    assert seen == ["http", "lifespan"]


async def test_root_path(ask: Ask) -> None:
    """A prefix that a server in front has taken is not part of the routes."""
    answer = await ask(router(), "GET", "/base/v1/Services", root_path="/base")
    assert answer.content == b"/v1/Services"


@pytest.mark.parametrize("path", ["/v1/Services", "/v1/{Sid:int}", "/a-{Sid}"])
def test_refused_routes(path: str) -> None:
    """Two routes for one request, and parameters in part of a segment, are refused at once."""
    with pytest.raises(ValueError, match=r"Services has two|not a whole"):
        router().add(route(path))
