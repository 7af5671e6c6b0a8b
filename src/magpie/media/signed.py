"""`/magpie/v1/Messages/{Sid}/Media`: media with URLs that work without credentials for a while."""

from typing import Any, ClassVar, TypedDict

from magpie import sids
from magpie.kit import clock
from magpie.kit.db import Database
from magpie.kit.rest import Call, Collection, Moment, Page, PageRequest, Uri
from magpie.media import links, store
from magpie.media.content import MessageSid
from magpie.media.links import Signer
from magpie.media.model import Media, State


class Shown(TypedDict):
    sid: str
    content_type: str
    size: int | None
    file_name: str | None
    sha256: str | None
    url: Uri
    signed_url: Uri
    expires_at: Moment


class SignedMedia(Collection[Media]):
    """What is stored of a message; `signed_url` lives for four hours."""

    doc: ClassVar[str] = (
        "The stored media of a message, with URLs that work without credentials for four hours."
    )
    path: ClassVar[str] = "/Messages/{MessageSid}/Media"
    key: ClassVar[str] = "media"
    element: ClassVar[str] = "Media"

    def __init__(
        self, database: Database, message_sid: MessageSid, signer: Signer, base_url: str
    ) -> None:
        self._database = database
        self._message_sid = message_sid
        self._signer = signer
        self._base_url = base_url

    async def list(
        self,
        call: Call,
        given: Any,  # noqa: ARG002 - a verb is given its parameters, used or not
        page: PageRequest,
    ) -> Page[Media]:
        sid = call.path["MessageSid"]
        id_ = sids.uuid_of(sid) if sids.is_sid(sid, "SM", "MM") else None
        if id_ is None or await self._message_sid(call.account_sid, id_) != sid:
            raise call.not_found()
        rows = await store.of_message(self._database, call.account_sid, id_)
        stored = [media for media in rows if media.state == State.STORED]
        return Page.of(stored, page, self.identify)

    def represent(self, record: Media, call: Call) -> Shown:
        names = (record.account_sid, call.path["MessageSid"], record.sid)
        now = clock.now()
        return {
            "sid": record.sid,
            "content_type": record.content_type,
            "size": record.size,
            "file_name": record.file_name,
            "sha256": record.digest,
            "url": links.public_url(self._base_url, *names),
            "signed_url": self._signer.signed_url(self._base_url, *names, now),
            "expires_at": call.dialect.date(now + links.LIFE),
        }
