"""Microseconds to write and to read one message, by codec."""  # noqa: A005 - a module of the package bench

import argparse
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from bench import report
from tests.fuzz.corpus import CORPUS
from tests.fuzz.outcome import Outcome

from magpie.protocols import mime, mm1, mm4, mm7, smpp

_BINARY = bytes(range(256)) * 400


def _smpp() -> tuple[Any, ...]:
    number = smpp.Address(1, 1, "15017122661")
    pdu = smpp.SubmitSm(1, source=number, destination=number, short_message=b"x" * 140)
    return pdu, smpp.encode, smpp.decode


def _mm1() -> tuple[Any, ...]:
    picture = mm1.Part(content_type=mm1.ContentType("image/jpeg"), data=_BINARY, content_id="a")
    content = mm1.Content(mm1.ContentType(mm1.RELATED), (picture,))
    return mm1.SendReq(transaction_id="T", content=content), mm1.encode, mm1.decode


def _mm4() -> tuple[Any, ...]:
    plain = mm4.read(CORPUS["mm4_mail"][Outcome.KEPT]["a text"])
    return plain, mm4.write, mm4.read


def _mm7() -> tuple[Any, ...]:
    request = mm7.read_message(
        "text/xml", CORPUS["mm7_soap"][Outcome.KEPT]["SubmitReq"].partition(b"\n")[2]
    )
    picture = mime.Part((("Content-Type", "image/jpeg"), ("Content-ID", "<a>")), _BINARY)

    def write(_: object) -> mm7.Framed:
        return mm7.write_message(request.operation, "T", mm7.Dialect(), picture)

    def read(framed: mm7.Framed) -> mm7.Message:
        return mm7.read_message(dict(framed.headers)["Content-Type"], b"".join(framed.chunks))

    return None, write, read


CODECS: dict[str, Callable[[], tuple[Any, ...]]] = {
    "SMPP submit_sm, 140 octets": _smpp,
    "MM1 m-send-req, 100 KB": _mm1,
    "MM4 forward, text": _mm4,
    "MM7 SubmitReq, 100 KB": _mm7,
}


def main(rounds: int) -> None:
    rows, kept = [], {}
    for name, made in CODECS.items():
        value, write, read = made()
        written = write(value)
        figures = {"write": _each(write, value, rounds), "read": _each(read, written, rounds)}
        kept[name] = figures
        rows.append((name, {f"{way} us": f"{each:.1f}" for way, each in figures.items()}))
    report.table("Codecs", rows)
    report.keep("codecs", kept)


def _each(call: Callable[[Any], object], value: object, rounds: int) -> float:
    """The median of rounds of a thousand calls."""
    runs = []
    for _ in range(rounds):
        began = time.perf_counter()
        for _ in range(1000):
            call(value)
        runs.append((time.perf_counter() - began) * 1000)
    return median(runs)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="bench.codecs")
    parser.add_argument("--rounds", type=int, default=5)
    main(parser.parse_args().rounds)
