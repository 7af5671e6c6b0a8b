"""What goes wrong before a resource is reached; the numbers are those of the wire."""

from typing import ClassVar


class Failure(Exception):  # noqa: N818 - the family; its members are named for what happened
    status: ClassVar[int]
    code: ClassVar[int]

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


class NotFound(Failure):
    status = 404
    code = 20404

    @classmethod
    def at(cls, path: str) -> "NotFound":
        return cls(f"The requested resource {path} was not found")


class NotAllowed(Failure):
    status = 405
    code = 20004

    def __init__(self, method: str, allowed: tuple[str, ...]) -> None:
        self.allowed = allowed
        super().__init__(f"The method {method} is not allowed on this resource.")


class Unreadable(Failure):
    """The body or the query is not a form."""

    status = 400
    code = 20422


class TooLarge(Failure):
    status = 413
    code = 20413


class Unsupported(Failure):
    status = 415
    code = 20415


class Mistake(Exception):  # noqa: N818 - the caller's, in one parameter
    """`why` finishes a sentence that begins with the parameter's name."""

    def __init__(self, code: int, name: str, why: str) -> None:
        self.code = code
        self.name = name
        self.why = why
        super().__init__(f"{name} {why}")
