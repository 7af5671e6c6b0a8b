"""Texts in every coding, with a header before them or not."""

from typing import Final

from tests.fuzz.outcome import Cases, Outcome

_BODIES: Final = {
    "a UDH": b"\5\0\3\1\2\1hi",
    "a UDH of 16 bits": b"\6\x08\4\0\1\2\1hi",
    "a UDH of ports": b"\6\5\4\x0b\x84\x23\xf0hi",
    "a UDH that lies": b"\x7f\0\3hi",
    "national tables": b"\x06\x24\1\1\x25\1\1hi",
    "a lone surrogate": b"\0\xd8\0\0a",
    "ESC at the end": b"\0hi\x1b",
    "ESC before ESC": b"\0\x1b\x1b\x65",
    "CR that fills an octet": b"\0" + b"\x8d" * 8,
    "high octets": b"\0\xe9\xff",
    "a mark of UTF-16": b"\0\xff\xfeh\0i\0",
    "escapes of ISO-2022-JP": b'\0\x1b$B$"\x1b(B',
}
_ALPHABETS: Final = 4
_BINARY: Final = {
    2,
    4,
    *(16 * group + n for group in range(1, 8) for n in range(4, 8)),
    *(n for n in range(0xF0, 0x100) if n & 4),
}
"""The codings of octets that are no text (GSM 03.38 clause 4)."""
_EVERY: Final = {f"coding {n:#04x}": bytes((n, 0)) + b"\0\xd8\0\x1b\xffhi" for n in range(256)}
_TEXTS: Final = {
    **{
        f"{name}, alphabet {alphabet}": bytes((0, alphabet)) + body
        for name, body in _BODIES.items()
        for alphabet in range(_ALPHABETS)
    },
    **{f"{name}, in UCS-2": b"\x08\0" + body for name, body in _BODIES.items()},
    **{f"{name}, in ISO-2022-JP": b"\x0a\0" + body for name, body in _BODIES.items()},
    **{name: octets for name, octets in _EVERY.items() if octets[0] not in _BINARY},
}
DATA_CODING: Final[Cases] = {
    Outcome.KEPT: _TEXTS,
    Outcome.READ: {
        "nothing": b"",
        "a coding and no text": b"\x08\0",
        "a header and no text": b"\x08\0\5\0\3\1\2\1",
        **{name: octets for name, octets in _EVERY.items() if octets[0] in _BINARY},
    },
}
