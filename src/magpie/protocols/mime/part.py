import msgspec

from magpie.protocols.mime.charsets import text_of
from magpie.protocols.mime.headers import Headers, value_of
from magpie.protocols.mime.parameters import Value, parse_value


class Part(msgspec.Struct, frozen=True):
    """An entity of RFC 2045: octets, or parts.

    `body` is decoded, so no header tells of a transfer encoding. A multipart in which no boundary
    was found has its octets in `body`.
    """

    headers: Headers = ()
    body: bytes = b""
    parts: tuple["Part", ...] = ()

    def header(self, name: str) -> str:
        return value_of(self.headers, name)

    @property
    def content_type(self) -> Value:
        return parse_value(self.header("Content-Type") or "text/plain; charset=us-ascii")

    @property
    def content_id(self) -> str:
        """Without its brackets."""
        return self.header("Content-ID").strip().removeprefix("<").removesuffix(">")

    @property
    def location(self) -> str:
        return self.header("Content-Location").strip()

    @property
    def filename(self) -> str:
        """Of the disposition, else the name of the content type."""
        disposition = parse_value(self.header("Content-Disposition"))
        return disposition["filename"] or self.content_type["name"]

    @property
    def text(self) -> str:
        return text_of(self.body, self.content_type["charset"])
