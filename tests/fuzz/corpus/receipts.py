"""Receipts as message centres write them, each in its own way."""

from typing import Final

from magpie.protocols import smpp
from magpie.protocols.smpp import Tag, Tlv

_RECEIPT: Final = 0x04
_CLASSIC: Final = (
    "id:0123456789 sub:001 dlvrd:001 submit date:2601020304 done date:2601020305 "
    "stat:DELIVRD err:000 text:hello"
)
_TEXTS: Final = {
    "as in appendix B": _CLASSIC,
    "seconds in its dates": _CLASSIC.replace("020304 ", "02030406 "),
    "a century in its dates": _CLASSIC.replace("date:26", "date:2026"),
    "ISO dates": _CLASSIC.replace("2601020305", "2026-01-02T03:05:06Z"),
    "dates of zeros": _CLASSIC.replace("2601020304", "0000000000"),
    "dates of nines": _CLASSIC.replace("2601020305", "999999999999"),
    "an id in hexadecimal": "id:0A1B sub:1 dlvrd:0 stat:UNDELIV err:7",
    "an id with dashes": "id:7d9f-11 stat:DELIVRD",
    "small letters": _CLASSIC.lower(),
    "capitals": "ID:1 SUB:001 STAT:DELIVRD ERR:000 TEXT:",
    "no blank in the names of dates": _CLASSIC.replace(" date:", "date:"),
    "another order": "stat:EXPIRED err:000 done date:2601020305 id:1",
    "blanks after the colons": "id: 1 sub: 001 stat: REJECTD err: 01F",
    "commas": "id:1,sub:001,stat:DELIVRD,err:000",
    "fields of a vendor": "id:1 stat:DELIVRD err:000 imsi:310150 mcc:310 price:0.01 vmsc:1",
    "a word in full": "id:1 stat:UNDELIVERED err:",
    "a word that nobody knows": "id:1 stat:WHATEVER",
    "letters for an error": "id:1 stat:FAILED err:ABSENT",
    "every field empty": "id: sub: dlvrd: submit date: done date: stat: err: text:",
    "fields in its text": "id:1 stat:DELIVRD text:id:2 stat:REJECTD",
    "no field": "gibberish",
    "nothing": "",
}
_BOTH: Final = (Tlv.string(Tag.RECEIPTED_MESSAGE_ID, "ff"), Tlv.number(Tag.MESSAGE_STATE, 3))
_NO_NUL: Final = (Tlv(Tag.RECEIPTED_MESSAGE_ID, b"ff"), Tlv(Tag.NETWORK_ERROR_CODE, b"\3\0\x1b"))


def _told(content: bytes, *tlvs: Tlv, esm_class: int = _RECEIPT, coding: int = 0) -> smpp.Pdu:
    return smpp.DeliverSm(
        2, esm_class=esm_class, data_coding=coding, short_message=content, tlvs=tlvs
    )


RECEIPTS: Final[dict[str, smpp.Pdu]] = {
    **{name: _told(text.encode()) for name, text in _TEXTS.items()},
    "parameters alone": _told(b"", *_BOTH),
    "an id without its NUL": _told(b"", *_NO_NUL),
    "parameters against the text": _told(_CLASSIC.encode(), *_BOTH),
    "a state that no table has": _told(b"", Tlv.number(Tag.MESSAGE_STATE, 99)),
    "not marked as one": _told(_CLASSIC.encode(), esm_class=0),
    "in between": _told(b"id:1 stat:ENROUTE", esm_class=0x20),
    "NULs in its text": _told(b"id:1 stat:DELIVRD text:\xff\xfe\0id:2"),
    "in UCS-2": _told(_CLASSIC[:70].encode("utf-16-be"), coding=8),
    "with a UDH": _told(b"\5\0\3\1\2\1" + _CLASSIC.encode(), esm_class=0x44),
    "by data_sm": smpp.DataSm(
        2, 0, (Tlv(Tag.MESSAGE_PAYLOAD, _CLASSIC.encode()),), esm_class=_RECEIPT
    ),
}
