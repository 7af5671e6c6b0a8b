"""What can go wrong, and whose fault it is.

Mm1Error
+-- DecodeError    theirs: the octets are no message
+-- EncodeError    ours: a value does not fit its field
"""


class Mm1Error(Exception):
    pass


class DecodeError(Mm1Error):
    """`at` counts octets from the beginning of what was read."""

    def __init__(self, why: str, at: int) -> None:
        super().__init__(f"{why} at octet {at}")
        self.why = why
        self.at = at


class EncodeError(Mm1Error):
    pass
