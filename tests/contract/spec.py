"""The published description of the API, as operations with their parameters and answers."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

FILES: Final = Path(__file__).parent / "openapi"
METHODS: Final = ("get", "post", "delete", "put", "patch")
ACCOUNT: Final = "/2010-04-01/Accounts/{}"
_PARAMETER = re.compile(r"\{\w+\}")


@dataclass(frozen=True, slots=True)
class Operation:
    """`key` is the method and the path, the names of its parameters blanked, without a suffix."""

    key: str
    id: str
    query: frozenset[str]
    form: frozenset[str]
    required: frozenset[str]
    status: int
    schema: Mapping[str, Any] | None

    @property
    def parameters(self) -> frozenset[str]:
        return self.query | self.form


@cache
def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FILES / "twilio_api_v2010.json").read_text("utf-8"))
    return found


def key_of(method: str, path: str) -> str:
    """The same for both sides, however each calls what stands in a path."""
    return f"{method.upper()} {_PARAMETER.sub('{}', path.removesuffix('.json'))}"


def path_below_account(key: str) -> str:
    """What a reader knows an operation by: the path without what all of them begin with."""
    return key.partition(" ")[2].removeprefix(ACCOUNT)


@cache
def operations() -> dict[str, Operation]:
    return {one.key: one for one in _read()}


def resolve(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema itself in place of a reference to it."""
    name = schema.get("$ref", "").removeprefix("#/components/schemas/")
    found: Mapping[str, Any] = document()["components"]["schemas"][name] if name else schema
    return found


def schema_name(schema: Mapping[str, Any]) -> str:
    """As in api.v2010.account.message; a list is known by its title, other objects by nothing."""
    name: str = schema.get("$ref", "").rpartition("/")[2] or schema.get("title", "")
    return name


def _read() -> Iterator[Operation]:
    for path, item in document()["paths"].items():
        for method in METHODS:
            if method in item:
                yield _operation(method, path, item[method])


def _operation(method: str, path: str, told: Mapping[str, Any]) -> Operation:
    form = _form(told)
    status, schema = _answer(told)
    return Operation(
        key=key_of(method, path),
        id=told["operationId"],
        query=frozenset(one["name"] for one in told.get("parameters", ()) if one["in"] == "query"),
        form=frozenset(form.get("properties", ())),
        required=frozenset(form.get("required", ())),
        status=status,
        schema=schema,
    )


def _form(told: Mapping[str, Any]) -> Mapping[str, Any]:
    content = told.get("requestBody", {}).get("content", {})
    found: Mapping[str, Any] = content.get("application/x-www-form-urlencoded", {})
    return resolve(found.get("schema", {}))


def _answer(told: Mapping[str, Any]) -> tuple[int, Mapping[str, Any] | None]:
    """The one of success, or the way to it; a deletion has no body."""
    status = min(int(status) for status in told["responses"] if status < "400")
    content = told["responses"][str(status)].get("content", {})
    return status, content["application/json"]["schema"] if content else None


def titles() -> frozenset[str]:
    """Of the answers that have no name among the components: lists."""
    schemas = (one.schema for one in operations().values() if one.schema)
    return frozenset(one["title"] for one in schemas if "title" in one)
