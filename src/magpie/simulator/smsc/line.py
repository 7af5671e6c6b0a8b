from magpie.esmes.wire import Wire
from magpie.protocols.smpp import encode
from magpie.protocols.smpp.pdu import Pdu
from magpie.simulator.verdict import GARBAGE, NoAnswer


class Line(Wire):
    """The connection of a client to a centre that may misbehave."""

    def spoil(self, way: NoAnswer, response: Pdu) -> None:
        """In place of `response`."""
        match way:
            case NoAnswer.HANG_UP:
                self.abort()
            case NoAnswer.GARBAGE:
                self._write(GARBAGE)
            case NoAnswer.CUT:
                octets = encode(response)
                self._write(octets[: len(octets) // 2])
                self._heed(self.session.lost("cut off"))
