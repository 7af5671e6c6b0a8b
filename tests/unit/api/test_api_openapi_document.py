from datetime import datetime
from typing import Annotated, Any, ClassVar, TypedDict

import msgspec
import pytest
from msgspec import Meta

from magpie.api.openapi import Octets, document
from magpie.api.places import ACCOUNT, ROOT, version
from magpie.kit.record import Record
from magpie.kit.rest import (
    Call,
    Collection,
    Page,
    PageRequest,
    Param,
    Params,
    boolean,
    integer,
    text,
    texts,
)

AC = "/2010-04-01/Accounts/{AccountSid}"


class Bird(Record, frozen=True):
    sid: str
    born: datetime


class FindBirds(Params):
    name = Param("Name", text, doc="What it is called.")


class MakeBird(Params):
    name = Param("Name", text, required=True)
    eggs = Param("Eggs", integer(0, 9), default=2)
    flies = Param("Flies", boolean, default=True)
    songs = Param("Song", texts(most=3))


class Birds(Collection[Bird]):
    path: ClassVar[str] = "/Birds"
    key: ClassVar[str] = "birds"
    element: ClassVar[str] = "Bird"
    doc: ClassVar[str] = "What flies."
    filters: ClassVar[type[Params]] = FindBirds
    creating: ClassVar[type[Params]] = MakeBird
    files: ClassVar[dict[str, str]] = {"Picture": "How it looks."}
    headers: ClassVar[dict[str, str]] = {"Weather": "How it is."}
    examples: ClassVar[dict[str, dict[str, str]]] = {"create": {"Name": "Pica"}}

    async def list(self, call: Call, given: FindBirds, page: PageRequest) -> Page[Bird]:
        raise NotImplementedError

    async def create(self, call: Call, given: MakeBird) -> Bird:
        raise NotImplementedError

    async def fetch(self, call: Call, sid: str) -> Bird:
        raise NotImplementedError

    async def delete(self, call: Call, sid: str) -> None:
        raise NotImplementedError


class Feather(TypedDict):
    colour: str


class Feathers(Birds):
    path: ClassVar[str] = "/Birds/{BirdSid}/Plumage"
    key: ClassVar[str] = "feathers"

    def represent(self, record: Bird, call: Call) -> Feather:  # noqa: ARG002 - all are white
        return {"colour": "white"}


class NewEgg(msgspec.Struct):
    size: Annotated[float, Meta(ge=0)]
    spots: int = 0


class Egg(Collection[Bird]):
    path: ClassVar[str] = "/Egg"
    element: ClassVar[str] = "Egg"
    singleton: ClassVar[bool] = True
    reads_body: ClassVar[bool] = True
    update_methods: ClassVar[tuple[str, ...]] = ("POST", "PUT")
    bodies: ClassVar[dict[str, Any]] = {"update": NewEgg}
    fetching: ClassVar[type[Params]] = FindBirds
    sized: ClassVar[bool] = True

    async def fetch(self, call: Call, sid: str) -> Bird:
        raise NotImplementedError

    async def update(self, call: Call, sid: str, given: Params) -> Bird:
        raise NotImplementedError


class Silent(Birds):
    suffixes: ClassVar[tuple[str, ...] | None] = ("",)


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    hung = (
        (ACCOUNT, Birds()),
        (ACCOUNT, Feathers()),
        (version("magpie"), Birds()),
        (version("magpie"), Egg()),
        (ROOT, Silent()),
    )
    song = Octets("magpie", "/v1/Birds/{BirdSid}/Song", "FetchSong", "Fetch a song", "It sings.")
    return document(hung, [song], version="9.9", url="https://sms.example.org")


def form_of(operation: dict[str, Any], kind: str = "x-www-form-urlencoded") -> dict[str, Any]:
    content = operation["requestBody"]["content"]
    (found,) = (one["schema"] for name, one in content.items() if name.endswith(kind))
    schema: dict[str, Any] = found
    return schema


