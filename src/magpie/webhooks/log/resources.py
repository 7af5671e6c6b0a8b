"""`/magpie/v1/Webhooks`: each try of a webhook, newest first, and how to try it again."""

from base64 import b64encode
from typing import Any, ClassVar, NotRequired, TypedDict
from uuid import UUID

from magpie import sids
from magpie.errors import Refused
from magpie.kit.db import Database
from magpie.kit.record import Record
from magpie.kit.rest import (
    Call,
    Collection,
    Mistake,
    Moment,
    Page,
    PageRequest,
    Param,
    Params,
    boolean,
    json_object,
    text,
    web_address,
)
from magpie.webhooks.log import store
from magpie.webhooks.log.model import PREFIX, Attempt, Kept, Pairs
from magpie.webhooks.log.replay import Change, Replayer

_INVALID, _BAD_TOKEN, _BAD_URL = 20422, 21481, 11100


class FindWebhooks(Params):
    failed = Param("Failed", boolean, doc="Only calls that failed, or only those that did not.")
    message_sid = Param("MessageSid", text, doc="Only calls about this message.")
    url = Param("Url", text, doc="Only calls of URLs that begin like this.")
    event = Param("Event", text, doc="Only calls that told of this, as delivered or inbound.")


class Shown(Record, frozen=True):
    """A list tells what was tried; one that is fetched holds its request and answer, too."""

    kept: Kept
    whole: bool


class ShownRequest(TypedDict):
    url: str
    headers: dict[str, str]
    params: Pairs


class ShownBody(TypedDict):
    """As text if it is one."""

    body: NotRequired[str]
    body_base64: NotRequired[str]


class ShownResponse(ShownBody):
    headers: Pairs


class Whole(TypedDict):
    """What only one that is fetched has."""

    request: NotRequired[ShownRequest]
    response: NotRequired[ShownResponse | None]


class Tried(TypedDict):
    sid: str
    account_sid: str
    message_sid: str | None
    kind: str
    event: str
    url: str
    method: str
    attempt: int
    attempts: int
    fallback: bool
    replay_of: str | None
    idempotency_token: str
    date_created: Moment
    status: int | None
    error_code: int | None
    failure: str | None
    ms: float
    size: int | None
    next_try_at: Moment | None


class ShownAttempt(Tried, Whole):
    """A try as a list has it, or whole."""


class Webhooks(Collection[Shown]):
    doc: ClassVar[str] = "Each try of a webhook; one that is fetched has its request and answer."
    path: ClassVar[str] = "/Webhooks"
    key: ClassVar[str] = "webhooks"
    element: ClassVar[str] = "Webhook"
    filters: ClassVar[type[Params]] = FindWebhooks

    def __init__(self, database: Database) -> None:
        self._database = database

    async def list(self, call: Call, given: FindWebhooks, page: PageRequest) -> Page[Shown]:
        about = given.message_sid or None
        if about is not None and not sids.is_sid(about, "SM", "MM"):
            raise Refused(_INVALID, "MessageSid is not the SID of a message.", status=400)
        wanted = store.Filter(
            failed=given.failed,
            message_id=sids.uuid_of(about) if about else None,
            url=given.url,
            event=given.event,
        )
        rows = await store.page(
            self._database,
            call.account_sid,
            wanted,
            older_than=_key(page.after),
            newer_than=_key(page.before),
            most=page.limit,
        )
        return Page.cut([Shown(Kept(row, None), whole=False) for row in rows], page)

    async def fetch(self, call: Call, sid: str) -> Shown:
        return Shown(await find(self._database, call, sid), whole=True)

    def identify(self, record: Shown) -> str:
        return record.kept.attempt.sid

    def represent(self, record: Shown, call: Call) -> ShownAttempt:
        return represent(record.kept, whole=record.whole)


class Replay(Params):
    """`Parameters` is a JSON object of texts that takes the place of what was told."""

    url = Param("Url", web_address(underscores=True, code=_BAD_URL), doc="Another place to call.")
    parameters = Param(
        "Parameters",
        json_object,
        doc="What is told in place of what was told: a JSON object of texts.",
    )


class Replays(Collection[Shown]):
    """POST calls it again, signed anew and marked by a header; gives what came of it."""

    doc: ClassVar[str] = "Calls a webhook again, signed anew, and tells what came of it."
    path: ClassVar[str] = "/Webhooks/{WebhookSid}/Replay"
    key: ClassVar[str] = "replays"
    element: ClassVar[str] = "Webhook"
    creating: ClassVar[type[Params]] = Replay
    singleton: ClassVar[bool] = True

    def __init__(self, database: Database, replayer: Replayer) -> None:
        self._database = database
        self._replayer = replayer

    async def create(self, call: Call, given: Replay) -> Shown:
        found = await find(self._database, call, call.path["WebhookSid"])
        params = None if given.parameters is None else _texts(given.parameters)
        change = Change(url=given.url or None, params=params)
        return Shown(await self._replayer.replay(found.attempt, change), whole=True)

    def represent(self, record: Shown, call: Call) -> ShownAttempt:
        return represent(record.kept, whole=True)


async def find(database: Database, call: Call, sid: str) -> Kept:
    found = None
    if sids.is_sid(sid, PREFIX):
        found = await store.get(database, call.account_sid, sids.uuid_of(sid))
    if found is None:
        raise call.not_found()
    return found


def represent(kept: Kept, *, whole: bool) -> ShownAttempt:
    attempt = kept.attempt
    whole_of = _whole(attempt, kept.answer) if whole else Whole()
    return {
        "sid": attempt.sid,
        "account_sid": attempt.account_sid,
        "message_sid": attempt.message_sid,
        "kind": attempt.kind,
        "event": attempt.event,
        "url": attempt.endpoint,
        "method": attempt.method,
        "attempt": attempt.attempt,
        "attempts": attempt.attempts,
        "fallback": attempt.fallback,
        "replay_of": attempt.replay_of_sid,
        "idempotency_token": attempt.token.hex,
        "date_created": attempt.at.isoformat(timespec="milliseconds"),
        "status": attempt.status,
        "error_code": attempt.code,
        "failure": attempt.failure,
        "ms": attempt.ms,
        "size": attempt.size,
        "next_try_at": attempt.next_at.isoformat(timespec="milliseconds")
        if attempt.next_at
        else None,
        **whole_of,
    }


def _whole(attempt: Attempt, answer: bytes | None) -> Whole:
    request = ShownRequest(url=attempt.url, headers=attempt.headers, params=attempt.params)
    if answer is None:
        return {"request": request, "response": None}
    return {"request": request, "response": {"headers": attempt.answer, **body_of(answer)}}


def body_of(answer: bytes) -> ShownBody:
    try:
        return {"body": answer.decode()}
    except UnicodeDecodeError:
        return {"body_base64": b64encode(answer).decode()}


def _texts(given: dict[str, Any]) -> Pairs:
    if not all(isinstance(value, str) for value in given.values()):
        raise Mistake(_INVALID, "Parameters", "must be a JSON object of texts")
    return list(given.items())


def _key(given: str | None) -> UUID | None:
    if given is None:
        return None
    if not sids.is_sid(given, PREFIX):
        raise Refused(_BAD_TOKEN)
    return sids.uuid_of(given)
