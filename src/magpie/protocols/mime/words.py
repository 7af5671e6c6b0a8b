"""Text in headers that are ASCII (RFC 2047)."""

import binascii
import re
from collections.abc import Iterator
from typing import Final

from magpie.protocols.mime.charsets import text_of

_WORD: Final = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?\s]*)\?=")
_BETWEEN: Final = re.compile(r"(\?=)[ \t\r\n]+(?==\?)")
_LONGEST: Final = 45
"""Octets whose base64 makes an encoded word of less than 75 characters."""


def decode_words(value: str) -> str:
    """What cannot be decoded stays as it is written."""
    if "=?" not in value:
        return value
    return _WORD.sub(_decoded, _BETWEEN.sub(r"\1", value))


def _decoded(found: re.Match[str]) -> str:
    charset, form, content = found.groups()
    octets = content.encode("utf-8", "replace")
    try:
        if form in "bB":
            octets = binascii.a2b_base64(octets + b"=" * (-len(octets) % 4))
        else:
            octets = binascii.a2b_qp(octets, header=True)
    except binascii.Error:
        return found[0]
    return text_of(octets, charset.partition("*")[0])


def encode_words(value: str) -> str:
    """ASCII stays as it is."""
    if value.isascii():
        return value
    return " ".join(
        f"=?utf-8?B?{binascii.b2a_base64(piece, newline=False).decode()}?="
        for piece in _pieces(value)
    )


def _pieces(value: str) -> Iterator[bytes]:
    """No character is cut in two (RFC 2047 clause 5)."""
    piece = b""
    for character in value:
        octets = character.encode("utf-8", "replace")
        if len(piece) + len(octets) > _LONGEST:
            yield piece
            piece = b""
        piece += octets
    yield piece
