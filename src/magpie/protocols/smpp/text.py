"""Text in messages: three ways to send a long one, all of them read (SMPP 3.4 clause 5.3.2)."""

from collections.abc import Iterator
from enum import Enum
from typing import Final

import msgspec

from magpie.protocols.gsm import (
    Concat,
    Encoding,
    Ports,
    UserDataHeader,
    encode_gsm7,
    encoding_of,
    pack,
    plan,
)
from magpie.protocols.smpp.addresses import AddressRules, to_address
from magpie.protocols.smpp.charsets import Alphabet, decode_text
from magpie.protocols.smpp.constants import DataCoding, EsmClass, RegisteredDelivery, Tag
from magpie.protocols.smpp.pdu import DataSm, DeliverSm, Message, SubmitSm
from magpie.protocols.smpp.tlv import Tlv, Tlvs

_VENDOR_TAGS: Final = range(0x1400, 0x4000)
# Octets of one short message (GSM 03.40 clause 9.2.3.16).
_WHOLE: Final = 140


class LongText(Enum):
    UDH_8 = "udh8"
    UDH_16 = "udh16"
    # The message centre makes the header, so parts leave as much room as with UDH_8.
    SAR = "sar"
    PAYLOAD = "payload"


class TextOptions(msgspec.Struct, frozen=True):
    """What one carrier wants.

    `message_reference` sends user_message_reference, 16 bits that differ from part to part;
    `reference_tag` names a vendor parameter that carries the caller's unique reference.
    """

    default_alphabet: Alphabet = Alphabet.GSM
    long_text: LongText = LongText.UDH_8
    addresses: AddressRules = AddressRules()
    registered_delivery: int = RegisteredDelivery.FINAL
    message_reference: bool = False
    reference_tag: int | None = None
    service_type: str = ""

    def __post_init__(self) -> None:
        if self.reference_tag is not None and self.reference_tag not in _VENDOR_TAGS:
            raise ValueError(f"0x{self.reference_tag:04X} is no vendor's tag")


class Text(msgspec.Struct, frozen=True):
    """`body` is None for binary content; `octets` are the content without its header.

    `sound` is false where the header's lengths lied.
    """

    body: str | None
    octets: bytes
    concat: Concat | None = None
    ports: Ports | None = None
    sound: bool = True


class _Part(msgspec.Struct, frozen=True):
    octets: bytes
    tlvs: Tlvs = ()
    udhi: bool = False


def build_submits(
    source: str,
    destination: str,
    body: str,
    *,
    options: TextOptions,
    reference: int,
    unique: str | None = None,
    validity_period: str = "",
) -> list[SubmitSm]:
    """One submit_sm for each part.

    `reference` joins the parts on the handset, so it must change from text to text. Part n is
    known to the carrier as `reference + n - 1` and `unique-n`, where the options ask for them.
    """
    encoding = _encoding(body, options.default_alphabet)
    return [
        SubmitSm(
            service_type=options.service_type,
            source=to_address(source, options.addresses),
            destination=to_address(destination, options.addresses),
            esm_class=EsmClass.UDHI if part.udhi else 0,
            validity_period=validity_period,
            registered_delivery=options.registered_delivery,
            data_coding=_data_coding(encoding),
            short_message=part.octets,
            tlvs=(*part.tlvs, *_references(options, reference, unique, index)),
        )
        for index, part in enumerate(_parts(body, encoding, options, reference))
    ]


def build_delivers(
    source: str, destination: str, body: str, *, options: TextOptions, reference: int
) -> list[DeliverSm]:
    """The same from the message centre to its client, who is asked for nothing."""
    return [
        DeliverSm(
            service_type=submit.service_type,
            source=submit.source,
            destination=submit.destination,
            esm_class=submit.esm_class,
            data_coding=submit.data_coding,
            short_message=submit.short_message,
            tlvs=submit.tlvs,
        )
        for submit in build_submits(source, destination, body, options=options, reference=reference)
    ]


def _encoding(body: str, alphabet: Alphabet) -> Encoding:
    """GSM-7 only where both the handset's alphabet and the carrier's can write the text."""
    encoding = encoding_of(body)
    if encoding is Encoding.GSM_7 and alphabet in _CODECS:
        try:
            body.encode(_CODECS[alphabet])
        except UnicodeEncodeError:
            return Encoding.UCS_2
    return encoding


