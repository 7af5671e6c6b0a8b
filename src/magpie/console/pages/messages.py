"""The log of messages: searched by what stands in the address, live, and exported."""

import csv
import io
from collections.abc import AsyncIterator, Sequence
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from magpie import sids
from magpie.console import headers
from magpie.console.page import Place, Route
from magpie.console.visit import Visit
from magpie.kit import clock
from magpie.kit.db import Database
from magpie.messages.model import Message
from magpie.messages.search import store
from magpie.messages.search.grammar import COMPLETIONS, Query, WrongQuery, parse

_ROWS: Final = 50
_MOST_NEW: Final = 1000
_BATCH: Final = 1000
_MOST_EXPORTED: Final = 100_000
_COLUMNS: Final = (
    "sid",
    "date_created",
    "direction",
    "from",
    "to",
    "status",
    "error_code",
    "num_segments",
    "num_media",
    "messaging_service_sid",
    "body",
)
# A spreadsheet takes what begins like this for a formula (CWE-1236).
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


class Messages:
    place: Place | None = Place("Message", "Messages", "/messages", "message-square", "m")

    def __init__(self, database: Database) -> None:
        self._database = database

    def routes(self) -> Sequence[Route]:
        return (
            Route("/messages", self.show),
            Route("/messages/new", self.new),
            Route("/messages/export", self.export),
        )

    async def show(self, visit: Visit) -> Response:
        text = visit.query.get("q", "")
        wrong, found = "", list[Message]()
        try:
            found = await self._find(visit, parse(text, clock.now()))
        except WrongQuery as error:
            wrong = str(error)
        more = len(found) > _ROWS
        shown = found[:_ROWS]
        return visit.page(
            "messages.html",
            q=text,
            wrong=wrong,
            messages=shown,
            completions=COMPLETIONS,
            here_url=_url(q=text, before=visit.query.get("before", "")),
            older=_url(q=text, before=shown[-1].sid) if more else "",
            first=visit.query.get("before", "") == "",
        )

    async def new(self, visit: Visit) -> Response:
        """How many there are that the page does not show yet."""
        newer_than = _id(visit.query.get("after", ""))
        if newer_than is None:
            return PlainTextResponse("0")
        try:
            query = parse(visit.query.get("q", ""), clock.now())
        except WrongQuery:
            return PlainTextResponse("0")
        count = await store.count_newer(
            self._database, visit.account_sid, query, newer_than, most=_MOST_NEW
        )
        return PlainTextResponse(str(count))

    async def export(self, visit: Visit) -> Response:
        """CSV, or with `as=jsonl` a JSON object a line: all that the query finds, up to a cap."""
        try:
            query = parse(visit.query.get("q", ""), clock.now())
        except WrongQuery as error:
            return PlainTextResponse(str(error), 400)
        jsonl = visit.query.get("as") == "jsonl"
        kind, ending = ("application/x-ndjson", "jsonl") if jsonl else ("text/csv", "csv")
        named = {"Content-Disposition": f'attachment; filename="messages.{ending}"'}
        rows = self._rows(visit.account_sid, query)
        text = _jsonl(rows) if jsonl else _csv(rows)
        return StreamingResponse(text, 200, {**headers.of_page(visit.nonce), **named}, kind)

    async def _find(self, visit: Visit, query: Query) -> list[Message]:
        return await store.find(
            self._database,
            visit.account_sid,
            query,
            older_than=_id(visit.query.get("before", "")),
            most=_ROWS + 1,
        )

    async def _rows(self, account_sid: str, query: Query) -> AsyncIterator[dict[str, Any]]:
        older_than, left = None, _MOST_EXPORTED
        while left > 0:
            batch = await store.find(
                self._database, account_sid, query, older_than=older_than, most=_BATCH
            )
            for message in batch:
                yield _row(message)
            if len(batch) < _BATCH:
                return
            older_than, left = batch[-1].id, left - _BATCH


def _row(message: Message) -> dict[str, Any]:
    values = msgspec.to_builtins(message) | {"sid": message.sid}
    return {name: values[name] for name in _COLUMNS}


async def _csv(rows: AsyncIterator[dict[str, Any]]) -> AsyncIterator[str]:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    async for row in rows:
        writer.writerow([_plain(value) for value in row.values()])
        yield out.getvalue()
        out.seek(0)
        out.truncate()
    yield out.getvalue()


def _plain(value: object) -> object:
    """Numbers stay as they are: a plus before digits alone is no formula."""
    text = "" if value is None else str(value)
    if text.startswith(_FORMULA) and not text[1:].isdigit():
        return f"'{text}"
    return text


async def _jsonl(rows: AsyncIterator[dict[str, Any]]) -> AsyncIterator[bytes]:
    async for row in rows:
        yield msgspec.json.encode(row) + b"\n"


def _id(sid: str) -> UUID | None:
    return sids.uuid_of(sid) if sids.is_sid(sid, "SM", "MM") else None


def _url(**query: str) -> str:
    given = {name: value for name, value in query.items() if value}
    return "/console/messages" + (f"?{urlencode(given)}" if given else "")
