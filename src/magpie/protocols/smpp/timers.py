"""When a session must act although nothing came (SMPP 3.4 clause 7.2)."""

from enum import Enum

import msgspec

from magpie.protocols.smpp.constants import MAX_PDU


class SessionConfig(msgspec.Struct, frozen=True):
    """Seconds, and requests without an answer per direction.

    `control` is for binds, enquire_link and unbind. `inactivity` unbinds when no message passed
    for so long.
    """

    session_init: float = 10
    response: float = 30
    control: float = 10
    unbind: float = 5
    enquire_link: float = 30
    inactivity: float | None = None
    window: int = 10
    inbound_window: int = 100
    max_pdu: int = MAX_PDU


class Timer(Enum):
    SESSION_INIT = "no bind was made"
    INACTIVITY = "no message passed for long"
    ENQUIRE_LINK = "nothing was heard for a while"


class Phase(Enum):
    BINDING = "not bound yet"
    BOUND = "bound"
    PROBED = "bound, and an enquire_link of ours waits for its answer"
    WAITING = "only answers are awaited"


class Timers:
    """`heard` is when the last PDU came, `busy` when the last message passed either way."""

    def __init__(self, config: SessionConfig, now: float) -> None:
        self._config = config
        self._opened = self.heard = self.busy = now

    def due(self, phase: Phase) -> float | None:
        return min(self._running(phase).values(), default=None)

    def come(self, phase: Phase, now: float) -> Timer | None:
        """The first timer that has run out."""
        return next((timer for timer, due in self._running(phase).items() if due <= now), None)

    def _running(self, phase: Phase) -> dict[Timer, float]:
        config = self._config
        if phase is Phase.BINDING:
            return {Timer.SESSION_INIT: self._opened + config.session_init}
        running = {}
        if phase is not Phase.WAITING and config.inactivity is not None:
            running[Timer.INACTIVITY] = self.busy + config.inactivity
        if phase is Phase.BOUND:
            running[Timer.ENQUIRE_LINK] = self.heard + config.enquire_link
        return running
