from typing import Literal

import msgspec

from magpie.protocols.smpp import Alphabet, SessionConfig


class CentreOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What the message centre asks of its clients and how it names messages. Times are seconds.

    An empty `system_id` lets anybody bind. `reference_tag` is the vendor parameter by which a
    resent message is known; without it user_message_reference serves, for a while.
    `disconnect_after` hangs up on each connection after so many submits.
    """

    system_id: str = ""
    password: str = ""
    ids: Literal["hex", "decimal"] = "hex"
    alphabet: Alphabet = Alphabet.GSM
    reference_tag: int | None = None
    answer_delay: float = 0.0
    disconnect_after: int | None = None
    binds: int = 32
    window: int = 100
    inbound_window: int = 2000
    response_timeout: float = 10.0
    enquire_link: float = 30.0

    @property
    def session(self) -> SessionConfig:
        return SessionConfig(
            response=self.response_timeout,
            enquire_link=self.enquire_link,
            window=self.window,
            inbound_window=self.inbound_window,
        )
