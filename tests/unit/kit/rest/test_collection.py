# ruff: noqa: ARG002 - a verb has the signature of its kind
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, ClassVar

import msgspec
import pytest
from defusedxml.ElementTree import fromstring
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from magpie.kit.record import Record
from magpie.kit.rest import (
    V1,
    V2010,
    Call,
    Caller,
    Collection,
    Failure,
    Format,
    Mistake,
    Page,
    PageRequest,
    Param,
    Params,
    Router,
    Verb,
    problem,
    routes,
    text,
)

Ask = Callable[..., Awaitable[Any]]
AC = "AC" + "a" * 32
MOUNT = "/2010-04-01/Accounts/{AccountSid}"
HERE = f"/2010-04-01/Accounts/{AC}"
AT = datetime(2019, 5, 24, 17, 18, 27, tzinfo=UTC)


class Bird(Record, frozen=True):
    sid: str
    name: str
    from_: str | None = msgspec.field(name="from", default=None)
    date_created: datetime = AT
    date_seen: datetime | None = None
    secret: str = "s3cret"


class Naming(Params):
    name: str = Param("Name", text, required=True, missing=21604)


class Seen(Params):
    since: str | None = Param("DateSeen>", text)


class Birds(Collection[Bird]):
    path = "/Birds"
    key = "birds"
    element = "Bird"
    filters = Seen
    creating = Naming
    updating = Naming
    linked = True
    subresources: ClassVar = {"eggs": "Eggs", "best_egg": "Eggs/Best"}
    hidden = frozenset({"secret"})

    async def list(self, call: Call, given: Seen, page: PageRequest) -> Page[Bird]:
        birds = [Bird(f"BI{n}", given.since or "any") for n in range(5)]
        return Page.of(birds, page, self.cursor)

    async def create(self, call: Call, given: Naming) -> Bird:
        return Bird("BI9", given.name, call.account_sid)

    async def fetch(self, call: Call, sid: str) -> Bird:
        if sid != "BI1":
            raise call.not_found()
        return Bird(sid, "Pica")

    async def update(self, call: Call, sid: str, given: Naming) -> Bird:
        return Bird(sid, given.name)

    async def delete(self, call: Call, sid: str) -> None:
        assert sid == "BI1"


class Eggs(Collection[Bird]):
    path = "/Birds/{BirdSid}/Eggs"
    key = "eggs"
    element = "Egg"
    created_status = 200

    async def create(self, call: Call, given: Params) -> Bird:
        return Bird("EG1", call.path["BirdSid"])


class Settings(Collection[Bird]):
    path = "/Settings"
    key = "settings"
    element = "Settings"
    singleton = True
    linked = True
    reads_body = True
    update_methods = ("POST", "PUT")

    async def fetch(self, call: Call, sid: str) -> Bird:
        return Bird(sid, "all")

    async def update(self, call: Call, sid: str, given: Params) -> Bird:
        return Bird(sid, call.body.decode())

    def beside(self, record: Bird) -> dict[str, object]:
        return {"asked": record.name}


async def authorize(request: Request) -> Caller:
    if "authorization" not in request.headers:
        raise PermissionError
    return Caller(request.path_params.get("AccountSid", AC), principal="me")


def failure(wrong: Exception, request: Request, format: Format) -> Response:  # noqa: A002
    if isinstance(wrong, Failure):
        return problem(wrong.status, wrong.code, wrong.message, "x", format)
    if isinstance(wrong, Mistake):
        return problem(400, wrong.code, str(wrong), "x", format)
    return problem(401, 20003, "Authenticate", "x", format)


def app(**options: Any) -> Router:
    common: Any = {"authorize": authorize, "failure": failure} | options
    made = [
        route
        for collection in (Birds(), Eggs(), Settings())
        for route in (
            *routes(collection, V2010, mount=MOUNT, **common),
            *routes(collection, V1, mount="/v1", prefix="/aviary", **common),
        )
    ]
    return Router(made, failure=failure)


