import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pytest
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from magpie.api import failures
from magpie.api.base_url import Outside
from magpie.api.front import Front, product_of
from magpie.api.health import Health, Probes
from magpie.api.limits import MOST_BODY, Concurrency
from magpie.kit.rest import Router

Ask = Callable[..., Awaitable[Any]]


@pytest.mark.parametrize(
    ("path", "host", "product", "prefix"),
    [
        ("/2010-04-01/Accounts", "localhost", "api", ""),
        ("/2010-04-01/Accounts", "messaging.twilio.com", "api", ""),
        ("/api/2010-04-01/Accounts", "localhost", "api", "/api"),
        ("/messaging/v1/Services", "localhost", "messaging", "/messaging"),
        ("/messaging/v1/Services", "lookups.twilio.com", "messaging", "/messaging"),
        ("/v1/Services", "messaging.twilio.com", "messaging", ""),
        ("/v1/Services", "messaging.us1.twilio.com", "messaging", ""),
        ("/v1/Services", "Conversations.sms.example.org:8000", "conversations", ""),
        ("/v1/Services", "localhost", "?", ""),
        ("/v1/Carriers", "magpie.example.org", "?", ""),
        ("/magpie/v1/Carriers", "localhost", "magpie", "/magpie"),
        ("/simulator/v1/Handsets", "localhost", "simulator", "/simulator"),
        ("/carriers/v1/north/reports", "localhost", "carriers", "/carriers"),
        ("/simulator/handsets", "localhost", "", ""),
        ("/inbox", "messaging.twilio.com", "", ""),
        ("/", "api.twilio.com", "", ""),
    ],
)
def test_product(path: str, host: str, product: str, prefix: str) -> None:
    """A prefix names a product; a host does where the path begins with a version."""
    first, second = [*path.split("/")[1:], ""][:2]
    asked = product_of(first, second, host.encode())
    assert (asked.product, asked.prefix) == (product, prefix)


async def _well() -> Mapping[str, str]:
    return {}


async def _echo(scope: Scope, receive: Receive, send: Send) -> None:
    message = await receive()
    while message.get("more_body"):
        message = await receive()
    await Response(scope["path"], media_type="text/x-echo")(scope, receive, send)


async def _broken(scope: Scope, receive: Receive, send: Send) -> None:
    raise RuntimeError("the secret is sesame")


def _front(health: Health = _well, otherwise: ASGIApp | None = None) -> Front:
    return Front(
        {"api": _echo, "messaging": _echo, "lookups": _broken},
        Router((), failure=failures.answer),
        outside=Outside(None),
        concurrency=Concurrency(10),
        alone=dict.fromkeys(Probes.paths, Probes(health)),
        otherwise=otherwise,
    )


@pytest.mark.parametrize(
    ("path", "host", "inner"),
    [
        ("/messaging/v1/Services", "localhost", "/v1/Services"),
        ("/v1/Services", "messaging.twilio.com", "/v1/Services"),
        ("/api/2010-04-01/Accounts.json", "localhost", "/2010-04-01/Accounts.json"),
    ],
)
async def test_prefix_is_taken_off(ask: Ask, path: str, host: str, inner: str) -> None:
    """A product sees the same path however it was asked for."""
    answer = await ask(_front(), path, headers={"host": host})
    assert answer.content.decode() == inner


async def test_stamps(ask: Ask) -> None:
    """Every answer has a number of its own and says how long it took."""
    one, other = [await ask(_front(), "/2010-04-01/Accounts") for _ in range(2)]
    assert re.fullmatch(r"RQ[0-9a-f]{32}", one.headers["twilio-request-id"])
    assert re.fullmatch(r"[0-9]+\.[0-9]{3}", one.headers["twilio-request-duration"])
    assert one.headers["twilio-request-id"] != other.headers["twilio-request-id"]


@pytest.mark.parametrize(
    "path", ["/faxes/v1/Faxes", "/trusthub/v1/X", "/v1/Services", "/v2", "/", ""]
)
async def test_nothing_there(ask: Ask, path: str) -> None:
    """What we do not offer is not found, in the form that the SDKs read."""
    answer = await ask(_front(), path)
    assert (answer.status, answer.json["code"], answer.json["status"]) == (404, 20404, 404)
    assert answer.json["message"].startswith("The requested resource ")


async def test_otherwise(ask: Ask) -> None:
    """Pages that are no product's belong to another application, which sees their whole path."""
    front = _front(otherwise=_echo)
    assert (await ask(front, "/inbox/1")).content == b"/inbox/1"
    assert (await ask(front, "/v1/Services")).status == 404
    assert (await ask(front, "/livez")).content == b"ok\n"


async def test_unforeseen(ask: Ask, capsys: pytest.CaptureFixture[str]) -> None:
    """A fault of ours is told with its place, and its text is neither answered nor logged."""
    answer = await ask(_front(), "/lookups/v2/PhoneNumbers/+15558675310")
    assert (answer.status, answer.json["code"]) == (500, 20500)
    logged = capsys.readouterr()
    assert "RuntimeError" in logged.out + logged.err
    assert "sesame" not in answer.content.decode() + logged.out + logged.err
    assert "5310" not in logged.out + logged.err


async def test_body_that_says_it_is_too_large(ask: Ask) -> None:
    """A body is refused by its length before any of it is read."""
    length = {"content-length": str(MOST_BODY + 1)}
    answer = await ask(_front(), "/2010-04-01/A.json", method="POST", chunks=(), headers=length)
    assert (answer.status, answer.json["code"]) == (413, 20413)


async def test_body_that_does_not_say_how_large_it_is(ask: Ask) -> None:
    """A body in chunks is counted while it comes."""
    chunks = (b"x" * MOST_BODY, b"x")
    headers = {"transfer-encoding": "chunked"}
    whole = await ask(_front(), "/2010-04-01/A.json", chunks=chunks[:1], headers=headers)
    cut = await ask(_front(), "/2010-04-01/A.json", chunks=chunks, headers=headers)
    assert (whole.status, cut.status) == (200, 413)


async def test_ready(ask: Ask) -> None:
    """Readiness tells what is missing; liveness does not ask."""

    async def ill() -> Mapping[str, str]:
        return {"database": "away"}

    assert (await ask(_front(), "/readyz")).json == {"ready": True, "problems": {}}
    answer = await ask(_front(ill), "/readyz")
    assert (answer.status, answer.json["problems"]) == (503, {"database": "away"})
    assert (await ask(_front(ill), "/livez")).status == 200
    assert (await ask(_front(), "/livez", method="POST")).status == 405


async def test_metrics(ask: Ask) -> None:
    """Requests are counted by product, method and status."""
    await ask(_front(), "/messaging/v1/Services", method="PATCH")
    answer = await ask(_front(), "/metrics")
    assert (
        'http_request_seconds_count{method="PATCH",product="messaging",status="200"}'
        in answer.content.decode()
    )
