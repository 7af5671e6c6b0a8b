"""PDUs that are known to have hurt others, and those that we write."""

import struct
from typing import Any, Final

from tests.fuzz.corpus.receipts import RECEIPTS
from tests.fuzz.outcome import Cases, Outcome

from magpie.protocols import smpp
from magpie.protocols.smpp import Tag, Tlv
from magpie.protocols.smpp.codec import KINDS

_FROM: Final = smpp.Address(1, 1, "15017122661")
_TO: Final = smpp.Address(1, 1, "15558675310")
_SUBMIT: Final = 0x04
_UDHI: Final = 0x40


def header(length: int, command: int, sequence: int = 1, status: int = 0) -> bytes:
    return struct.pack(">IIII", length, command, status, sequence)


def submit(content: bytes = b"hello", **more: Any) -> bytes:
    return smpp.encode(
        smpp.SubmitSm(1, source=_FROM, destination=_TO, short_message=content, **more)
    )


def grown(pdu: bytes, more: bytes) -> bytes:
    """With octets at the end, and a length that holds them."""
    return struct.pack(">I", len(pdu) + len(more)) + pdu[4:] + more


_PLAIN: Final = submit()
_SENTENCE: Final = "The € is two septets, and the cut is between. " * 8
_LONG: Final = {
    how.name: b"".join(
        smpp.encode(part)
        for part in smpp.build_submits(
            "1", "2", _SENTENCE, options=smpp.TextOptions(long_text=how), reference=300
        )
    )
    for how in smpp.LongText
}
_KEPT: Final = {
    **{f"{kind.__name__} with nothing in it": smpp.encode(kind(1)) for kind in KINDS.values()},
    "two PDUs in one": _PLAIN + smpp.encode(smpp.EnquireLink(2)),
    "a request that has a status": header(16, 0x15, status=8),
    "a submit_sm of defaults that has a status": grown(
        header(16, _SUBMIT, status=8), smpp.encode(smpp.SubmitSm())[16:]
    ),
    "255 octets of text": submit(b"x" * 255),
    "sm_length and message_payload": submit(tlvs=(Tlv(Tag.MESSAGE_PAYLOAD, b"both"),)),
    "message_payload of 64 kB": submit(b"", tlvs=(Tlv(Tag.MESSAGE_PAYLOAD, b"x" * 0xFFFF),)),
    "UDHI without a text": submit(b"", esm_class=_UDHI),
    "UDH longer than the text": submit(b"\xff\0\3\1\2\1hello", esm_class=_UDHI),
    "UDH that ends inside an element": submit(b"\4\0\3\1\2\1hello", esm_class=_UDHI),
    "UDH whose element is too long": submit(b"\5\0\xff\1\2\1hello", esm_class=_UDHI),
    "UDH of no octets": submit(b"\0hello", esm_class=_UDHI),
    "UDH: part 0 of 0": submit(b"\5\0\3\1\0\0hello", esm_class=_UDHI),
    "UDH: part 3 of 2": submit(b"\5\0\3\1\2\3hello", esm_class=_UDHI),
    "UDH twice concatenated": submit(b"\x0b\0\3\1\2\1\x08\4\0\1\2\1hi", esm_class=_UDHI),
    "SAR: part 9 of 2": submit(
        tlvs=(
            Tlv.number(Tag.SAR_MSG_REF_NUM, 1, 2),
            Tlv.number(Tag.SAR_TOTAL_SEGMENTS, 2),
            Tlv.number(Tag.SAR_SEGMENT_SEQNUM, 9),
        )
    ),
    "TLV longer than what is there": grown(_PLAIN, b"\x04\x24\xff\xff"),
    "TLV cut in its head": grown(_PLAIN, b"\x04\x24\0"),
    "TLV repeated": grown(_PLAIN, b"\x02\x0c\0\2\0\1" * 3),
    "TLV of no octets": grown(_PLAIN, b"\x02\x0c\0\0"),
    "TLV unknown": grown(_PLAIN, b"\xff\xff\0\1x"),
    "TLV of 30 octets for one": grown(_PLAIN, b"\x04\x27\0\x1e" + b"\xff" * 30),
    "one octet after the fields": grown(_PLAIN, b"\xff"),
    "sequence 0": header(16, 0x15, 0),
    "sequence above 0x7fffffff": header(16, 0x15, 0x80000000),
    "sequence 0xffffffff": header(16, 0x15, 0xFFFFFFFF),
    "response without a request": smpp.encode(smpp.SubmitSmResp(7, message_id="a")),
    "response whose id has no NUL": grown(header(16, 0x80000004), b"abc"),
    "failed response with a body": grown(header(16, 0x80000004, status=8), b"\0\0"),
    "failed response without a body": header(16, 0x80000004, status=8),
    "a date that is none": submit(validity_period="999999999999999R"),
    "a date of the 31st of February": submit(schedule_delivery_time="260231250000000+"),
    "lone surrogates": submit(b"\xd8\0\0a\xdc\0", data_coding=8),
    "half a UCS-2 character": submit(b"\0a\xd8", data_coding=8),
    "ESC at the end": submit(b"a" * 159 + b"\x1b"),
    "ESC before a UDH's edge": submit(b"\5\0\3\1\2\1" + b"a" * 152 + b"\x1b", esm_class=_UDHI),
    "euro on the other side of the edge": submit(b"\5\0\3\1\2\2" + b"\x65", esm_class=_UDHI),
    **{f"data_coding {n:#04x}": submit(b"\xd8\0\x1b\xff", data_coding=n) for n in range(256)},
    **{f"esm_class {n:#04x}": submit(esm_class=n) for n in range(0, 256, 4)},
    **{f"a long text by {name}": octets for name, octets in _LONG.items()},
    **{f"receipt: {name}": smpp.encode(pdu) for name, pdu in RECEIPTS.items()},
}
_MULTI: Final = smpp.encode(smpp.SubmitMulti(1, destinations=(_TO, smpp.DistributionList("all"))))
_REFUSED: Final = {
    **{f"command_length {length}": header(length, _SUBMIT) for length in (0, 2, 8, 15)},
    **{f"command_length {length}": header(length, _SUBMIT) for length in (2**31, 2**32 - 1)},
    "command_length 16 and no body": header(16, _SUBMIT),
    "three octets": b"\0\0\0",
    "body shorter than its length": _PLAIN[:-2],
    "body longer than its length": _PLAIN + b"more",
    "garbage after a PDU": _PLAIN + b"\xff" * 16,
    "HTTP": b"GET / HTTP/1.1\r\nHost: smsc\r\n\r\n",
    "TLS": bytes.fromhex("160301020001000100"),
    "unknown command": header(16, 0x0BAD),
    "unknown response": header(16, 0x80000BAD),
    "broadcast_sm of 5.0": header(16, 0x111),
    "no NUL": grown(header(16, _SUBMIT), b"AAAA"),
    "no NUL in the last string": _PLAIN[:3] + b"\x1c" + _PLAIN[4:28],
    "service_type of 300": grown(header(16, _SUBMIT), b"A" * 300 + b"\0" + _PLAIN[17:]),
    "source_addr of 21": _PLAIN.replace(b"15017122661", b"1" * 21).replace(
        _PLAIN[:4], struct.pack(">I", len(_PLAIN) + 10)
    ),
    "password of 9": grown(header(16, 0x09), b"me\0" + b"p" * 9 + b"\0\0\x34\0\0\0"),
    "sm_length past the end": _PLAIN[:-6] + b"\xff" + _PLAIN[-5:],
    "submit_multi: 255 destinations in none": _MULTI.replace(b"\2\1\1\1", b"\xff\1\1\1"),
    "submit_multi: a flag that is none": _MULTI.replace(b"\2all\0", b"\3all\0"),
}
_READ: Final = {
    "a date of three characters": grown(
        header(16, _SUBMIT), b"\0" + b"\0\0\0" * 2 + b"\0\0\0" + b"123\0" + b"\0" + b"\0" * 5
    ),
    "a response whose id is too long": grown(header(16, 0x80000004), b"a" * 100 + b"\0"),
}
SMPP_PDU: Final[Cases] = {Outcome.KEPT: _KEPT, Outcome.REFUSED: _REFUSED, Outcome.READ: _READ}
