"""The HTTP face of messages: create, list, fetch, redact, cancel, delete, feedback."""

import hashlib
from typing import Annotated, ClassVar, TypedDict
from uuid import UUID

from msgspec.structs import replace

from magpie import phone, sids
from magpie.errors import Refused
from magpie.kit import clock
from magpie.kit.db import Database
from magpie.kit.rest import Call, Collection, Moment, Page, PageRequest, Params, Uri
from magpie.messages import change, store
from magpie.messages.accept import Acceptance, Draft
from magpie.messages.drafts import Drafts
from magpie.messages.lifecycle import Status
from magpie.messages.model import API_VERSION, Direction, Feedback, Message
from magpie.messages.raw import came
from magpie.messages.request import ChangeMessage, FindMessages, GiveFeedback, SendMessage

_TOKEN_HEADERS = ("i-twilio-idempotency-token", "idempotency-key")
_MOST_TOKEN = 255


class Subresources(TypedDict):
    media: Uri
    feedback: Uri


ShownMessage = TypedDict(  # `from` is no name that a class could have
    "ShownMessage",
    {
        "sid": str,
        "account_sid": str,
        "messaging_service_sid": str | None,
        "api_version": str,
        "to": str,
        "from": str | None,
        "body": str,
        "status": Annotated[str, Status],
        "direction": Annotated[str, Direction],
        "num_segments": str,
        "num_media": str,
        "price": str | None,
        "price_unit": str | None,
        "error_code": int | None,
        "error_message": str | None,
        "date_created": Moment,
        "date_updated": Moment,
        "date_sent": Moment | None,
        "uri": Uri,
        "subresource_uris": Subresources,
    },
)


class ShownFeedback(TypedDict):
    account_sid: str
    message_sid: str
    outcome: str
    date_created: Moment
    date_updated: Moment
    uri: Uri


class Messages(Collection[Message]):
    doc: ClassVar[str] = "Texts and pictures, sent and received."
    path: ClassVar[str] = "/Messages"
    key: ClassVar[str] = "messages"
    element: ClassVar[str] = "Message"
    filters: ClassVar[type[Params]] = FindMessages
    creating: ClassVar[type[Params]] = SendMessage
    updating: ClassVar[type[Params]] = ChangeMessage
    most_bytes: ClassVar[int] = 8 * 1024 * 1024
    examples: ClassVar[dict[str, dict[str, str]]] = {
        "create": {"To": "+15558675310", "From": "+15017122661", "Body": "Hello"},
        "update": {"Body": ""},
    }
    headers: ClassVar[dict[str, str]] = {
        "Idempotency-Key": "For a day the same key gives the same message, and makes no second one."
    }
    files: ClassVar[dict[str, str]] = {"Media": "Pictures and other files, sent with the form."}

    def __init__(
        self,
        database: Database,
        acceptance: Acceptance,
        drafts: Drafts,
        change_: change.Change,
    ) -> None:
        self._database = database
        self._acceptance = acceptance
        self._drafts = drafts
        self._change = change_

    async def create(self, call: Call, given: SendMessage) -> Message:
        token = token_of(call)
        files = call.form.files.get("Media", [])
        draft = await self._drafts.draft(call.account_sid, given, files)
        draft = replace(draft, request=came.of_call(call))
        if token:
            draft = _with_token(draft, token, call)
        return await self._acceptance.accept(draft)

    async def list(self, call: Call, given: FindMessages, page: PageRequest) -> Page[Message]:
        rows = await store.page(
            self._database,
            call.account_sid,
            _filter(given),
            older_than=_edge(page.after),
            newer_than=_edge(page.before),
            most=page.limit,
        )
        return Page.cut(rows, page)

    async def fetch(self, call: Call, sid: str) -> Message:
        return await find(self._database, call, sid)

    async def update(self, call: Call, sid: str, given: ChangeMessage) -> Message:
        message = await find(self._database, call, sid)
        if given.status is not None:
            return await self._change.cancel(message)
        if not given.was_given("Body"):
            return message
        if given.body:
            raise Refused(20422, "'Body' can only be changed to an empty text.", status=400)
        return await self._change.redact(message)

    async def delete(self, call: Call, sid: str) -> None:
        await self._change.delete(await find(self._database, call, sid))

    def represent(self, record: Message, call: Call) -> ShownMessage:
        date = call.dialect.date
        link = call.link(record.sid)
        bare = link.removesuffix(".json")
        suffix = ".json" if call.format == "json" else ""
        price = record.price
        return {
            "sid": record.sid,
            "account_sid": record.account_sid,
            "messaging_service_sid": record.messaging_service_sid,
            "api_version": API_VERSION,
            "to": record.to,
            "from": record.from_,
            "body": record.body,
            "status": record.status,
            "direction": record.direction,
            "num_segments": str(record.num_segments),
            "num_media": str(record.num_media),
            "price": None if price is None else f"{price:.5f}",
            "price_unit": record.price_unit,
            "error_code": record.error_code,
            "error_message": record.error_message,
            "date_created": date(record.date_created),
            "date_updated": date(record.date_updated),
            "date_sent": date(record.date_sent) if record.date_sent else None,
            "uri": link,
            "subresource_uris": {
                "media": f"{bare}/Media{suffix}",
                "feedback": f"{bare}/Feedback{suffix}",
            },
        }

    def identify(self, record: Message) -> str:
        return record.sid