def test_it_says_what_it_is(told: dict[str, Any]) -> None:
    """Version, place, credentials, and a tag for each product."""
    assert told["openapi"].startswith("3.1")
    assert told["info"]["version"] == "9.9"
    assert told["servers"] == [{"url": "https://sms.example.org"}]
    assert told["security"] == [{"basic": []}]
    assert told["components"]["securitySchemes"]["basic"]["scheme"] == "basic"
    assert [tag["name"] for tag in told["tags"]] == ["api", "magpie"]


def test_paths_are_those_that_answer_json(told: dict[str, Any]) -> None:
    """With the suffix of the older dialect and the prefix of a product; XML is left out."""
    assert {path: sorted(verbs) for path, verbs in told["paths"].items()} == {
        f"{AC}/Birds.json": ["get", "post"],
        f"{AC}/Birds/{{Sid}}.json": ["delete", "get"],
        f"{AC}/Birds/{{BirdSid}}/Plumage.json": ["get", "post"],
        f"{AC}/Birds/{{BirdSid}}/Plumage/{{Sid}}.json": ["delete", "get"],
        "/magpie/v1/Birds": ["get", "post"],
        "/magpie/v1/Birds/{Sid}": ["delete", "get"],
        "/magpie/v1/Birds/{BirdSid}/Song": ["get"],
        "/magpie/v1/Egg": ["get", "post", "put"],
    }


def test_operations_are_called_by_verb_product_and_path(told: dict[str, Any]) -> None:
    """No two by the same name, though two collections may have the same element."""
    paths = told["paths"]
    assert paths[f"{AC}/Birds.json"]["get"]["operationId"] == "ListBirds"
    assert paths[f"{AC}/Birds.json"]["post"]["operationId"] == "CreateBird"
    assert paths["/magpie/v1/Birds/{Sid}"]["get"]["operationId"] == "FetchMagpieBird"
    plumage = paths[f"{AC}/Birds/{{BirdSid}}/Plumage.json"]
    assert plumage["post"]["operationId"] == "CreateBirdsPlumage"
    assert paths["/magpie/v1/Egg"]["put"]["operationId"] == "UpdateMagpieEggByPut"
    ids = [one["operationId"] for verbs in paths.values() for one in verbs.values()]
    assert len(ids) == len({*ids})


def test_summaries_are_sentences_of_a_verb(told: dict[str, Any]) -> None:
    """What one of many is, and what there is only one of."""
    birds, egg = told["paths"]["/magpie/v1/Birds"], told["paths"]["/magpie/v1/Egg"]
    assert (birds["get"]["summary"], birds["post"]["summary"]) == ("List birds", "Create a bird")
    assert egg["get"]["summary"] == "Fetch the egg"
    assert birds["get"]["description"] == "What flies."


def test_a_path_tells_its_parameters(told: dict[str, Any]) -> None:
    """Each is there, and says what stands for what."""
    found = told["paths"][f"{AC}/Birds/{{BirdSid}}/Plumage/{{Sid}}.json"]["get"]["parameters"]
    assert [(one["name"], one["in"], one["required"]) for one in found] == [
        ("AccountSid", "path", True),
        ("BirdSid", "path", True),
        ("Sid", "path", True),
    ]
    assert found[1]["description"] == "The SID of the bird."
    assert found[2]["description"] == "The SID of the bird."


def test_a_list_is_asked_by_its_query(told: dict[str, Any]) -> None:
    """Filters, then the pages that all lists have."""
    name, *pages = told["paths"]["/magpie/v1/Birds"]["get"]["parameters"]
    assert name == {
        "name": "Name",
        "in": "query",
        "required": False,
        "schema": {"type": "string"},
        "description": "What it is called.",
    }
    at = "#/components/parameters/"
    assert pages == [{"$ref": at + one} for one in ("PageSize", "Page", "PageToken")]


def test_a_fetch_may_have_a_query(told: dict[str, Any]) -> None:
    """And the size of a page, if it shows as many as one."""
    found = told["paths"]["/magpie/v1/Egg"]["get"]["parameters"]
    assert found[0]["name"] == "Name"
    assert [one["$ref"].rpartition("/")[2] for one in found[1:]] == ["PageSize"]


