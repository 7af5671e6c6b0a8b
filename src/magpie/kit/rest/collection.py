from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any, ClassVar, Generic, TypeVar, get_args

from msgspec import structs

from magpie.kit.record import Record
from magpie.kit.rest import paging
from magpie.kit.rest.call import Call
from magpie.kit.rest.paging import Page, PageRequest
from magpie.kit.rest.params import Params

R = TypeVar("R", bound=Record)


class Collection(Generic[R]):
    """Records of one kind at one path. Only the verbs that a subclass defines are routed.

    A `singleton` has no SIDs: fetch, update and delete act on the path itself and get a blank
    sid. `linked` adds the record's uri (or url), and `subresources` the links below it
    (subresource_uris, or links). `hidden` names fields that are never shown.

    For the reference: `doc` is a sentence about it, `called` says what stands for one in its path;
    `bodies` are what a collection that `reads_body` reads, and `examples` what can be posted, by
    verb; `files` are fields of a form that hold one, and `headers` those that a create reads, with
    a sentence each; `fetching` is the query of a fetch, which reads it itself, and the size of a
    page with it if it is `sized`; `shows` stands for a representation that no annotation tells.
    """

    path: ClassVar[str]
    key: ClassVar[str]
    element: ClassVar[str]
    plural_element: ClassVar[str | None] = None
    filters: ClassVar[type[Params]] = Params
    creating: ClassVar[type[Params]] = Params
    updating: ClassVar[type[Params]] = Params
    created_status: ClassVar[int] = 201
    update_methods: ClassVar[tuple[str, ...]] = ("POST",)
    most_per_page: ClassVar[int] = paging.MOST
    singleton: ClassVar[bool] = False
    suffixes: ClassVar[tuple[str, ...] | None] = None
    reads_body: ClassVar[bool] = False
    most_bytes: ClassVar[int] = 1_048_576
    linked: ClassVar[bool] = False
    subresources: ClassVar[Mapping[str, str]] = {}
    hidden: ClassVar[frozenset[str]] = frozenset()
    doc: ClassVar[str] = ""
    called: ClassVar[str] = "SID"
    bodies: ClassVar[Mapping[str, Any]] = {}
    examples: ClassVar[Mapping[str, Mapping[str, Any]]] = {}
    files: ClassVar[Mapping[str, str]] = {}
    headers: ClassVar[Mapping[str, str]] = {}
    fetching: ClassVar[type[Params]] = Params
    sized: ClassVar[bool] = False
    shows: ClassVar[Any] = None

    async def list(self, call: Call, given: Any, page: PageRequest) -> Page[R]:
        raise NotImplementedError

    async def create(self, call: Call, given: Any) -> R:
        raise NotImplementedError

    async def fetch(self, call: Call, sid: str) -> R:
        raise NotImplementedError

    async def update(self, call: Call, sid: str, given: Any) -> R:
        raise NotImplementedError

    async def delete(self, call: Call, sid: str) -> None:
        raise NotImplementedError

    def identify(self, record: R) -> str:
        """What stands for the record in its path."""
        sid: str = getattr(record, "sid")  # noqa: B009 - not every record has one
        return sid

    def cursor(self, record: R) -> str:
        """The key by which a page is continued; printable ASCII, 256 characters at most."""
        return self.identify(record)

    @classmethod
    def defines(cls, verb: str) -> bool:
        return getattr(cls, verb) is not getattr(Collection, verb)

    def represent(self, record: R, call: Call) -> Mapping[str, object]:
        """One that is overridden says what it shows by the TypedDict that it gives."""
        names, dated = _shape(type(record))
        shown: dict[str, object] = dict(zip(names, structs.astuple(record), strict=True))
        for name in dated:
            at = shown[name]
            if at is not None:
                shown[name] = call.dialect.date(at)  # type: ignore[arg-type]
        for name in self.hidden:
            del shown[name]
        if self.linked or self.subresources:
            self._add_links(shown, record, call)
        shown.update(self.beside(record))
        return shown

    def beside(self, record: R) -> Mapping[str, object]:  # noqa: ARG002 - most have nothing
        """What is shown beside the record's own fields, as a TypedDict."""
        return {}

    def _add_links(self, shown: dict[str, object], record: R, call: Call) -> None:
        own = () if self.singleton else (self.identify(record),)
        relative = call.dialect.relative_links
        if self.linked:
            shown["uri" if relative else "url"] = call.link(*own)
        if self.subresources:
            shown["subresource_uris" if relative else "links"] = {
                name: call.link(*own, *below.split("/"))
                for name, below in self.subresources.items()
            }


@cache
def _shape(kind: type[Record]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    fields = structs.fields(kind)
    dated = tuple(field.encode_name for field in fields if _holds_times(field.type))
    return kind.__struct_encode_fields__, dated


def _holds_times(annotation: Any) -> bool:
    return annotation is datetime or any(_holds_times(part) for part in get_args(annotation))
