"""One platform for all tests of the SDKs, and a customer for each."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from tests.sdk.world import Customer, Platform, serving, until
from twilio.rest import Client


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    data = tmp_path_factory.mktemp("platform") / "data"
    log = (data.parent / "log").open("wb")
    environment = {k: v for k, v in os.environ.items() if not k.startswith("MAGPIE_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "magpie", "up"],
        env=environment | {"MAGPIE_PORT": "0", "MAGPIE_DATA": str(data)},
        cwd=data.parent,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    try:
        card = until(lambda: (data / "card.json").exists() or process.poll() is not None, 60)
        assert process.poll() is None, (data.parent / "log").read_text()
        card = json.loads((data / "card.json").read_text())
        yield Platform(data, card, process)
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0, (data.parent / "log").read_text()


@pytest.fixture
def customer(platform: Platform) -> Iterator[Customer]:
    with serving(platform.auth[1]) as customer:
        yield customer


@pytest.fixture
def client(platform: Platform) -> Client:
    return platform.client()


_places = count()


@pytest.fixture
def sender(client: Client) -> Any:
    """A number that no other test has had: its lane is empty and its history blank."""
    offered = client.available_phone_numbers("US").toll_free.list(limit=1000)
    number = offered[next(_places)].phone_number
    return client.incoming_phone_numbers.create(phone_number=number)