@pytest.fixture
def call(ask: Ask) -> Ask:
    async def call(method: str, target: str, *args: Any, **options: Any) -> Any:
        return await ask(app(), method, target, *args, headers={"authorization": "x"}, **options)

    return call


async def test_create(call: Ask) -> None:
    """What is created comes back with 201, links and dates in the old way."""
    answer = await call("POST", f"{HERE}/Birds.json", [("Name", "Pica")])
    assert answer.status == 201
    assert answer.headers["content-type"] == "application/json"
    assert answer.json == {
        "sid": "BI9",
        "name": "Pica",
        "from": AC,
        "date_created": "Fri, 24 May 2019 17:18:27 +0000",
        "date_seen": None,
        "uri": f"{HERE}/Birds/BI9.json",
        "subresource_uris": {
            "eggs": f"{HERE}/Birds/BI9/Eggs.json",
            "best_egg": f"{HERE}/Birds/BI9/Eggs/Best.json",
        },
    }


async def test_the_other_dialect(call: Ask) -> None:
    """The same collection in a newer API has ISO dates and absolute links with the prefix."""
    answer = await call("GET", "/aviary/v1/Birds/BI1")
    base = "https://sms.example.org/aviary/v1/Birds/BI1"
    assert answer.json["date_created"] == "2019-05-24T17:18:27Z"
    assert answer.json["url"] == base
    assert answer.json["links"] == {"eggs": f"{base}/Eggs", "best_egg": f"{base}/Eggs/Best"}


async def test_fetch_in_xml(call: Ask) -> None:
    """Without a suffix, and with .xml, the old API answers in XML."""
    for suffix in ("", ".xml"):
        answer = await call("GET", f"{HERE}/Birds/BI1{suffix}")
        (bird,) = fromstring(answer.content)
        assert bird.findtext("Name") == "Pica"
        assert bird.findtext("Uri") == f"{HERE}/Birds/BI1"
        assert bird.findtext("SubresourceUris/Eggs") == f"{HERE}/Birds/BI1/Eggs"


async def test_list(call: Ask) -> None:
    """A list gives its filters to the collection and repeats them in its links."""
    answer = await call("GET", f"{HERE}/Birds.json?DateSeen%3E=2008&PageSize=2")
    assert answer.status == 200
    assert [bird["name"] for bird in answer.json["birds"]] == ["2008", "2008"]
    begin = f"{HERE}/Birds.json?DateSeen%3E=2008&PageSize=2"
    assert answer.json["next_page_uri"] == f"{begin}&Page=1&PageToken=PABI1"
    following = await call("GET", answer.json["next_page_uri"])
    assert [bird["sid"] for bird in following.json["birds"]] == ["BI2", "BI3"]


async def test_list_in_xml(call: Ask) -> None:
    """The list element carries the paging."""
    answer = await call("GET", f"{HERE}/Birds?PageSize=2")
    (birds,) = fromstring(answer.content)
    assert [bird.findtext("Sid") for bird in birds] == ["BI0", "BI1"]
    assert birds.get("pagesize") == "2"
    assert birds.get("nextpageuri") == f"{HERE}/Birds?PageSize=2&Page=1&PageToken=PABI1"
    assert birds.get("previouspageuri") == ""


async def test_list_of_the_other_dialect(call: Ask) -> None:
    """Links between pages of a newer API are absolute."""
    answer = await call("GET", "/aviary/v1/Birds?PageSize=4")
    first = "https://sms.example.org/aviary/v1/Birds?PageSize=4"
    assert answer.json["meta"]["key"] == "birds"
    assert answer.json["meta"]["next_page_url"] == f"{first}&Page=1&PageToken=PABI3"


async def test_update_and_delete(call: Ask) -> None:
    """An update answers with the record, a deletion with nothing."""
    updated = await call("POST", f"{HERE}/Birds/BI1.json", [("Name", "Corvus")])
    assert (updated.status, updated.json["name"]) == (200, "Corvus")
    deleted = await call("DELETE", f"{HERE}/Birds/BI1.json")
    assert (deleted.status, deleted.content) == (204, b"")


