"""The reference, made of a description alone."""

from typing import Any, Final

import pytest

from magpie.console.reference import Reference

JSON: Final = "application/json"
FORM: Final = "application/x-www-form-urlencoded"
TEXT: Final = {"type": "string"}
PAGE: Final = {"name": "Page", "in": "query", "schema": {"type": "integer", "default": 0}}
SID: Final = {"name": "Sid", "in": "path", "required": True, "schema": TEXT, "description": "It."}
BIRD: Final = {"type": "object", "properties": {"sid": TEXT, "age": TEXT}, "required": ["sid"]}
SHOWN: Final = {"$ref": "#/components/schemas/Bird"}
MADE: Final[dict[str, Any]] = {
    "properties": {"Name": TEXT, "Eggs": {"type": "integer"}},
    "required": ["Name"],
}


def answer(schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": "", "content": {JSON: {"schema": schema}}}


def of(id_: str, product: str = "api", **more: Any) -> dict[str, Any]:
    told = {"operationId": id_, "tags": [product], "summary": f"{id_} it", "responses": {"204": {}}}
    return told | more


DOCUMENT: Final[dict[str, Any]] = {
    "servers": [{"url": "https://sms.example.org"}],
    "tags": [{"name": "api", "description": "The old one."}, {"name": "own"}],
    "paths": {
        "/Accounts/{AccountSid}/Birds.json": {
            "get": of(
                "List",
                parameters=[{"$ref": "#/components/parameters/Page"}],
                responses={
                    "200": answer(
                        {"properties": {"birds": {"type": "array", "items": SHOWN}, "page": TEXT}}
                    )
                },
            ),
            "post": of(
                "Create",
                requestBody={
                    "content": {
                        FORM: {"schema": MADE},
                        "multipart/form-data": {
                            "schema": MADE | {"properties": {**MADE["properties"], "File": TEXT}}
                        },
                    }
                },
                responses={"201": answer(SHOWN)},
            ),
        },
        "/own/Birds/{Sid}": {
            "put": of(
                "Replace",
                "own",
                parameters=[SID],
                requestBody={"content": {JSON: {"schema": BIRD, "example": {"sid": "it's"}}}},
            ),
            "delete": of("Delete", "own", parameters=[SID]),
        },
    },
    "components": {"parameters": {"Page": PAGE}, "schemas": {"Bird": BIRD}},
}
REFERENCE: Final = Reference.of(DOCUMENT)
LISTS, CREATES, REPLACES, DELETES = REFERENCE.operations.values()


def test_a_list_tells_what_is_in_it() -> None:
    """References are followed, and the envelope is left out."""
    assert (LISTS.method, LISTS.path) == ("GET", "/Accounts/{AccountSid}/Birds.json")
    (page,) = LISTS.rows
    assert (page.name, page.place, page.default, page.required) == ("Page", "query", "0", False)
    assert LISTS.answer.listed == "birds"
    assert [(row.name, row.required) for row in LISTS.answer.rows] == [
        ("sid", True),
        ("age", False),
    ]


def test_a_form_tells_its_fields() -> None:
    """Files among them, which come in a form of another kind."""
    assert CREATES.sends == "form"
    assert [(row.name, row.required) for row in CREATES.rows] == [
        ("Name", True),
        ("Eggs", False),
        ("File", False),
    ]
    assert (CREATES.answer.status, CREATES.answer.listed) == ("201", "")


@pytest.mark.parametrize(
    ("one", "lines"),
    [
        (
            LISTS,
            [
                'curl "https://sms.example.org/Accounts/$TWILIO_ACCOUNT_SID/Birds.json"',
                '  -u "$TWILIO_ACCOUNT_SID:$TWILIO_AUTH_TOKEN"',
            ],
        ),
        (CREATES, ['  --data-urlencode "Name=$Name"']),
        (
            REPLACES,
            [
                'curl -X PUT "https://sms.example.org/own/Birds/$Sid"',
                "  -H 'Content-Type: application/json'",
                """  -d '{"sid": "it'"'"'s"}'""",
            ],
        ),
        (DELETES, ['curl -X DELETE "https://sms.example.org/own/Birds/$Sid"']),
    ],
)
def test_a_line_of_curl_does_it(one: Any, lines: list[str]) -> None:
    """Credentials come from the environment; so does what only the reader knows."""
    assert set(lines) <= set(one.curl.split(" \\\n"))


def test_an_answer_without_a_body() -> None:
    """Nothing is told of what is not there."""
    assert (DELETES.answer.status, DELETES.answer.rows) == ("204", ())
    assert not DELETES.answer.octets


def test_products_say_what_they_are() -> None:
    """Some say nothing."""
    assert REFERENCE.products == {"api": "The old one.", "own": ""}


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("", {"api": ["List", "Create"], "own": ["Replace", "Delete"]}),
        ("birds eggs", {"api": ["Create"]}),
        ("PUT", {"own": ["Replace"]}),
        ("pigeon", {}),
    ],
)
def test_all_words_are_looked_for(asked: str, names: dict[str, list[str]]) -> None:
    """In paths, verbs, summaries and names of parameters, by product."""
    every = REFERENCE.found(asked)
    assert {product: [one.id for one in some] for product, some in every.items()} == names
