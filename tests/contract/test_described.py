"""What our own description says is what the platform does."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Final
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from tests.contract import ours
from tests.contract.conform import found
from tests.contract.described import URL, Told, closed, description, operations
from tests.contract.drive import Answer, Answers
from tests.contract.whole import whole
from tests.sdk.world import PICTURE, Platform, serving

from magpie.api.openapi.shared import reference
from magpie.api.openapi.verbs import Hung
from magpie.app import faces
from magpie.console.reference import Operation, Reference

TOLD: Final = operations()
OF_OWN: Final = sorted(id_ for id_, one in TOLD.items() if not one.path.startswith("/2010-04-01"))
PUBLISHED: Final = sorted(TOLD.keys() - set(OF_OWN))


@pytest.fixture(scope="session")
def own(platform: Platform, answers: Answers) -> Mapping[str, Sequence[Answer]]:
    """After the published operations, which count what they find."""
    assert answers.by_key
    with serving(platform.auth[1]) as customer:
        return whole(platform, customer)


def test_it_is_valid() -> None:
    """As OpenAPI 3.1, by its own schema and rules."""
    assert [error.message for error in OpenAPIV31SpecValidator(description()).iter_errors()] == []


def test_it_is_served_as_it_was_made(platform: Platform) -> None:
    """Without credentials, and with the address of the platform that serves it."""
    with urlopen(f"{platform.base}/openapi.json", timeout=20) as answer:
        served = platform.ask("/openapi.json")
        assert answer.headers["Content-Type"] == "application/json"
    assert served.pop("servers") == [{"url": platform.base}]
    assert served["info"].pop("version")
    told = {name: one for name, one in description().items() if name != "servers"}
    told["info"] = {name: one for name, one in told["info"].items() if name != "version"}
    assert description()["servers"] == [{"url": URL}]
    assert served == told


@pytest.mark.parametrize(
    "one",
    [Hung(*each) for each in ours.recorded().hung],
    ids=lambda one: type(one.collection).__name__,
)
def test_every_resource_has_a_sentence(one: Hung) -> None:
    """A person reads it: it begins like one and ends like one."""
    assert _is_sentence(one.collection.doc)


@pytest.mark.parametrize(
    "one", Reference.of(description()).operations.values(), ids=lambda one: one.id
)
def test_every_parameter_has_a_sentence(one: Operation) -> None:
    """What each is for, in words of our own."""
    assert [row.name for row in one.rows if not _is_sentence(row.doc)] == []


def _is_sentence(text: str) -> bool:
    return text[:1].isupper() and text.endswith(".")


def test_examples_are_what_is_read() -> None:
    """Each is right by the schema beside it; texts stand for what a form has as texts."""
    posted = [
        (operation["operationId"], kind, body)
        for item in description()["paths"].values()
        for operation in item.values()
        for kind, body in operation.get("requestBody", {}).get("content", {}).items()
        if "example" in body
    ]
    assert {"CreateMessage", "CreateSimulatorCarrier"} <= {id_ for id_, _, _ in posted}
    for id_, kind, body in posted:
        if kind == "application/json":
            assert found(closed(body["schema"]), body["example"]) == [], id_
        else:
            assert body["example"].keys() <= body["schema"]["properties"].keys(), id_
            assert body["example"].keys() >= set(body["schema"].get("required", ())), id_


def test_it_tells_all_that_is_published() -> None:
    """Each operation of the published API that is served is in our own description."""
    assert {TOLD[id_].key for id_ in PUBLISHED} == ours.offered().keys()


@pytest.mark.parametrize("id_", PUBLISHED)
def test_published_operations_answer_as_we_say(answers: Answers, id_: str) -> None:
    """Status and every property, no more and no less."""
    told = TOLD[id_]
    assert answers.by_key.get(told.key), "was never asked"
    for answer in answers.by_key[told.key]:
        assert told.mistakes(answer.status, answer.body) == []


@pytest.mark.parametrize("id_", OF_OWN)
def test_operations_of_our_own_answer_as_we_say(
    own: Mapping[str, Sequence[Answer]], id_: str
) -> None:
    """Status and every property, no more and no less."""
    assert own.get(id_), "was never asked"
    for answer in own[id_]:
        assert TOLD[id_].mistakes(answer.status, answer.body) == []


def test_octets_are_fetched_where_we_say(
    platform: Platform, own: Mapping[str, Sequence[Answer]]
) -> None:
    """A medium of a message, and a part of it on the phone."""
    media = own["ListMagpieMessagesMedia"][-1].body["media"][0]
    part = next(one for one in platform.handset() if one["type"] == "mms")["parts"][0]
    for octets, url in ((faces.MEDIUM, media["url"]), (faces.PART, part["url"])):
        pattern = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(octets.whole))
        assert re.fullmatch(re.escape(platform.base) + pattern, url), url
        status, _, content = platform.raw(url)
        assert (status, content) == (200, PICTURE)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/magpie/v1/Lanes/nobody", 404),
        ("/magpie/v1/Alerts?Level=loud", 400),
        ("/2010-04-01/Accounts.json?PageSize=0", 400),
        ("/messaging/v1/Services/Usecases/1", 404),
    ],
)
def test_failures_answer_as_we_say(platform: Platform, path: str, status: int) -> None:
    """Wrong values and what is not there have one form."""
    told = Told("", "GET", path, status, reference("Problem"), None)
    answered, _, content = platform.raw(path)
    assert told.mistakes(answered, json.loads(content)) == []


def test_who_may_not_ask_is_told_in_the_same_form(platform: Platform) -> None:
    """With one word more."""
    told = Told("", "GET", "", 401, reference("Problem"), None)
    with pytest.raises(HTTPError) as refused:
        urlopen(f"{platform.base}/magpie/v1/Lanes", timeout=20)
    assert told.mistakes(refused.value.code, json.loads(refused.value.read())) == []


def test_what_is_not_told_is_found() -> None:
    """A property too many, one too few, another type, a time in another form: all are wrong."""
    told = TOLD["FetchMagpieSettings"]
    right = {"account_sid": "AC", "mms_converter": True, "convert_refused": False, "url": "/x"}
    assert told.mistakes(200, right) == []
    assert told.mistakes(200, right | {"more": 1})
    assert told.mistakes(200, {"account_sid": "AC"})
    assert told.mistakes(200, right | {"mms_converter": "yes"})
    assert told.mistakes(404, right)
    assert TOLD["DeleteMagpieEsme"].mistakes(204, right)
    expires = {"url": "/x", "date_expires": "Thu, 30 Jul 2015 20:12:31 +0000"}
    assert TOLD["CreateMagpieSignInLink"].mistakes(201, expires)
