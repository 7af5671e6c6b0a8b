"""Wireshark reads what passes between the platform and centres: pictures both ways, and reports."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.pairs.pcap import Conversation, Piece
from tests.pairs.tshark import conversed, faults, values
from tests.ports import free_port
from tests.sdk.mms_world import LINKS, OWN, PHONE, ROUTES, Make, running
from tests.sdk.recorder import recording
from tests.sdk.world import PICTURE, Platform, serving, until


class Wire(NamedTuple):
    """What Wireshark must find: layers, content types of parts, and words of each message."""

    protocol: str
    port: int
    layers: frozenset[str]
    parts: str
    messages: tuple[str, tuple[str, ...]]


_TYPES = ("application/smil", "image/png", "text/plain")
_MAIL = "X-Mms-Message-Type: MM4_"
WIRES = {
    "mm1": Wire(
        "http",
        80,
        frozenset({"http", "mmse", "png"}),
        "wsp.header.content_type",
        # m-send-req and its answer, m-notification-ind and m-delivery-ind
        ("mmse.message_type", ("0x80", "0x81", "0x82", "0x86")),
    ),
    "mm4": Wire(
        "smtp",
        25,
        frozenset({"smtp", "imf", "mime_multipart"}),
        "mime_multipart.header.content-type",
        (
            "imf.extension",
            tuple(
                _MAIL + name
                for name in (
                    "forward.REQ",
                    "forward.RES",
                    "delivery_report.REQ",
                    "delivery_report.RES",
                )
            ),
        ),
    ),
    "mm7": Wire(
        "http",
        80,
        frozenset({"http", "mime_multipart", "xml", "png"}),
        "mime_multipart.header.content-type",
        (
            "xml.tag",
            ("<SubmitReq", "<SubmitRsp", "<DeliveryReportReq", "<DeliveryReportRsp", "<DeliverReq"),
        ),
    ),
}


@contextmanager
def recorded(kind: str, made: Make, port: int) -> Iterator[list[Conversation]]:
    """Both directions of the link go through recorders from now on."""
    mmsc, carrier = made["mmsc"], made["carriers"][0]
    theirs = mmsc[f"{kind}_port"]
    ours = mmsc["mm4_peer_port"] if kind == "mm4" else port
    both: list[Conversation] = []
    with recording(theirs, both) as out, recording(ours, both) as back:
        if kind == "mm4":
            carrier["port"], mmsc["mm4_peer_port"] = out.port, back.port
        else:
            carrier["url"] = carrier["url"].replace(str(theirs), str(out.port))
            mmsc[f"{kind}_url"] = mmsc[f"{kind}_url"].replace(str(ours), str(back.port))
        yield both


def play(platform: Platform) -> None:
    """A picture goes and is told to be delivered, and another one comes."""
    with serving(platform.auth[1]) as customer:
        sent = platform.client().messages.create(
            from_=OWN,
            to=PHONE,
            body="Grüße",
            media_url=[f"{customer.url}/a.png"],
            status_callback=f"{customer.url}/status",
        )
        until(lambda: "delivered" in customer.statuses("/status", str(sent.sid)))
        number = platform.client().incoming_phone_numbers.list(phone_number=OWN)[0]
        number.update(sms_url=f"{customer.url}/in")
        platform.say(OWN, "Back over the wire", PICTURE, number=PHONE)
        until(lambda: [call for call in customer.heard("/in") if call.params["From"] == PHONE])


@pytest.mark.parametrize("kind", sorted(WIRES))
def test_wireshark_reads_the_wire(kind: str, tmp_path: Path) -> None:
    """Nothing malformed and nothing to warn of; every layer, part and message is known to it."""
    port = free_port()
    made = LINKS[kind](port) | {"routes": ROUTES}
    with recorded(kind, made, port) as conversations:
        with running(tmp_path, made, port) as platform:
            play(platform)
        _check(WIRES[kind], conversations, tmp_path)


def _check(wire: Wire, conversations: Sequence[Conversation], folder: Path) -> None:
    packets = conversed(folder, conversations, port=wire.port, protocol=wire.protocol)
    assert faults(packets) == []
    layers = {one for packet in packets for one in packet["frame"]["frame.protocols"].split(":")}
    assert wire.layers <= layers
    told = values(packets, wire.parts)
    assert [one for one in _TYPES if not any(value.startswith(one) for value in told)] == []
    name, words = wire.messages
    said = values(packets, name)
    assert [one for one in words if not any(value.startswith(one) for value in said)] == []


def test_wireshark_finds_what_is_malformed(tmp_path: Path) -> None:
    """The check can fail: a message of MM1 that is another one from its first octet on."""
    head = b"POST / HTTP/1.1\r\nContent-Type: application/vnd.wap.mms-message\r\n"
    body = b"\x8c\x80\x98T\0\x8d\x92\x84\x1f\x7f"
    spoiled = head + b"Content-Length: %d\r\n\r\n" % len(body) + body
    packets = conversed(tmp_path, [[Piece(True, spoiled)]], port=80, protocol="http")
    assert faults(packets) != []
