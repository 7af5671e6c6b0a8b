"""A platform that reaches its own simulated network by a protocol of carriers, not by a call."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.ports import free_port
from tests.sdk.world import Platform, until

OWN = "+15017122661"
PHONE = "+15558675310"
Make = dict[str, Any]


def by_mm7(port: int) -> Make:
    relay = free_port()
    door = f"http://127.0.0.1:{port}/carriers/v1/north"
    return {
        "mmsc": {"mm7_port": relay, "mm7_url": door, "numbers": [OWN]},
        "carriers": [
            {
                "name": "north",
                "kind": "mm7",
                "url": f"http://127.0.0.1:{relay}/mm7",
                "vasp_id": "magpie",
                "dedupes": True,
            }
        ],
    }


def by_mm1(port: int) -> Make:
    centre = free_port()
    door = f"http://127.0.0.1:{port}/carriers/v1/north"
    return {
        "mmsc": {"mm1_port": centre, "mm1_url": door, "numbers": [OWN]},
        "carriers": [
            {
                "name": "north",
                "kind": "mm1",
                "url": f"http://127.0.0.1:{centre}/",
                "number": OWN,
                "headers": {"X-MSISDN": OWN},
            }
        ],
    }


def by_mm4(_: int) -> Make:
    centre, own = free_port(), free_port()
    return {
        "mmsc": {"mm4_port": centre, "mm4_peer_port": own, "numbers": [OWN]},
        "carriers": [
            {
                "name": "north",
                "kind": "mm4",
                "host": "127.0.0.1",
                "port": centre,
                "domain": "mms.simulator.example",
                "own_domain": "mms.magpie.example",
                "listen_port": own,
            }
        ],
    }


ROUTES = [
    {"carrier": "north", "prefix": "+1555", "kinds": ["mms"]},
    {"carrier": "simulator", "kinds": ["sms"]},
]
LINKS = {"mm1": by_mm1, "mm4": by_mm4, "mm7": by_mm7}


@contextmanager
def running(folder: Path, made: Make, port: int) -> Iterator[Platform]:
    data, log = folder / "data", folder / "log"
    settings = {"MAGPIE_PORT": str(port), "MAGPIE_DATA": str(data)}
    settings |= {f"MAGPIE_{name.upper()}": json.dumps(value) for name, value in made.items()}
    kept = {k: v for k, v in os.environ.items() if not k.startswith("MAGPIE_")}
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "magpie", "up"],
            env=kept | settings,
            cwd=folder,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    try:
        until(lambda: (data / "card.json").exists() or process.poll() is not None, 60)
        assert process.poll() is None, log.read_text()
        yield Platform(data, json.loads((data / "card.json").read_text()), process)
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0, log.read_text()
