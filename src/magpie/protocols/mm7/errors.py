"""Whose fault it is.

Mm7Error
+-- ReadError    theirs: answer a response or a fault with `status` (see `refusal`)
+-- WriteError   ours: a value that no message can carry
"""


class Mm7Error(Exception):
    pass


class ReadError(Mm7Error):
    """`transaction_id` and `operation` are empty when they were not understood either."""

    def __init__(
        self, status: int, text: str, transaction_id: str = "", operation: str = ""
    ) -> None:
        super().__init__(f"{status} {text}")
        self.status = status
        self.text = text
        self.transaction_id = transaction_id
        self.operation = operation


class WriteError(Mm7Error):
    pass
