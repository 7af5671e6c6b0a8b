"""A draft of what a client asks for, with what is remembered of it for its receipts."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from magpie.api.smpp.answers import Denied
from magpie.esmes.model import Esme
from magpie.messages import smpp
from magpie.messages.accept import Draft
from magpie.messages.drafts import Drafts
from magpie.messages.request import MAX_BODY, SendMessage
from magpie.protocols.smpp import Status


class Drafting:
    def __init__(self, drafts: Drafts) -> None:
        self._drafts = drafts

    async def draft(
        self, esme: Esme, from_: str, to: str, body: str, validity: int | None
    ) -> Draft:
        """Raises Refused or Denied. Without a source its messaging service chooses the sender."""
        if len(body) > MAX_BODY:
            raise Denied(Status.RINVMSGLEN)
        given: dict[str, Any] = {"to": to, "body": body}
        if validity is not None:
            given["validity_period"] = validity
        if from_:
            given["from_"] = from_
        elif esme.messaging_service_sid:
            given["messaging_service_sid"] = esme.messaging_service_sid
        else:
            raise Denied(Status.RINVSRCADR)
        return await self._drafts.draft(esme.account_sid, SendMessage.of(**given))


def stamped(
    draft: Draft, system_id: str, told: Sequence[tuple[UUID, int]], missing: Sequence[int] = ()
) -> Draft:
    """`told` are the ids that the client is told, each with its registered_delivery."""
    message = draft.message
    options = {**(message.options or {}), smpp.OPTION: smpp.option(system_id, told)}
    detail: dict[str, object] = {**(draft.detail or {}), "by": "smpp", "system_id": system_id}
    if missing:
        detail["missing_parts"] = list(missing)
    return replace(draft, message=replace(message, options=options), detail=detail)
