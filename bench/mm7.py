"""MMS a second by MM7, one picture to many; the ceiling is aiohttp posting the same octets."""

import argparse
import asyncio
import os
import time
from collections.abc import Awaitable, Callable

import aiohttp
import uvloop
from bench import driver, report

from magpie.carriers.mm7 import LinkOptions, Mm7Carrier
from magpie.carriers.mms import Contents
from magpie.carriers.traffic import Accepted, Inbound, Kind, MediaPart, Receipt, Submission
from magpie.kit import clock
from magpie.kit.blobs import Blobs
from magpie.kit.egress import Policy
from magpie.protocols import mm7

_WINDOW = 32
_ROUNDS = 3
_SIZES = {"5 KB": (5_000, 1_000), "100 KB": (100_000, 300)}
"""Octets of the picture, and how many a second are asked for."""


class Nobody:
    async def receipt(self, receipt: Receipt) -> None:
        """The peer sends none."""

    async def inbound(self, inbound: Inbound) -> None:
        """Nor this."""


async def main(count: int) -> None:
    async with driver.folder() as at, driver.child("bench.mm7_peer") as peer:
        blobs = Blobs.open(at / "media")
        url = f"http://127.0.0.1:{peer.port}/mm7"
        figures = {
            name: await _measure(blobs, url, size, count) for name, (size, _) in _SIZES.items()
        }
    rows = [
        (name, {k: f"{v:,.0f}" if v > 1 else f"{v:.0%}" for k, v in one.items()})
        for name, one in figures.items()
    ]
    report.table("MM7 submits a second, one picture to many", rows)
    report.keep("mm7", figures)
    for name, (_, budget) in _SIZES.items():
        assert figures[name]["a second"] >= budget, f"{name}: less than {budget}"


async def _measure(blobs: Blobs, url: str, size: int, count: int) -> dict[str, float]:
    content = os.urandom(size)
    part = MediaPart(
        content_type="image/jpeg", size=size, digest=await blobs.put(content), name="a.jpg"
    )
    runs = []
    for _ in range(_ROUNDS):
        submits = await _carrier(blobs, url, part, count)
        ceiling = await _ceiling(blobs, url, part, count)
        runs.append({"a second": submits, "ceiling": ceiling, "share": submits / ceiling})
    return report.middle(runs)


async def _carrier(blobs: Blobs, url: str, part: MediaPart, count: int) -> float:
    options = LinkOptions(name="bench", url=url, window=_WINDOW)
    carrier = Mm7Carrier(options, Contents(blobs), Policy(allow_loopback=True))
    await carrier.start(Nobody())

    async def one() -> None:
        outcome = await carrier.submit(_submission(part))
        assert isinstance(outcome, Accepted), outcome

    try:
        return await _rate(one, count)
    finally:
        await carrier.stop()


async def _ceiling(blobs: Blobs, url: str, part: MediaPart, count: int) -> float:
    content = await Contents(blobs).sealed(_submission(part))
    request = mm7.SubmitReq(recipients=mm7.Recipients((mm7.Address("+15558675310"),)))
    framed = mm7.write_message(request, "t", mm7.Dialect(), content)
    body, headers = b"".join(framed.chunks), dict(framed.headers)
    connector = aiohttp.TCPConnector(limit=_WINDOW)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def one() -> None:
            async with session.post(url, data=body, headers=headers) as answer:
                await answer.read()

        return await _rate(one, count)


async def _rate(one: Callable[[], Awaitable[None]], count: int) -> float:
    numbers = iter(range(count))

    async def some() -> None:
        for _ in numbers:
            await one()

    await one()
    began = time.perf_counter()
    await asyncio.gather(*(some() for _ in range(_WINDOW)))
    return count / (time.perf_counter() - began)


def _submission(part: MediaPart) -> Submission:
    return Submission(
        account_sid="AC",
        message_id=clock.uuid7(),
        attempt=1,
        kind=Kind.MMS,
        from_="+15017122661",
        to="+15558675310",
        body="look",
        media=(part,),
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="bench.mm7")
    parser.add_argument("--count", type=int, default=2000)
    uvloop.run(main(parser.parse_args().count))
