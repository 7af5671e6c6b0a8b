"""Our own description, and whether answers are as it says."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from tests.contract import ours
from tests.contract.conform import found
from tests.contract.spec import METHODS, key_of

from magpie.api.openapi import document

URL: Final = "https://sms.example.org"
_JSON: Final = "application/json"


@dataclass(frozen=True, slots=True)
class Told:
    """An operation: `status` is that of its success, `schema` None where no body follows."""

    id: str
    method: str
    path: str
    status: int
    schema: Mapping[str, Any] | None
    body: str | None

    @property
    def key(self) -> str:
        return key_of(self.method, self.path)

    def mistakes(self, status: int, body: Any) -> list[str]:
        """Of an answer; no property may be there that is not told."""
        wrong = [] if status == self.status else [f"{status} in place of {self.status}: {body}"]
        if wrong or self.schema is None:
            return wrong + ([] if body is None else [f"a body: {body}"] if not wrong else [])
        return found({**self.schema, "components": _components()}, body)


@cache
def description() -> dict[str, Any]:
    """Made of the declarations; no platform runs."""
    return document(ours.recorded().hung, ours.recorded().octets, version="1", url=URL)


@cache
def operations() -> dict[str, Told]:
    """All but those that answer with octets."""
    octets = {one.id for one in ours.recorded().octets}
    return {one.id: one for one in _read() if one.id not in octets}


def _read() -> Iterator[Told]:
    for path, item in description()["paths"].items():
        for method in METHODS:
            if method in item:
                yield _told(method, path, item[method])


def _told(method: str, path: str, operation: Mapping[str, Any]) -> Told:
    (status,) = (one for one in operation["responses"] if one != "default")
    content = operation["responses"][status].get("content")
    bodies = operation.get("requestBody", {}).get("content")
    return Told(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        status=int(status),
        schema=closed(content[_JSON]["schema"]) if content and _JSON in content else None,
        body=next(iter(bodies)) if bodies else None,
    )


@cache
def _components() -> dict[str, Any]:
    return {"schemas": closed(description()["components"]["schemas"])}


def closed(schema: Any) -> Any:
    """Every object that tells its properties has no others, so that none is left untold."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    told = {name: closed(one) for name, one in schema.items()}
    names = schema.get("properties")
    return {"additionalProperties": False, **told} if isinstance(names, dict) else told
