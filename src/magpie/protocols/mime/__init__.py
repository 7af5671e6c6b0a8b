"""MIME bodies: multipart read and written as bytes (RFC 2045, 2046, 2387)."""

from magpie.protocols.mime.charsets import codec_of, text_of
from magpie.protocols.mime.errors import MimeError, ReadError, WriteError
from magpie.protocols.mime.headers import Headers, parse_headers, value_of, write_headers
from magpie.protocols.mime.parameters import Parameters, Value, parse_value
from magpie.protocols.mime.part import Part
from magpie.protocols.mime.reader import Limits, read, read_entity, read_message
from magpie.protocols.mime.words import decode_words, encode_words
from magpie.protocols.mime.writer import Transfer, Written, ascii_type, write

__all__ = [
    "Headers",
    "Limits",
    "MimeError",
    "Parameters",
    "Part",
    "ReadError",
    "Transfer",
    "Value",
    "WriteError",
    "Written",
    "ascii_type",
    "codec_of",
    "decode_words",
    "encode_words",
    "parse_headers",
    "parse_value",
    "read",
    "read_entity",
    "read_message",
    "text_of",
    "value_of",
    "write",
    "write_headers",
]
