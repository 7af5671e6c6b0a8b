"""From the bytes of an answer to the root of its document."""

import re
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from magpie.protocols.twiml.model import BAD_ROOT, BAD_VERSION, UNPARSABLE, TwimlError

_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([A-Za-z0-9._:-]+)", re.IGNORECASE)
_DECLARATION = re.compile(
    rb"<\?xml\s+version\s*=\s*[\"']([^\"'<>]*)[\"'](?:\s+encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"'])?"
)
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
# What web servers do send. Python knows more codecs, some of them no character sets at all.
_CODECS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "ascii",
    "ascii": "ascii",
    "utf-16": "utf-16",
    "iso-8859-1": "cp1252",  # as the Encoding Standard has it
    "latin1": "cp1252",
    "windows-1252": "cp1252",
    "iso-8859-15": "iso8859-15",
}


def root_of(answer: bytes, content_type: str) -> Element:
    if (declared := _DECLARATION.match(answer)) and declared[1] != b"1.0":
        raise TwimlError(BAD_VERSION, "the XML version is not 1.0")
    try:
        root: Element = fromstring(decoded(answer, content_type), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise TwimlError(UNPARSABLE, str(error)[:200]) from error
    if root.tag != "Response":
        raise TwimlError(BAD_ROOT, f"the root is {name_of(root)}, not Response")
    return root


def decoded(answer: bytes, content_type: str) -> str:
    # RFC 7303, 3: a byte order mark, then the header, then the declaration; else UTF-8.
    named = _CHARSET.search(content_type)
    declared = _DECLARATION.match(answer)
    charset = named[1] if named else (declared[2] or b"").decode() if declared else ""
    bom = next((codec for mark, codec in _BOMS if answer.startswith(mark)), None)
    try:
        return answer.decode(bom or _CODECS.get(charset.lower(), "utf-8"))
    except UnicodeDecodeError as error:
        raise TwimlError(UNPARSABLE, str(error)[:200]) from error


def name_of(element: Element) -> str:
    return str(element.tag)[:40]