def test_a_form_tells_its_fields(told: dict[str, Any]) -> None:
    """Need, bounds and defaults; a file comes in a form of its own kind."""
    makes = told["paths"]["/magpie/v1/Birds"]["post"]
    form = form_of(makes)
    assert form["required"] == ["Name"]
    assert form["properties"]["Eggs"] == {
        "type": "integer",
        "minimum": 0,
        "maximum": 9,
        "default": 2,
    }
    assert form["properties"]["Flies"]["default"] is True
    assert form["properties"]["Song"]["maxItems"] == 3
    assert "Picture" not in form["properties"]
    assert form_of(makes, "form-data")["properties"]["Picture"]["description"] == "How it looks."
    assert makes["requestBody"]["required"]
    (example, _) = makes["requestBody"]["content"].values()
    assert example["example"] == {"Name": "Pica"}


def test_a_body_is_json_where_it_is_read_as_such(told: dict[str, Any]) -> None:
    """What a change leaves out stays as it is, so nothing is required of it."""
    body = form_of(told["paths"]["/magpie/v1/Egg"]["post"], "json")
    assert body["properties"]["size"] == {"type": "number", "minimum": 0}
    assert body["properties"]["spots"]["default"] == 0
    assert "required" not in body


def test_a_create_may_read_a_header(told: dict[str, Any]) -> None:
    """The other verbs do not."""
    birds = told["paths"]["/magpie/v1/Birds"]
    (weather,) = birds["post"]["parameters"]
    assert (weather["name"], weather["in"]) == ("Weather", "header")
    assert "Weather" not in str(birds["get"])


def test_octets_have_no_schema(told: dict[str, Any]) -> None:
    """They are what they are."""
    song = told["paths"]["/magpie/v1/Birds/{BirdSid}/Song"]["get"]
    assert song["responses"]["200"]["content"] == {"*/*": {}}
    assert [one["name"] for one in song["parameters"]] == ["BirdSid"]
    assert (song["tags"], song["description"]) == (["magpie"], "It sings.")


def test_answers_are_told(told: dict[str, Any]) -> None:
    """Success by its status with what is shown, and one form for all that goes wrong."""
    paths = told["paths"]
    made = paths["/magpie/v1/Birds"]["post"]["responses"]
    assert [*made] == ["201", "default"]
    shown = made["201"]["content"]["application/json"]["schema"]
    assert shown == {"$ref": "#/components/schemas/MagpieBird"}
    assert made["default"] == {"$ref": "#/components/responses/Problem"}
    assert [*paths["/magpie/v1/Birds/{Sid}"]["delete"]["responses"]] == ["204", "default"]
    problem = told["components"]["schemas"]["Problem"]
    assert problem["required"] == ["code", "message", "more_info", "status"]


def test_a_list_has_the_envelope_of_its_dialect(told: dict[str, Any]) -> None:
    """The older one beside the items, the newer one apart."""

    def names(path: str) -> list[str]:
        content = told["paths"][path]["get"]["responses"]["200"]["content"]
        return list(content["application/json"]["schema"]["properties"])

    assert names("/magpie/v1/Birds") == ["birds", "meta"]
    assert names(f"{AC}/Birds.json")[:3] == ["birds", "page", "page_size"]
    assert "next_page_uri" in names(f"{AC}/Birds.json")


def test_what_is_shown_alike_is_told_once(told: dict[str, Any]) -> None:
    """By its element and product; what looks otherwise under the same name, by its path."""
    schemas = told["components"]["schemas"]
    assert [*schemas] == ["Bird", "BirdsPlumage", "MagpieBird", "MagpieEgg", "Meta", "Problem"]
    assert schemas["Bird"]["properties"]["born"]["format"] == "date-time-rfc-2822"
    assert schemas["MagpieBird"]["properties"]["born"]["format"] == "date-time"
    assert [*schemas["BirdsPlumage"]["properties"]] == ["colour"]
