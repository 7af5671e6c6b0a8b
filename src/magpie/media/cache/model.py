"""What URLs gave an account when they were last fetched: its private cache (RFC 9111)."""

from datetime import datetime

from magpie.kit.record import Record


class Cached(Record, frozen=True):
    """`url_digest` is the SHA-256 of the URL; `digest` names the bytes."""

    account_sid: str
    url_digest: bytes
    etag: str | None
    last_modified: str | None
    digest: str
    content_type: str
    size: int
    file_name: str | None
    fresh_until: datetime
    fetched_at: datetime
