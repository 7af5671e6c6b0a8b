"""What can be posted to the simulator: JSON, or a form for whoever has only that at hand."""

import base64
import binascii
from typing import Annotated, Any, Literal, TypeVar
from urllib.parse import parse_qsl

import msgspec
from msgspec import Meta

from magpie.errors import Refused
from magpie.kit.rest import Call

T = TypeVar("T")


class NewHandset(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    number: Annotated[str, Meta(description="Its number, as +15558675399.")]
    carrier: Annotated[str, Meta(description="The simulated carrier that it is with.")] = (
        "simulator"
    )


class HandsetChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    carrier: Annotated[str | None, Meta(description="The carrier that it moves to.")] = None
    state: Annotated[
        Literal["on", "airplane"] | None, Meta(description="Nothing reaches it in airplane mode.")
    ] = None


class NewMedia(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Bytes in base64, or where to fetch them."""

    content_type: Annotated[str, Meta(description="What it is, as image/png.")] = ""
    base64: Annotated[str | None, Meta(description="The bytes themselves.")] = None
    url: Annotated[str | None, Meta(description="Where they are fetched, else.")] = None
    name: Annotated[str | None, Meta(description="The name of the file.")] = None

    def content(self) -> bytes | None:
        """Raises Refused for what is no base64."""
        if self.base64 is None:
            return None
        try:
            return base64.b64decode(self.base64, validate=True)
        except binascii.Error as error:
            raise Refused(20422, "media: base64 cannot be decoded", status=400) from error


class NewMessage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a phone sends; a message with media is an MMS."""

    to: Annotated[str, Meta(description="The number or short code that it goes to.")]
    body: Annotated[str, Meta(description="The text.")] = ""
    media: list[NewMedia] = []

    def __post_init__(self) -> None:
        # No text column of PostgreSQL can hold it.
        if any("\0" in (text or "") for text in (self.body, *(item.name for item in self.media))):
            raise ValueError("a text contains a null character")


def read(call: Call, kind: type[T]) -> T:
    """Raises Refused 20422, which says what is wrong and where."""
    content_type = call.headers.get("content-type", "").lower()
    try:
        if content_type.startswith("application/x-www-form-urlencoded"):
            form: dict[str, Any] = dict(parse_qsl(call.body.decode()))
            return msgspec.convert(form, kind, strict=False)
        return msgspec.json.decode(call.body or b"{}", type=kind)
    except (msgspec.ValidationError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refused(20422, f"The body is not right: {error}", status=400) from error
