from dataclasses import dataclass

DOCUMENT_TOO_LARGE = 11750
BAD_REDIRECT_URL = 11100
UNPARSABLE, BAD_VERSION, BAD_ROOT = 12100, 12101, 12102
SCHEMA = 12200
CONTENT_TYPE = 12300
BAD_BODY, BAD_METHOD, BAD_CALLBACK = 14103, 14104, 14105
TOO_MANY_REPLIES = 14109
UNKNOWN_VERB = 14110


class TwimlError(ValueError):
    def __init__(self, code: int, text: str) -> None:
        super().__init__(f"{code}: {text}")
        self.code = code
        self.text = text


@dataclass(frozen=True, slots=True)
class TwimlWarning:
    code: int
    text: str


@dataclass(frozen=True, slots=True)
class SendReply:
    """A reply with `refused` is not sent; its action, if any, still hears `invalid`."""

    body: str
    media: tuple[str, ...] = ()
    to: str | None = None
    sender: str | None = None
    action: str | None = None
    method: str = "POST"
    status_callback: str | None = None
    refused: int | None = None


@dataclass(frozen=True, slots=True)
class Redirect:
    url: str
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Document:
    actions: tuple[SendReply | Redirect, ...] = ()
    warnings: tuple[TwimlWarning, ...] = ()
