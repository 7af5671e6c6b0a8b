"""What a webhook's answer asks for: TwiML to replies, redirects and actions."""

from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from magpie import phone
from magpie.alerts.model import Alert, Level, alert
from magpie.errors import Refused
from magpie.kit.egress import Reply
from magpie.kit.rest import Mistake
from magpie.messages import compose
from magpie.messages.accept import Draft
from magpie.messages.drafts import Drafts
from magpie.messages.model import Direction, Message
from magpie.messages.request import SendMessage
from magpie.protocols import twiml
from magpie.senders.book import SenderBook
from magpie.webhooks.model import Delivery

MOST_DOCUMENTS = 50
MOST_REPLIES = 10
_DOCUMENTS, _REPLIES, _TO, _FROM, _NOT_ABLE = 14106, 14109, 14101, 14102, 14108


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """A reply to be accepted; its action is told of the result."""

    draft: Draft | None
    action: str | None = None
    method: str = "POST"


class Effects(msgspec.Struct, frozen=True, kw_only=True):
    """All that follows from one document; written in one commit with the end of its job."""

    answers: tuple[Answer, ...] = ()
    redirect: Delivery | None = None
    alerts: tuple[Alert, ...] = ()


class Replies:
    def __init__(self, senders: SenderBook, drafts: Drafts) -> None:
        self._senders = senders
        self._drafts = drafts

    async def read(self, account_sid: str, delivery: Delivery, reply: Reply) -> Effects:
        """Never raises for what a customer's server may answer: that becomes alerts."""
        try:
            document = twiml.parse(reply.body, reply.headers.get("Content-Type"), reply.url)
        except twiml.TwimlError as error:
            return Effects(alerts=(_alert(account_sid, delivery, error.code, error.text, "error"),))
        alerts = [
            _alert(account_sid, delivery, w.code, w.text, "warning") for w in document.warnings
        ]
        answers: list[Answer] = []
        redirect = None
        for action in document.actions:
            if isinstance(action, twiml.Redirect):
                redirect = self._redirect(account_sid, delivery, action, alerts)
            elif delivery.replies + len(answers) >= MOST_REPLIES:
                alerts.append(_alert(account_sid, delivery, _REPLIES, "", "warning"))
            else:
                answers.append(await self._answer(account_sid, delivery, action, alerts))
        return Effects(answers=tuple(answers), redirect=redirect, alerts=tuple(alerts))

    def _redirect(
        self, account_sid: str, delivery: Delivery, to: twiml.Redirect, alerts: list[Alert]
    ) -> Delivery | None:
        if delivery.documents + 1 >= MOST_DOCUMENTS:
            alerts.append(_alert(account_sid, delivery, _DOCUMENTS, "", "warning"))
            return None
        return replace(delivery, url=to.url, method=to.method, documents=delivery.documents + 1)

    async def _answer(
        self, account_sid: str, delivery: Delivery, reply: twiml.SendReply, alerts: list[Alert]
    ) -> Answer:
        draft = None
        if reply.refused is None:
            try:
                draft = await self._draft(account_sid, delivery, reply)
            except Refused as refused:
                alerts.append(_alert(account_sid, delivery, refused.code, refused.message, "error"))
            except Mistake as mistake:
                alerts.append(_alert(account_sid, delivery, mistake.code, str(mistake), "error"))
        return Answer(draft=draft, action=reply.action, method=reply.method)

    async def _draft(self, account_sid: str, delivery: Delivery, reply: twiml.SendReply) -> Draft:
        assert delivery.session is not None
        other, own = delivery.session
        to = phone.parse_e164(reply.to or other) or (reply.to or other)
        address = phone.parse_e164(reply.sender or own) or (reply.sender or own)
        sender = await self._senders.find(account_sid, address)
        if sender is None:
            raise Refused(_FROM)
        if reply.to and phone.parse_e164(reply.to) is None:
            raise Refused(_TO)
        if (reply.media and not sender.mms) or not sender.sms:
            raise Refused(_NOT_ABLE)
        draft = compose.compose(
            account_sid,
            SendMessage.of(body=reply.body, media_urls=reply.media),
            compose.Origin(address=sender.address, sender=sender),
            to,
            status_callback=reply.status_callback or reply.action,
            direction=Direction.OUTBOUND_REPLY,
        )
        return await self._drafts.finish(draft)


def action_of(
    delivery: Delivery, answer: Answer, message: Message | None, url: str, account_sid: str
) -> Delivery:
    """The call of a reply's `action`: its answer goes on with the session."""
    sid = message.sid if message else ""
    status = "sending" if message else "invalid"
    params = [
        ("MessageSid", sid),
        ("SmsSid", sid),
        ("MessageStatus", status),
        ("SmsStatus", status),
        ("AccountSid", account_sid),
        ("From", delivery.session[1] if delivery.session else ""),
        ("To", delivery.session[0] if delivery.session else ""),
        ("ApiVersion", "2010-04-01"),
    ]
    return replace(
        delivery,
        kind="action",
        url=url,
        method=answer.method,
        params=params,
        fallback_url="",
        documents=delivery.documents + 1,
        replies=delivery.replies + 1,
    )


def failed(account_sid: str, delivery: Delivery, code: int, tries: Sequence[object]) -> Alert:
    """A server that could not be asked; a status callback's failure is only a warning."""
    level: Level = "error" if delivery.answered_by_twiml else "warning"
    counted = "1 try" if len(tries) == 1 else f"{len(tries)} tries"
    return _alert(account_sid, delivery, code, counted, level)


def _alert(account_sid: str, delivery: Delivery, code: int, text: str, level: Level) -> Alert:
    return alert(
        account_sid,
        code,
        level=level,
        resource=delivery.resource,
        text=text,
        detail={"url": delivery.url, "kind": delivery.kind},
    )
