"""A carrier that takes everything, writes it down and sends receipts. It reads SMPP 3.4 by itself.

    python -m tests.rig.smsc [--ledger FILE] [--dedupes TAG] [--receipt-after S] [--receipts N]

It prints its port. It is its own codec, so that a mistake of ours cannot hide in both ends, and it
takes the time of an arrival from the kernel, so that its own slowness is not taken for haste.
"""

import argparse
import asyncio
import random
import socket
import struct
import time
from collections import deque
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import uvloop
from tests.rig.history import Submitted
from tests.rig.ledger import Ledger
from tests.rig.processes import announce

_HEAD = struct.Struct(">IIII")
_RESPONSE = 0x80000000
_BINDS = {0x01: True, 0x02: False, 0x09: True}  # receiver, transmitter, transceiver
_SUBMIT, _DELIVER, _UNBIND, _ENQUIRE = 0x04, 0x05, 0x06, 0x15
_GENERIC_NACK, _BAD_COMMAND = 0x80000000, 0x03
_TIMESTAMPS = 35  # SO_TIMESTAMPNS
_UDHI = 0x40
_UCS2 = 8
_INTERNATIONAL = 1
_OUTSTANDING = 500
_LOOK_SECONDS = 0.005


class Submit:
    """The fields of a submit_sm that matter here (SMPP 3.4 clause 4.4.1)."""

    __slots__ = ("coding", "destination", "esm", "from_", "receipt", "source", "text", "tlvs", "to")

    def __init__(self, body: bytes) -> None:
        at = body.index(0) + 3
        end = body.index(0, at)
        self.source = body[at:end]
        self.from_ = _number(body[at - 2], self.source)
        at = end + 3
        end = body.index(0, at)
        self.destination = body[at:end]
        self.to = _number(body[at - 2], self.destination)
        self.esm = body[end + 1]
        at = body.index(0, end + 4) + 1
        at = body.index(0, at) + 1
        self.receipt = body[at] & 3
        self.coding = body[at + 2]
        length = body[at + 4]
        self.text = body[at + 5 : at + 5 + length]
        self.tlvs = body[at + 5 + length :]

    def tlv(self, tag: int) -> bytes | None:
        at = 0
        while at + 4 <= len(self.tlvs):
            found, length = struct.unpack_from(">HH", self.tlvs, at)
            if found == tag:
                return self.tlvs[at + 4 : at + 4 + length]
            at += 4 + length
        return None

    def part(self) -> tuple[int, int, str]:
        """Number, total and text, by the concatenation header (GSM 03.40 clause 9.2.3.24.1)."""
        octets, total, part = self.text, 1, 1
        if self.esm & _UDHI:
            header, octets = octets[1 : 1 + octets[0]], octets[1 + octets[0] :]
            while len(header) >= 2:
                kind, length = header[0], header[1]
                if kind in {0, 8}:
                    total, part = header[length], header[length + 1]
                header = header[2 + length :]
        text = octets.decode("utf-16-be" if self.coding == _UCS2 else "latin-1")
        return part, total, text


def _number(kind: int, address: bytes) -> str:
    return ("+" if kind == _INTERNATIONAL else "") + address.decode()


def receipt(id_: bytes, submit: Submit) -> bytes:
    """The body of a deliver_sm that says it was delivered."""
    date = time.strftime("%y%m%d%H%M").encode()
    text = b"id:%b sub:001 dlvrd:001 submit date:%b done date:%b stat:DELIVRD err:000 text:" % (
        id_,
        date,
        date,
    )
    return (
        b"\0\1\1%b\0\1\1%b\0\4\0\0\0\0\0\0\0\0" % (submit.destination, submit.source)
        + bytes([len(text)])
        + text
        + struct.pack(">HH", 0x001E, len(id_) + 1)
        + id_
        + b"\0"
        + struct.pack(">HHB", 0x0427, 1, 2)
    )


class Smsc:
    def __init__(
        self, ledger: Ledger, *, dedupes: int | None, receipt_after: float, receipts: int
    ) -> None:
        self.ledger = ledger
        self.writes = ledger.kept
        self.dedupes = dedupes
        self.receipt_after = receipt_after
        self.receipts = receipts
        self.accepted = 0
        self.looked, self._awake = 0.0, 0.0
        self.chance = random.Random(1)
        self._known: dict[bytes, bytes] = {}
        self._ids = count(1)
        self._due: deque[bytes] = deque()
        self._sessions: set[Session] = set()

    def connected(self, connection: socket.socket) -> None:
        Session(self, connection)

    def joined(self, session: "Session") -> None:
        self._sessions.add(session)
        self.deliver()

    def left(self, session: "Session") -> None:
        """Receipts that nobody has answered for are sent again, to whoever binds next."""
        self._sessions.discard(session)
        self._due.extendleft(session.outstanding.values())
        self.deliver()

    async def look(self) -> None:
        """Note when this process was awake: what came before `looked` has been read by now."""
        while True:
            self.looked, self._awake = self._awake, time.time()
            await asyncio.sleep(_LOOK_SECONDS)

    def submitted(self, submit: Submit, at: float) -> bytes:
        reference = submit.tlv(self.dedupes) if self.dedupes else None
        known = self._known.get(reference) if reference else None
        id_ = known or b"%x" % next(self._ids)
        if reference:
            self._known[reference] = id_
        if self.writes:
            self._note(submit, at, id_, reference, known=known is not None)
        if known is None:
            self.accepted += 1
            if submit.receipt:
                self._promise(receipt(id_, submit))
        return id_

    def _note(
        self, submit: Submit, at: float, id_: bytes, reference: bytes | None, *, known: bool
    ) -> None:
        part, parts, text = submit.part()
        self.ledger.note(
            Submitted(
                t=at,
                since=min(at, self.looked),
                from_=submit.from_,
                to=submit.to,
                text=text,
                id=id_.decode(),
                reference=(reference or b"").rstrip(b"\0").decode(),
                part=part,
                parts=parts,
                known=known,
            )
        )

    def _promise(self, body: bytes) -> None:
        for _ in range(self.receipts):
            if self.receipt_after:
                delay = self.receipt_after * self.chance.random()
                asyncio.get_running_loop().call_later(delay, self._fall_due, body)
            else:
                self._due.append(body)

    def _fall_due(self, body: bytes) -> None:
        self._due.append(body)
        self.deliver()

    def again(self, body: bytes) -> None:
        asyncio.get_running_loop().call_later(0.5, self._fall_due, body)

    def deliver(self) -> None:
        for session in list(self._sessions):
            while self._due and len(session.outstanding) < _OUTSTANDING:
                session.deliver(self._due.popleft())
            session.flush()