_CODECS: Final = {Alphabet.LATIN_1: "latin-1", Alphabet.ASCII: "ascii"}


def _data_coding(encoding: Encoding) -> int:
    return DataCoding.DEFAULT if encoding is Encoding.GSM_7 else DataCoding.UCS_2


def _references(
    options: TextOptions, reference: int, unique: str | None, index: int
) -> Iterator[Tlv]:
    if options.message_reference:
        yield Tlv.number(Tag.USER_MESSAGE_REFERENCE, (reference + index) & 0xFFFF, 2)
    if options.reference_tag is not None and unique is not None:
        yield Tlv.string(options.reference_tag, f"{unique}-{index + 1}")


def _parts(body: str, encoding: Encoding, options: TextOptions, reference: int) -> Iterator[_Part]:
    bits: Final = 16 if options.long_text is LongText.UDH_16 else 8
    alphabet = options.default_alphabet
    texts = plan(body, encoding=encoding, reference_bits=bits).parts
    if len(texts) == 1:
        yield _Part(_octets(body, encoding, alphabet))
    elif options.long_text is LongText.PAYLOAD:
        yield _Part(b"", (Tlv(Tag.MESSAGE_PAYLOAD, _octets(body, encoding, alphabet)),))
    else:
        for index, text in enumerate(texts, 1):
            concat = Concat(reference & (2**bits - 1), len(texts), index)
            if options.long_text is LongText.SAR:
                yield _Part(_octets(text, encoding, alphabet), _sar(concat, reference))
            else:
                header = UserDataHeader((concat.element(reference_bits=bits),)).encode()
                yield _Part(header + _octets(text, encoding, alphabet, len(header)), udhi=True)


def _sar(concat: Concat, reference: int) -> Tlvs:
    return (
        Tlv.number(Tag.SAR_MSG_REF_NUM, reference & 0xFFFF, 2),
        Tlv.number(Tag.SAR_TOTAL_SEGMENTS, concat.total),
        Tlv.number(Tag.SAR_SEGMENT_SEQNUM, concat.index),
    )


def _octets(text: str, encoding: Encoding, alphabet: Alphabet, header: int = 0) -> bytes:
    if encoding is Encoding.UCS_2:
        return text.encode("utf-16-be", "surrogatepass")
    if alphabet in _CODECS:
        return text.encode(_CODECS[alphabet])
    septets = encode_gsm7(text)
    return _packed(septets, header) if alphabet is Alphabet.GSM_PACKED else septets


def _packed(septets: bytes, header: int) -> bytes:
    """Begins on a septet boundary after its header (GSM 03.40 clause 9.2.3.24).

    A full message has no room for the CR that would double its last one.
    """
    fill_bits = -8 * header % 7
    octets = pack(septets, fill_bits=fill_bits)
    full = fill_bits + 7 * len(septets) == 8 * (_WHOLE - header)
    return octets[: _WHOLE - header] if full else octets


def read_text(message: Message, default_alphabet: Alphabet = Alphabet.GSM) -> Text:
    """The content, wherever it stands; message_payload wins over short_message."""
    content = content_of(message)
    header, octets = UserDataHeader(), content
    if message.esm_class & EsmClass.UDHI:
        header, octets = UserDataHeader.split(content)
    skipped = len(content) - len(octets)
    return Text(
        body=decode_text(octets, message.data_coding, default_alphabet, header=skipped),
        octets=octets,
        concat=header.concat or _sar_concat(message),
        ports=header.ports or _ports(message),
        sound=header.sound,
    )


def content_of(message: Message) -> bytes:
    payload = message.tlv(Tag.MESSAGE_PAYLOAD)
    if payload or isinstance(message, DataSm):
        return payload or b""
    return message.short_message


def _sar_concat(message: Message) -> Concat | None:
    reference = message.tlv_number(Tag.SAR_MSG_REF_NUM)
    total = message.tlv_number(Tag.SAR_TOTAL_SEGMENTS)
    index = message.tlv_number(Tag.SAR_SEGMENT_SEQNUM)
    if reference is None or total is None or index is None or not 1 <= index <= total:
        return None
    return Concat(reference, total, index)


def _ports(message: Message) -> Ports | None:
    destination = message.tlv_number(Tag.DESTINATION_PORT)
    if destination is None:
        return None
    return Ports(destination, message.tlv_number(Tag.SOURCE_PORT) or 0)
