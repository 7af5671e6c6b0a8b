"""A message centre on its own: `python -m magpie.simulator.smsc --help`."""

import argparse
import asyncio
import json
import signal
import sys
from pathlib import Path

import msgspec
import uvloop

from magpie.simulator.profile import BY_NAME, Profile
from magpie.simulator.smsc.centre import MessageCentre
from magpie.simulator.smsc.ledger import Ledger
from magpie.simulator.smsc.memory import MemoryExchange
from magpie.simulator.smsc.options import CentreOptions


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m magpie.simulator.smsc")
    add = parser.add_argument
    add("--port", type=int, default=0, help="0 takes any; the port is printed as JSON")
    add("--host", default="127.0.0.1")
    add("--profile", default="simulator", help="a built-in carrier's name, or JSON")
    add("--handsets", default="any", help="'any', or numbers parted by commas")
    add("--log", type=Path, help="append a JSON line for each part accepted")
    add("--fsync", action="store_true", help="answer when the line is on the disk")
    add("--ids", choices=("hex", "decimal"), default="hex")
    add("--no-receipts", action="store_true")
    add("--dumb", action="store_true", help="do not know what was submitted before")
    add("--reference-tag", type=lambda text: int(text, 0), help="such as 0x1400")
    add("--answer-delay", type=float, default=0.0, help="milliseconds")
    add("--disconnect-after", type=int, help="hang up after so many submits")
    add("--system-id", default="", help="without it anybody may bind")
    add("--password", default="")
    return parser


def profile_of(text: str, *, receipts: bool, deduplicates: bool) -> Profile:
    """Raises ValueError for what is no profile."""
    if text in BY_NAME:
        profile = BY_NAME[text]
    elif text.startswith("{"):
        profile = msgspec.json.decode(text, type=Profile)
    else:
        raise ValueError(f"{text} is none of {', '.join(sorted(BY_NAME))}")
    return msgspec.structs.replace(
        profile,
        receipts=profile.receipts if receipts else "none",
        deduplicates=profile.deduplicates and deduplicates,
    )


async def _serve(given: argparse.Namespace, profile: Profile) -> None:
    options = CentreOptions(
        system_id=given.system_id,
        password=given.password,
        ids=given.ids,
        reference_tag=given.reference_tag,
        answer_delay=given.answer_delay / 1000,
        disconnect_after=given.disconnect_after,
    )
    numbers = None if given.handsets == "any" else given.handsets.split(",")
    ledger = Ledger(given.log, fsync=given.fsync) if given.log else None
    exchange = MemoryExchange(profile, numbers)
    centre = MessageCentre(options, exchange, ledger)
    port = await centre.start(given.port, given.host)
    sys.stdout.write(json.dumps({"port": port}) + "\n")
    sys.stdout.flush()
    asked = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, asked.set)
    await asked.wait()
    await centre.stop()
    await exchange.close()
    if ledger is not None:
        ledger.close()


def main() -> None:
    parser = _parser()
    given = parser.parse_args()
    try:
        profile = profile_of(
            given.profile, receipts=not given.no_receipts, deduplicates=not given.dumb
        )
    except (ValueError, msgspec.MsgspecError) as error:
        parser.error(str(error))
    uvloop.run(_serve(given, profile))


if __name__ == "__main__":
    main()
