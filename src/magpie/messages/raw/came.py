"""What is kept of a request, read off the call of the API or the PDUs that it was."""

import re
from collections.abc import Sequence
from typing import Final

from magpie.kit.rest import Call
from magpie.messages.raw import masks
from magpie.messages.raw.model import MOST, RawRequest

ADDRESS: Final = "address"
"""Of the client, in the `extra` of a call: put there by who authorizes it."""
USER: Final = "user"
"""Of the console, in the `extra` of a call that it makes."""

_MOST_HEADERS: Final = 100
_LONGEST: Final = 2048
_BOUNDARY: Final = re.compile(r'boundary="?([^";]+)', re.IGNORECASE)
_FILE: Final = re.compile(rb"(?i)^content-disposition:[^\r\n]*\bfilename\*?=", re.MULTILINE)


def of_call(call: Call) -> RawRequest:
    user = call.extra.get(USER)
    query = call.query.raw.decode("utf-8", "replace")
    return RawRequest(
        "console" if user else "api",
        user or call.principal.key_sid or call.principal.holder.sid,
        call.extra.get(ADDRESS, ""),
        "POST",
        f"{call.request_path}?{query}" if query else call.request_path,
        _headers(call),
        _body(call),
        len(call.form.raw),
    )


def of_pdus(system_id: str, pdus: Sequence[bytes]) -> RawRequest:
    octets = b"".join(pdus)
    return RawRequest("smpp", system_id, "", "", "", [], octets[:MOST], len(octets))


def _headers(call: Call) -> list[tuple[str, str]]:
    given = list(call.headers.items())[:_MOST_HEADERS]
    return [(name, masks.header(name, value)[:_LONGEST]) for name, value in given]


def _body(call: Call) -> bytes:
    body = call.form.raw
    if call.form.files:
        body = without_files(body, call.headers.get("content-type", ""))
    kept = body[:MOST]
    if b"@" in kept or b"%40" in kept:
        return masks.urls(kept.decode("latin-1")).encode("latin-1")
    return kept


def without_files(body: bytes, content_type: str) -> bytes:
    """A multipart form in which each file says how long it was (RFC 7578)."""
    found = _BOUNDARY.search(content_type)
    if found is None:
        return body
    delimiter = b"--" + found[1].encode("latin-1")
    return delimiter.join(_without_file(part) for part in body.split(delimiter))


def _without_file(part: bytes) -> bytes:
    head, gap, content = part.partition(b"\r\n\r\n")
    if not gap or not _FILE.search(head):
        return part
    return b"%s%s(%d bytes)\r\n" % (head, gap, len(content) - len(b"\r\n"))
