"""From what a client submits to a message that is accepted: the answer follows the commit."""

import hashlib
from uuid import UUID

from msgspec.structs import replace

from magpie.api.smpp.drafting import Drafting, stamped
from magpie.api.smpp.long import LongTexts
from magpie.api.smpp.read import Asked
from magpie.esmes.model import Esme
from magpie.messages import smpp
from magpie.messages.accept import Acceptance, Draft
from magpie.messages.model import Message
from magpie.messages.raw import came


class Submits:
    def __init__(self, drafting: Drafting, acceptance: Acceptance, long: LongTexts) -> None:
        self._drafting = drafting
        self._acceptance = acceptance
        self._long = long

    async def take(self, esme: Esme, asked: Asked, told: UUID | None = None) -> UUID:
        """Give the id to be told; raises Refused or Denied.

        Receipts of a message that has others with it (submit_multi) go by `told`.
        """
        draft = await self._drafting.draft(esme, asked.from_, asked.to, asked.body, asked.validity)
        if asked.concat is not None:
            return await self._long.take(esme, asked, asked.concat)
        draft = stamped(draft, esme.system_id, [(told or draft.message.id, asked.registered)])
        draft = replace(draft, request=came.of_pdus(esme.system_id, [asked.pdu]))
        if esme.deduplicates and asked.reference is not None:
            draft = _named(draft, esme, asked)
        return _told(await self._acceptance.accept(draft))


def _named(draft: Draft, esme: Esme, asked: Asked) -> Draft:
    """The same reference and the same text between the same numbers is the same message."""
    said = f"{asked.from_}>{asked.to}#{asked.reference}:{asked.body}"
    digest = hashlib.sha256(said.encode("utf-8", "surrogatepass"))
    return draft.with_token(f"smpp:{esme.system_id}:{digest.hexdigest()}", b"reference")


def _told(message: Message) -> UUID:
    told = (message.options or {})[smpp.OPTION]["told"]
    return UUID(told[0][0])
