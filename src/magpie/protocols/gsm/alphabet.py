"""The default alphabet of GSM 03.38 (clause 6.2.1) and its extension, one septet per octet."""

import codecs
import re
from typing import Final

ESC: Final = 0x1B

DEFAULT: Final = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ"
    " !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION: Final = {
    0x0A: "\f",
    0x14: "^",
    0x28: "{",
    0x29: "}",
    0x2F: "\\",
    0x3C: "[",
    0x3D: "~",
    0x3E: "]",
    0x40: "|",
    0x65: "€",
}

_BASIC: Final = DEFAULT.replace("\x1b", "")
_EXTENDED: Final = "".join(EXTENSION.values())
_ENCODE: Final[dict[int, bytes]] = {
    **{ord(char): bytes([code]) for code, char in enumerate(DEFAULT) if code != ESC},
    **{ord(char): bytes([ESC, code]) for code, char in EXTENSION.items()},
}
# Octets with the top bit set are no septets; carriers that send them mean Latin-1.
_DECODE: Final = DEFAULT + bytes(range(0x80, 0x100)).decode("latin-1")
_AFTER_ESC: Final = {
    **{DEFAULT[code]: char for code, char in EXTENSION.items()},
    **dict.fromkeys(("", "\x1b"), " "),
}

_ASCII_BASIC: Final = "".join(filter(str.isascii, _BASIC)).encode()
_ASCII_EXTENDED: Final = "".join(filter(str.isascii, _EXTENDED)).encode()
_ASCII_ENCODE: Final = bytes(_ENCODE.get(code, b"\0")[0] for code in range(256))
_FOREIGN: Final = re.compile(f"[^{re.escape(_BASIC + _EXTENDED)}]")
_COSTS_TWO: Final = re.compile(f"[{re.escape(_EXTENDED)}]")
_ESCAPED: Final = re.compile("\x1b(.?)", re.DOTALL)


def is_gsm7(text: str) -> bool:
    if text.isascii():
        return not text.encode().translate(None, _ASCII_BASIC + _ASCII_EXTENDED)
    return _FOREIGN.search(text) is None


def septets(text: str) -> int:
    """Septets that `text` takes; what lies outside the alphabet counts as one."""
    if text.isascii():
        raw = text.encode()
        return 2 * len(raw) - len(raw.translate(None, _ASCII_EXTENDED))
    return len(text) + len(_COSTS_TWO.findall(text))


def encode_gsm7(text: str) -> bytes:
    """Raise UnicodeEncodeError for a character that the alphabet lacks."""
    if text.isascii():
        raw = text.encode()
        if not raw.translate(None, _ASCII_BASIC):
            return raw.translate(_ASCII_ENCODE)
    return codecs.charmap_encode(text, "strict", _ENCODE)[0]


def decode_gsm7(octets: bytes) -> str:
    """Never fails: an unknown extension shows the default character, a stray ESC a space."""
    text = codecs.charmap_decode(octets, "strict", _DECODE)[0]
    return _ESCAPED.sub(_extension, text) if ESC in octets else text


def _extension(match: re.Match[str]) -> str:
    return _AFTER_ESC.get(match[1], match[1])
