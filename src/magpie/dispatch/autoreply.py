"""The platform's own answers to STOP, START and HELP."""

from msgspec.structs import replace

from magpie.messages import compose
from magpie.messages.accept import Draft
from magpie.messages.model import Direction
from magpie.messages.receive import Arrival
from magpie.messages.request import SendMessage
from magpie.senders.model import Sender


def draft(arrival: Arrival, sender: Sender, text: str) -> Draft:
    """It answers one who has just opted out, so no consent is asked for."""
    composed = compose.compose(
        arrival.account_sid,
        SendMessage.of(body=text),
        compose.Origin(address=sender.address, sender=sender),
        arrival.from_,
        status_callback=None,
        direction=Direction.OUTBOUND_REPLY,
    )
    return replace(composed, consent_scope="", detail={"reply": "automatic"})
