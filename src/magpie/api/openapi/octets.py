"""What answers with octets instead of a record: media, as they are. Pure."""

from typing import Any, Final, NamedTuple

from magpie.api.openapi.operation import in_path
from magpie.api.openapi.shared import PROBLEM, reference
from magpie.api.places import ROOT

_ANY: Final = "*/*"


class Octets(NamedTuple):
    """`path` has no prefix of the product; `id` and `summary` are those of the operation."""

    product: str
    path: str
    id: str
    summary: str
    doc: str

    @property
    def whole(self) -> str:
        return self.path if self.product == ROOT.product else f"/{self.product}{self.path}"


def fetched(one: Octets) -> dict[str, Any]:
    return {
        "operationId": one.id,
        "summary": one.summary,
        "description": one.doc,
        "tags": [one.product],
        "parameters": [*in_path(one.path)],
        "responses": {
            "200": {"description": "The octets themselves.", "content": {_ANY: {}}},
            "default": reference(PROBLEM, "responses"),
        },
    }
