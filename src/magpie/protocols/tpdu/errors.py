"""What can go wrong, and whose fault it is.

TpduError
+-- DecodeError    theirs: the octets are no SMS-DELIVER
+-- EncodeError    ours: a value does not fit its field
"""


class TpduError(Exception):
    pass


class DecodeError(TpduError):
    """`at` counts octets from the beginning of what was read."""

    def __init__(self, why: str, at: int) -> None:
        super().__init__(f"{why} at octet {at}")
        self.why = why
        self.at = at


class EncodeError(TpduError):
    pass