class FeedbackOf(Collection[Feedback]):
    doc: ClassVar[str] = "Whether the person who got a message did what it asked for."
    path: ClassVar[str] = "/Messages/{MessageSid}/Feedback"
    key: ClassVar[str] = "feedback"
    element: ClassVar[str] = "Feedback"
    creating: ClassVar[type[Params]] = GiveFeedback
    created_status: ClassVar[int] = 200

    def __init__(self, database: Database) -> None:
        self._database = database

    async def create(self, call: Call, given: GiveFeedback) -> Feedback:
        message = await find(self._database, call, call.path["MessageSid"])
        now = clock.now()
        return await store.put_feedback(
            self._database,
            Feedback(
                account_sid=message.account_sid,
                message_id=message.id,
                outcome=given.outcome,
                date_created=now,
                date_updated=now,
            ),
        )

    def represent(self, record: Feedback, call: Call) -> ShownFeedback:
        return {
            "account_sid": record.account_sid,
            "message_sid": call.path["MessageSid"],
            "outcome": record.outcome,
            "date_created": call.dialect.date(record.date_created),
            "date_updated": call.dialect.date(record.date_updated),
            "uri": call.link(),
        }


async def find(database: Database, call: Call, sid: str) -> Message:
    """The account's message; the two letters of a sid belong to it."""
    if sids.is_sid(sid, "SM", "MM"):
        message = await store.get(database, call.account_sid, sids.uuid_of(sid))
        if message is not None and message.sid[:2] == sid[:2]:
            return message
    raise call.not_found()


def token_of(call: Call) -> str | None:
    for name in _TOKEN_HEADERS:
        token = call.headers.get(name)
        if token:
            if len(token) > _MOST_TOKEN:
                raise Refused(20422, f"An idempotency token has at most {_MOST_TOKEN} characters.")
            return token
    return None


def _with_token(draft: Draft, token: str, call: Call) -> Draft:
    digest = hashlib.sha256(repr(call.form.items).encode())
    for file in (file for files in call.form.files.values() for file in files):
        digest.update(file.content)
    return draft.with_token(token, digest.digest())


def _filter(given: FindMessages) -> store.Filter:
    since, until = given.sent_since, given.sent_by
    return store.Filter(
        to=_address(given.to),
        from_=_address(given.from_),
        sent_from=given.sent.start if given.sent else since.start if since else None,
        sent_until=given.sent.end if given.sent else until.end if until else None,
    )


def _address(given: str | None) -> str | None:
    return (phone.parse_e164(given) or given) if given else None


def _edge(key: str | None) -> UUID | None:
    if key is None:
        return None
    if not sids.is_sid(key, "SM", "MM"):
        raise Refused(21481)
    return sids.uuid_of(key)
