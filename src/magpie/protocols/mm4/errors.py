"""Whose fault it is.

Mm4Error
+-- ReadError    theirs: `asked` is what was understood of the request, so that it can be answered
+-- WriteError   ours: a value that no mail can carry
"""

from magpie.protocols.mm4.values import Asked


class Mm4Error(Exception):
    pass


class ReadError(Mm4Error):
    """`status` is the request status code with which to answer."""

    def __init__(self, status: str, text: str, asked: Asked | None = None) -> None:
        super().__init__(f"{status}: {text}")
        self.status = status
        self.text = text
        self.asked = asked


class WriteError(Mm4Error):
    pass
