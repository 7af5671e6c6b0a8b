"""Searches as SQL. Every one is bounded by the account and answered newest first."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from magpie import sids
from magpie.kit import clock
from magpie.kit.db import Queries
from magpie.messages.model import CONVERTED, Message
from magpie.messages.search.grammar import Query, Term

_COLUMNS: Final = Message.columns()
Given = Callable[[Any], str]


async def find(
    queries: Queries,
    account_sid: str,
    query: Query,
    *,
    older_than: UUID | None = None,
    newer_than: UUID | None = None,
    most: int,
) -> list[Message]:
    """Newest first, or from `newer_than` on oldest first."""
    where, values = _where(account_sid, query, older_than, newer_than)
    order = "desc" if newer_than is None else "asc"
    rows = await queries.fetch(
        f"select {_COLUMNS} from messages m where {where} order by id {order} limit {most}",
        *values,
    )
    return [Message.from_row(row) for row in rows]


async def count_newer(
    queries: Queries, account_sid: str, query: Query, newer_than: UUID, *, most: int
) -> int:
    where, values = _where(account_sid, query, None, newer_than)
    found: int = await queries.fetchval(
        f"select count(*) from (select 1 from messages m where {where} limit {most}) found", *values
    )
    return found


def _where(
    account_sid: str, query: Query, older_than: UUID | None, newer_than: UUID | None
) -> tuple[str, list[Any]]:
    values: list[Any] = [account_sid]

    def given(value: Any) -> str:
        values.append(value)
        return f"${len(values)}"

    tests = ["account_sid = $1"]
    if older_than is not None:
        tests.append(f"id < {given(older_than)}")
    if newer_than is not None:
        tests.append(f"id > {given(newer_than)}")
    for term in query.terms:
        test = _TESTS[term.field](term, given)
        tests.append(f"not coalesce({test}, false)" if term.negated else test)
    return " and ".join(tests), values


def _address(column: str) -> Callable[[Term, Given], str]:
    def test(term: Term, given: Given) -> str:
        """Whole if it looks whole: that has an index."""
        text = str(term.value)
        if text.startswith("+") and len(text) > 10:  # noqa: PLR2004 - digits of a whole number
            return f'"{column}" = {given(text)}'
        return f"\"{column}\" ilike '%' || {given(_escaped(text))} || '%'"

    return test


def _any(term: Term, given: Given) -> str:
    place = given(_escaped(str(term.value)))
    fields = ('"body"', '"to"', "coalesce(\"from\", '')")
    return "(" + " or ".join(f"{field} ilike '%' || {place} || '%'" for field in fields) + ")"


def _compared(column: str) -> Callable[[Term, Given], str]:
    def test(term: Term, given: Given) -> str:
        if term.value == "any":
            return f"{column} is not null"
        assert isinstance(term.value, tuple)
        sign, number = term.value
        return f"{column} {sign} {given(number)}"

    return test


def _size(term: Term, given: Given) -> str:
    assert isinstance(term.value, tuple)
    sign, number = term.value
    return (
        "(num_media > 0 and (select sum(p.size) from media p where p.account_sid = m.account_sid"
        f" and p.message_id = m.id) {sign} {given(number)})"
    )


def _tag(term: Term, given: Given) -> str:
    name, equals, value = str(term.value).partition("=")
    if not equals:
        return f"options -> 'Tags' ? {given(name)}"
    return f"options -> 'Tags' ->> {given(name)} = {given(value)}"


def _has(term: Term, given: Given) -> str:
    if term.value == "media":
        return "num_media > 0"
    return f"options ? {given(CONVERTED)}"


def _time(sign: str) -> Callable[[Term, Given], str]:
    def test(term: Term, given: Given) -> str:
        assert isinstance(term.value, datetime)
        return f"id {sign} {given(clock.least_uuid7(term.value))}"

    return test


def _direction(term: Term, given: Given) -> str:
    return f"starts_with(direction, {given(term.value)})"


def _carrier(term: Term, given: Given) -> str:
    return (
        "exists (select from attempts a where a.account_sid = m.account_sid"
        f" and a.message_id = m.id and a.carrier = {given(term.value)})"
    )


def _equal(column: str) -> Callable[[Term, Given], str]:
    return lambda term, given: f"{column} = {given(term.value)}"


_TESTS: Final[Mapping[str, Callable[[Term, Given], str]]] = {
    "any": _any,
    "to": _address("to"),
    "from": _address("from"),
    "status": _equal("status"),
    "error": _compared("error_code"),
    "direction": _direction,
    "service": _equal("messaging_service_sid"),
    "sid": lambda term, given: f"id = {given(sids.uuid_of(str(term.value)))}",
    "body": lambda term, given: f"body ilike '%' || {given(_escaped(str(term.value)))} || '%'",
    "has": _has,
    "segments": _compared("num_segments"),
    "size": _size,
    "tag": _tag,
    "carrier": _carrier,
    "since": _time(">="),
    "before": _time("<"),
}


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