class Session:
    def __init__(self, smsc: Smsc, connection: socket.socket) -> None:
        connection.setblocking(False)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setsockopt(socket.SOL_SOCKET, _TIMESTAMPS, 1)
        self.outstanding: dict[int, bytes] = {}
        self._smsc = smsc
        self._connection = connection
        self._loop = asyncio.get_running_loop()
        self._buffer = b""
        self._out = bytearray()
        self._sequence = count(1)
        self._loop.add_reader(connection, self._read)

    def deliver(self, body: bytes) -> None:
        sequence = next(self._sequence)
        self.outstanding[sequence] = body
        self._put(_DELIVER, sequence, body)

    def flush(self) -> None:
        if not self._out:
            return
        try:
            sent = self._connection.send(self._out)
        except BlockingIOError:
            sent = 0
        except OSError:
            # The reader may never hear of it: the error is told once.
            self._loop.call_soon(self._close)
            return
        del self._out[:sent]
        if self._out:
            self._loop.add_writer(self._connection, self._writable)

    def _writable(self) -> None:
        if self._connection.fileno() >= 0:
            self._loop.remove_writer(self._connection)
            self.flush()

    def _read(self) -> None:
        try:
            data, notes, _, _ = self._connection.recvmsg(262_144, 64)
        except BlockingIOError:
            return
        except OSError:
            data, notes = b"", []
        if not data:
            self._close()
            return
        at = _arrival(notes)
        self._buffer += data
        for command, status, sequence, body in self._frames():
            self._handle(command, status, sequence, body, at)
        self._smsc.deliver()
        self.flush()

    def _frames(self) -> Iterator[tuple[int, int, int, bytes]]:
        buffer, at = self._buffer, 0
        while len(buffer) - at >= 16:
            length, command, status, sequence = _HEAD.unpack_from(buffer, at)
            if len(buffer) - at < length:
                break
            yield command, status, sequence, buffer[at + 16 : at + length]
            at += length
        self._buffer = buffer[at:]

    def _handle(self, command: int, status: int, sequence: int, body: bytes, at: float) -> None:
        if command == _SUBMIT:
            id_ = self._smsc.submitted(Submit(body), at)
            self._put(command | _RESPONSE, sequence, id_ + b"\0")
        elif command == _DELIVER | _RESPONSE:
            unanswered = self.outstanding.pop(sequence, None)
            if status and unanswered:
                self._smsc.again(unanswered)
        elif command in _BINDS:
            self._put(command | _RESPONSE, sequence, b"rig\0")
            if _BINDS[command]:
                self._smsc.joined(self)
        elif command in {_ENQUIRE, _UNBIND}:
            self._put(command | _RESPONSE, sequence, b"")
        elif not command & _RESPONSE:
            self._put(_GENERIC_NACK, sequence, b"", _BAD_COMMAND)

    def _put(self, command: int, sequence: int, body: bytes, status: int = 0) -> None:
        self._out += _HEAD.pack(16 + len(body), command, status, sequence) + body

    def _close(self) -> None:
        if self._connection.fileno() < 0:
            return
        self._loop.remove_reader(self._connection)
        self._loop.remove_writer(self._connection)
        self._connection.close()
        self._smsc.left(self)


def _arrival(notes: list[tuple[int, int, bytes]]) -> float:
    for _, kind, data in notes:
        if kind == _TIMESTAMPS:
            seconds, nanoseconds = struct.unpack("qq", data)
            return float(seconds) + float(nanoseconds) / 1e9
    return time.time()


async def _main() -> None:
    parser = argparse.ArgumentParser(prog="tests.rig.smsc")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--ledger", type=Path)
    parser.add_argument("--dedupes", type=lambda text: int(text, 0))
    parser.add_argument("--receipt-after", type=float, default=0.0)
    parser.add_argument("--receipts", type=int, default=1)
    given = parser.parse_args()
    ledger = Ledger(given.ledger)
    smsc = Smsc(
        ledger,
        dedupes=given.dedupes,
        receipt_after=given.receipt_after,
        receipts=given.receipts,
    )
    listener = socket.create_server(("127.0.0.1", given.port), backlog=128)
    listener.setblocking(False)
    loop = asyncio.get_running_loop()
    loop.add_reader(listener, lambda: smsc.connected(listener.accept()[0]))
    announce(listener.getsockname()[1])
    await asyncio.gather(ledger.keep(), smsc.look())


if __name__ == "__main__":
    uvloop.run(_main())
