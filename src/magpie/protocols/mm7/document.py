"""From octets to the root of a document: no DTD, no entity, nothing deep, nothing large."""

import re
from collections.abc import Iterator
from typing import Any, Final
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from magpie.protocols.mime import codec_of
from magpie.protocols.mm7.errors import ReadError
from magpie.protocols.mm7.status import StatusCode

MOST_BYTES: Final = 1024 * 1024
MOST_DEPTH: Final = 32
MOST_ELEMENTS: Final = 20_000
"""A message has one for each recipient and a few dozen besides."""

_DECLARED: Final = re.compile(
    rb"\s*<\?xml\s[^>]{0,100}?encoding\s{0,9}=\s{0,9}[\"']([A-Za-z0-9._:-]{1,40})"
)
_BOMS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


class _Bounded(TreeBuilder):
    def __init__(self) -> None:
        super().__init__()
        self._depth = self._elements = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self._depth += 1
        self._elements += 1
        if self._depth > MOST_DEPTH or self._elements > MOST_ELEMENTS:
            raise _corrupt("the document is too deep or has too many elements")
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self._depth -= 1
        return super().end(tag)


def root_of(document: bytes, charset: str = "") -> Element:
    """`charset` is what the header says. Raise ReadError and nothing else."""
    if len(document) > MOST_BYTES:
        raise _corrupt(f"the document is longer than {MOST_BYTES} octets")
    text = _decoded(document, charset)
    parser: Any = DefusedXMLParser(target=_Bounded(), forbid_dtd=True)
    try:
        parser.feed(text)
        root: Element = parser.close()
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise _corrupt(str(error)[:200]) from error
    return root


def _decoded(document: bytes, charset: str) -> str:
    """A parser of XML would not know the charsets of Asia."""
    for codec in _codecs(document, charset):
        try:
            text = document.decode(codec).strip("\ufeff\0 \t\r\n")
        except UnicodeDecodeError:
            continue
        if text.startswith("<"):
            return text
    raise _corrupt("this is no XML in any charset that it names")


def _codecs(document: bytes, charset: str) -> Iterator[str]:
    """RFC 7303 clause 3: a byte order mark, the header, the declaration; else UTF-8."""
    yield from (codec for mark, codec in _BOMS if document.startswith(mark))
    declared = _DECLARED.match(document)
    for name in (charset, declared[1].decode() if declared else "", "utf-8"):
        if codec := codec_of(name):
            yield codec


def _corrupt(text: str) -> ReadError:
    return ReadError(StatusCode.FORMAT_CORRUPT, text)