async def test_nested(call: Ask) -> None:
    """A collection below another one knows whose it is and may have a status of its own."""
    answer = await call("POST", f"{HERE}/Birds/BI7/Eggs.json", [])
    assert (answer.status, answer.json["name"]) == (200, "BI7")


async def test_singleton(call: Ask) -> None:
    """A singleton is fetched and updated at its own path, and may read its body itself."""
    fetched = await call("GET", f"{HERE}/Settings.json")
    assert fetched.json["uri"] == f"{HERE}/Settings.json"
    assert fetched.json["asked"] == "all"  # what is shown beside the record
    for method in ("POST", "PUT"):
        updated = await call(method, "/aviary/v1/Settings", body=b'{"a": 1}')
        assert updated.json["name"] == '{"a": 1}'


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", f"{HERE}/Birds/BI2.json", 404, 20404),
        ("GET", f"{HERE}/Worms.json", 404, 20404),
        ("GET", f"{HERE}/birds.json", 404, 20404),
        ("GET", "/v1/Birds", 404, 20404),
        ("GET", "/aviary/v1/Birds.json", 404, 20404),
        ("GET", f"{HERE}/Birds/BI1\0.json", 404, 20404),
        ("GET", f"{HERE}/Birds/BI1/Eggs.json", 405, 20004),
        ("DELETE", f"{HERE}/Birds.json", 405, 20004),
        ("PUT", f"{HERE}/Birds/BI1.json", 405, 20004),
        ("POST", f"{HERE}/Birds.json", 400, 21604),
        ("GET", f"{HERE}/Birds.json?PageSize=1001", 400, 20007),
        ("GET", f"{HERE}/Birds.json?PageToken=x", 400, 21481),
        ("GET", f"{HERE}/Birds.json?To=%00", 400, 20422),
    ],
)
async def test_failures(call: Ask, method: str, path: str, status: int, code: int) -> None:
    """Each wrong request has its status and its code, and names the path that was not found."""
    answer = await call(method, path)
    assert (answer.status, answer.json["code"]) == (status, code)
    if status == 404:
        expected = f"The requested resource {path} was not found"
        assert answer.json["message"] == expected


async def test_failures_in_xml(call: Ask) -> None:
    """A failure is written in the format that the path asks for."""
    for path in (f"{HERE}/Birds/BI2", f"{HERE}/Worms"):
        answer = await call("GET", path)
        assert fromstring(answer.content).findtext("RestException/Code") == "20404"


async def test_nobody_is_read_before_he_is_known(ask: Ask) -> None:
    """Credentials are asked for before the body or the query is looked at."""
    for target, form in ((f"{HERE}/Birds.json", []), (f"{HERE}/Birds.json?PageSize=0", None)):
        answer = await ask(app(), "POST" if form is not None else "GET", target, form)
        assert (answer.status, answer.json["code"]) == (401, 20003)


async def test_around(ask: Ask) -> None:
    """Something may stand between a call and its verb, and answer in its place."""

    async def around(call: Call, verb: Verb) -> Response:
        answer = await verb(call)
        return PlainTextResponse(f"{call.principal} {answer.status_code}", 202)

    asked = (f"{HERE}/Birds.json", [("Name", "Pica")])
    answer = await ask(app(around=around), "POST", *asked, headers={"authorization": "x"})
    assert (answer.status, answer.content) == (202, b"me 201")


async def test_base_url_of_the_caller(ask: Ask) -> None:
    """The application can say under which address its callers know it."""

    async def known(request: Request) -> Caller:
        return Caller(AC, base_url="https://aviary.example.com")

    answer = await ask(app(authorize=known), "GET", "/aviary/v1/Birds/BI1")
    assert answer.json["url"] == "https://aviary.example.com/v1/Birds/BI1"


async def test_paths_in_links_are_quoted(call: Ask) -> None:
    """What a path parameter holds cannot break out of a link."""
    answer = await call("POST", "/aviary/v1/Birds/a b?c#d", [("Name", "x")])
    assert answer.json["url"].endswith("/v1/Birds/a%20b")
