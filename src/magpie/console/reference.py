"""The reference of the API, as a page shows it: made of its description alone. Pure."""

import json
import shlex
from collections.abc import Iterator, Mapping
from typing import Any, Final, Self

import msgspec

from magpie.console.kinds import fields, told

Document = Mapping[str, Any]

_FORM: Final = "application/x-www-form-urlencoded"
_JSON: Final = "application/json"
_ACCOUNT: Final = ("{AccountSid}", "$TWILIO_ACCOUNT_SID")
_WHO: Final = '  -u "$TWILIO_ACCOUNT_SID:$TWILIO_AUTH_TOKEN"'


class Row(msgspec.Struct, frozen=True):
    """A parameter or a field; `place` says where a parameter stands."""

    name: str
    kind: str
    required: bool
    doc: str = ""
    default: str = ""
    place: str = ""


class Answer(msgspec.Struct, frozen=True):
    """`listed` is the name under which a page of them stands; `octets` are no JSON at all."""

    status: str
    rows: tuple[Row, ...]
    listed: str
    octets: bool


class Operation(msgspec.Struct, frozen=True):
    """`sends` is how its body is written."""

    id: str
    product: str
    method: str
    path: str
    summary: str
    doc: str
    sends: str
    rows: tuple[Row, ...]
    answer: Answer
    curl: str


class Reference(msgspec.Struct, frozen=True):
    """Operations by their ids, and what is said of each product."""

    operations: Mapping[str, Operation]
    products: Mapping[str, str]

    @classmethod
    def of(cls, document: Document) -> Self:
        products = {tag["name"]: tag.get("description", "") for tag in document["tags"]}
        return cls({one.id: one for one in _operations(document)}, products)

    def found(self, asked: str) -> dict[str, list[Operation]]:
        """Those that have all the words somewhere, by product."""
        words = asked.lower().split()
        by_product: dict[str, list[Operation]] = {}
        for one in self.operations.values():
            text = _text(one)
            if all(word in text for word in words):
                by_product.setdefault(one.product, []).append(one)
        return by_product


def _operations(document: Document) -> Iterator[Operation]:
    base = document["servers"][0]["url"]
    for path, item in document["paths"].items():
        for method, one in item.items():
            yield _operation(document, base, method, path, one)


def _text(one: Operation) -> str:
    names = " ".join(row.name for row in one.rows)
    return f"{one.product} {one.method} {one.path} {one.id} {one.summary} {names}".lower()


def _operation(document: Document, base: str, method: str, path: str, one: Document) -> Operation:
    sends, content = _content(one)
    given = [_resolved(document, each) for each in one.get("parameters", ())]
    rows = [*map(_parameter, given), *_rows(content.get("schema", {}), "body")]
    return Operation(
        id=one["operationId"],
        product=one["tags"][0],
        method=method.upper(),
        path=path,
        summary=one["summary"],
        doc=one.get("description", ""),
        sends=sends,
        rows=tuple(rows),
        answer=_answer(document, one),
        curl=_curl(base + path, method.upper(), sends, content),
    )


def _content(one: Document) -> tuple[str, Document]:
    """The body as most write it, and the schema of all that it may hold."""
    content = one.get("requestBody", {}).get("content", {})
    if _JSON in content:
        return "JSON", content[_JSON]
    with_files = next((each for kind, each in content.items() if kind != _FORM), None)
    form = content.get(_FORM, {})
    return ("form" if form else ""), {
        **form,
        **({"schema": with_files["schema"]} if with_files else {}),
    }


def _resolved(document: Document, one: Document) -> Document:
    at: Any = document
    for step in one.get("$ref", "").split("/")[1:]:
        at = at[step]
    return one if at is document else at


def _parameter(one: Document) -> Row:
    schema, needed = one["schema"], one.get("required", False)
    return _row(one["name"], schema, needed, one["in"], one.get("description", ""))


def _rows(schema: Document, place: str = "") -> Iterator[Row]:
    for name, one, needed in fields(schema):
        yield _row(name, one, needed, place, one.get("description", ""))


def _row(name: str, schema: Document, needed: bool, place: str, doc: str) -> Row:  # noqa: FBT001
    return Row(name, told(schema), needed, doc, _plain(schema.get("default")), place)


def _plain(default: object) -> str:
    if isinstance(default, float):
        return f"{default:g}"
    return "" if default is None else json.dumps(default).strip('"')


def _answer(document: Document, one: Document) -> Answer:
    status, told_ = next(iter(one["responses"].items()))
    content = told_.get("content", {})
    schema = content.get(_JSON, {}).get("schema", {})
    listed = next((name for name, each in _lists(schema)), "")
    item = schema["properties"][listed]["items"] if listed else schema
    octets = bool(content) and _JSON not in content
    return Answer(status, tuple(_rows(_resolved(document, item))), listed, octets)


def _lists(schema: Document) -> Iterator[tuple[str, Document]]:
    for name, one in schema.get("properties", {}).items():
        if one.get("type") == "array":
            yield name, one


def _curl(url: str, method: str, sends: str, content: Document) -> str:
    """What is not known stands as a variable of the shell, the credentials among it."""
    there = url.replace(*_ACCOUNT).replace("{", "$").replace("}", "")
    usual = "POST" if sends else "GET"
    how = "" if method == usual else f"-X {method} "
    return " \\\n".join([f'curl {how}"{there}"', _WHO, *_data(sends, content)])


def _data(sends: str, content: Document) -> list[str]:
    needed = content.get("schema", {}).get("required", ())
    given = content.get("example") or {name: f"${name}" for name in needed}
    if sends == "JSON":
        return ["  -H 'Content-Type: application/json'", f"  -d {shlex.quote(json.dumps(given))}"]
    return [f"  --data-urlencode {_quoted(name, value)}" for name, value in given.items()]


def _quoted(name: str, value: str) -> str:
    return f'"{name}={value}"' if value.startswith("$") else shlex.quote(f"{name}={value}")
