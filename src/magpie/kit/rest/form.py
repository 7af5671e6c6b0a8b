from collections.abc import AsyncIterator, Iterable
from typing import NamedTuple
from urllib.parse import parse_qsl

from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from magpie.kit.rest.failures import TooLarge, Unreadable, Unsupported

MOST_FIELDS = 1000
_URLENCODED = "application/x-www-form-urlencoded"


class File(NamedTuple):
    name: str
    content_type: str
    content: bytes


class Form:
    """Names and values in the order given, as in a query or a posted form.

    `raw` are the octets that it was read from.
    """

    __slots__ = ("by_name", "files", "items", "raw")

    def __init__(
        self,
        items: Iterable[tuple[str, str]] = (),
        files: dict[str, list[File]] | None = None,
        raw: bytes = b"",
    ) -> None:
        self.items = list(items)
        self.raw = raw
        self.files = files or {}
        self.by_name: dict[str, list[str]] = {}
        for name, value in self.items:
            if name in self.by_name:
                self.by_name[name].append(value)
            else:
                self.by_name[name] = [value]

    @classmethod
    def parse(cls, text: str) -> "Form":
        if "%00" in text or "\0" in text:  # no text column of PostgreSQL can hold it
            raise Unreadable("The form contains a null character.")
        try:
            items = parse_qsl(
                text, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS
            )
        except UnicodeDecodeError as wrong:
            raise Unreadable("The form is not encoded in UTF-8.") from wrong
        except ValueError as wrong:
            raise Unreadable(f"The form has more than {MOST_FIELDS} fields.") from wrong
        return cls(items, raw=text.encode("utf-8", "replace"))

    def get(self, name: str) -> str | None:
        """The last, if the name was given more than once."""
        values = self.by_name.get(name)
        return values[-1] if values else None

    def all(self, name: str) -> list[str]:
        return self.by_name.get(name, [])

    def __contains__(self, name: object) -> bool:
        return name in self.by_name


async def read_form(request: Request, *, most_bytes: int) -> Form:
    """Any other content type than a form's, JSON too, reads as an empty form, as at Twilio."""
    content_type = request.headers.get("content-type", _URLENCODED).lower()
    if content_type.startswith(_URLENCODED):
        body = await read_body(request, most_bytes=most_bytes)
        return _urlencoded(body) if body else Form()
    if content_type.startswith("multipart/form-data"):
        return await _multipart(request.headers, await read_body(request, most_bytes=most_bytes))
    return Form()


async def read_body(request: Request, *, most_bytes: int) -> bytes:
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise Unsupported("Compressed bodies are not accepted.")
    chunks: list[bytes] = []
    room, more = most_bytes, True
    while more:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        chunks.append(message.get("body", b""))
        more = message.get("more_body", False)
        room -= len(chunks[-1])
        if room < 0:
            raise TooLarge(f"The body of the request is larger than {most_bytes} bytes.")
    return b"".join(chunks)


def _urlencoded(body: bytes) -> Form:
    try:
        text = body.decode()
    except UnicodeDecodeError as wrong:
        raise Unreadable("The form is not encoded in UTF-8.") from wrong
    return Form.parse(text)


async def _multipart(headers: Headers, body: bytes) -> Form:
    async def whole() -> AsyncIterator[bytes]:
        yield body

    parser = MultiPartParser(
        headers,
        whole(),  # type: ignore[arg-type] # an async generator is what it wants
        max_files=MOST_FIELDS,
        max_fields=MOST_FIELDS,
        max_part_size=max(len(body), 1),
    )
    try:
        parts = await parser.parse()
    except (MultiPartException, UnicodeDecodeError, KeyError) as wrong:
        raise Unreadable("The multipart form is not well formed.") from wrong
    items: list[tuple[str, str]] = []
    files: dict[str, list[File]] = {}
    for name, value in parts.multi_items():
        if isinstance(value, UploadFile):
            files.setdefault(name, []).append(await _file(value))
        else:
            items.append((name, value))
    if any("\0" in name or "\0" in value for name, value in items):
        raise Unreadable("The form contains a null character.")
    return Form(items, files, body)


async def _file(upload: UploadFile) -> File:
    content = await upload.read()
    await upload.close()
    return File(upload.filename or "", upload.content_type or "application/octet-stream", content)
