import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Self, TypeVar
from urllib.parse import urlencode

from magpie.kit.rest.failures import Mistake
from magpie.kit.rest.form import Form

T = TypeVar("T")

MOST = 1000
DEFAULT = 50
_INVALID, _TOO_MANY, _BAD_TOKEN = 20422, 20007, 21481
_OWN = frozenset({"PageSize", "Page", "PageToken"})
_TOKEN = re.compile(r"P([AB])([!-~]{1,256})")
_NUMBER = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class PageRequest:
    """At most one of `after` and `before` is there: the key of the item to continue from.

    `page` is only what the client counts; a page is found by its key, so that a list can
    grow while it is read.
    """

    size: int = DEFAULT
    page: int = 0
    token: str | None = None
    after: str | None = None
    before: str | None = None

    @classmethod
    def parse(cls, query: Form, *, most: int = MOST) -> Self:
        if not query.items:
            return cls(min(DEFAULT, most))
        number = query.get("Page") or "0"
        page = int(number) if _NUMBER.fullmatch(number) else 0
        token = query.get("PageToken") or None
        after, before = _edges(token) if token else (None, None)
        return cls(_size(query.get("PageSize"), most), page, token, after, before)

    @property
    def limit(self) -> int:
        """One row more than the page holds tells whether another page follows."""
        return self.size + 1

    @property
    def backwards(self) -> bool:
        return self.before is not None


def _size(given: str | None, most: int) -> int:
    if not given:
        return min(DEFAULT, most)
    if not _NUMBER.fullmatch(given) or int(given) < 1:
        raise Mistake(_INVALID, "PageSize", f"must be a whole number from 1 to {most}")
    if int(given) > most:
        raise Mistake(_TOO_MANY, "PageSize", f"must be at most {most}")
    return int(given)


def _edges(token: str) -> tuple[str | None, str | None]:
    match = _TOKEN.fullmatch(token)
    if match is None:
        raise Mistake(_BAD_TOKEN, "PageToken", "is not one that was given out")
    return (match[2], None) if match[1] == "A" else (None, match[2])


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Items in the order of the list, whichever way the client pages through it."""

    items: Sequence[T]
    has_next: bool = False
    has_previous: bool = False

    @classmethod
    def cut(cls, rows: Sequence[T], asked: PageRequest) -> "Page[T]":
        """Rows as they were read, `asked.limit` of them at most; backwards from `before`."""
        kept, more = rows[: asked.size], len(rows) > asked.size
        if asked.backwards:
            return cls(kept[::-1], has_next=True, has_previous=more)
        return cls(kept, has_next=more, has_previous=asked.after is not None)

    @classmethod
    def of(cls, items: Sequence[T], asked: PageRequest, key: Callable[[T], str]) -> "Page[T]":
        """From the whole list; a key that has left it meanwhile begins at its front."""
        places = {key(item): place for place, item in enumerate(items)}
        if asked.before is not None:
            end = places.get(asked.before, 0)
            start = max(0, end - asked.size)
        else:
            start = places.get(asked.after, -1) + 1 if asked.after else 0
            end = start + asked.size
        return cls(items[start:end], has_next=end < len(items), has_previous=start > 0)


@dataclass(frozen=True, slots=True)
class Links:
    this: str
    first: str
    next: str | None
    previous: str | None


def links(
    at: str,
    query: Form,
    filters: Iterable[str],
    *,
    asked: PageRequest,
    page: Page[T],
    cursor: Callable[[T], str],
) -> Links:
    """Each repeats the filters that were asked for, and the size."""
    known = frozenset(filters) - _OWN
    kept = [(name, value) for name, value in query.items if name in known]
    begin = f"{at}?{urlencode([*kept, ('PageSize', str(asked.size))])}"

    def link(number: int, token: str | None) -> str:
        rest = {"Page": max(number, 0)} | ({"PageToken": token} if token else {})
        return f"{begin}&{urlencode(rest)}"

    following = page.has_next and page.items
    preceding = page.has_previous and page.items
    return Links(
        link(asked.page, asked.token),
        link(0, None),
        link(asked.page + 1, f"PA{cursor(page.items[-1])}") if following else None,
        link(asked.page - 1, f"PB{cursor(page.items[0])}") if preceding else None,
    )


def envelope_2010(
    key: str, items: Sequence[Any], asked: PageRequest, to: Links
) -> dict[str, object]:
    """The SDKs take the one key that they do not know for the list: nothing may be added."""
    start = asked.page * asked.size
    return {
        key: items,
        "page": asked.page,
        "page_size": asked.size,
        "start": start,
        "end": start + max(len(items) - 1, 0),
        "uri": to.this,
        "first_page_uri": to.first,
        "next_page_uri": to.next,
        "previous_page_uri": to.previous,
    }


def envelope_v1(key: str, items: Sequence[Any], asked: PageRequest, to: Links) -> dict[str, object]:
    return {
        key: items,
        "meta": {
            "page": asked.page,
            "page_size": asked.size,
            "first_page_url": to.first,
            "previous_page_url": to.previous,
            "url": to.this,
            "next_page_url": to.next,
            "key": key,
        },
    }
