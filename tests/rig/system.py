"""Magpie as a stranger runs it: started by its command, known by its card."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
from tests.ports import free_port
from tests.rig import http, processes
from tests.rig.processes import ROOT

ACCOUNT = "AC" + "6d" * 16
TOKEN = "7f" * 16


class Sender(msgspec.Struct):
    number: str
    type: str


class Card(msgspec.Struct):
    pid: int
    base_url: str
    account_sid: str
    auth_token: str
    senders: list[Sender]

    def sender(self, kind: str) -> str:
        return next(one.number for one in self.senders if one.type == kind)


class NotUp(Exception):  # noqa: N818 - a state
    pass


class System:
    """`environment` are its settings; the data folder outlives it."""

    def __init__(self, data: Path, environment: Mapping[str, str], command: str = "serve") -> None:
        self.data = data
        self.port = free_port()
        self.card: Card | None = None
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(data),
            "MAGPIE_DATA": str(data),
            "MAGPIE_PORT": str(self.port),
            "MAGPIE_ACCOUNT_SID": ACCOUNT,
            "MAGPIE_AUTH_TOKEN": TOKEN,
            "MAGPIE_EGRESS_ALLOWED": "127.0.0.0/8",
            **environment,
        }

    @property
    def log(self) -> Path:
        return self.data.with_name(f"{self.data.name}.log")

    async def start(self, seconds: float = 60.0) -> float:
        """Give the seconds until it answered for the first time."""
        began = time.monotonic()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: ASYNC220 - it forks, and that is all
                [Path(sys.executable).with_name("magpie"), self._command],
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        while not await self._ready():
            if self._process.poll() is not None:
                raise NotUp(f"it ended with {self._process.returncode}: {self._last_words()}")
            if time.monotonic() - began > seconds:
                raise NotUp(f"not ready after {seconds} s: {self._last_words()}")
            await asyncio.sleep(0.02)
        return time.monotonic() - began

    async def stop(self) -> None:
        """As an operator would; then whatever is left."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                await asyncio.to_thread(self._process.wait, 30)
        self.kill_platform()
        self.kill_database()

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def kill_platform(self) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def kill_database(self) -> None:
        for pid in self.database():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def kill_backend(self, which: int) -> None:
        """One process of the database's: PostgreSQL then ends all sessions and recovers."""
        children = self.database()[1:]
        if children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(children[which % len(children)], signal.SIGKILL)

    def platform(self) -> list[int]:
        if self._process is None:
            return []
        database = set(self.database())
        return [pid for pid in processes.tree(self._process.pid) if pid not in database]

    def database(self) -> list[int]:
        """The embedded server's processes, its first one first."""
        with contextlib.suppress(OSError, ValueError, IndexError):
            folder = self.data / "postgres"
            pid = int((folder / "postmaster.pid").read_text().splitlines()[0])
            if Path(f"/proc/{pid}/cwd").samefile(folder):
                return processes.tree(pid)
        return []

    @property
    def database_url(self) -> str:
        lines = (self.data / "postgres" / "postmaster.pid").read_text().splitlines()
        return f"postgresql:///magpie?host={lines[4]}&port={lines[3]}&user=magpie"

    async def _ready(self) -> bool:
        try:
            card = msgspec.json.decode((self.data / "card.json").read_bytes(), type=Card)
            if self._process is None or card.pid != self._process.pid:
                return False
            url = urlsplit(card.base_url)
            connection = await http.Connection.open(url.hostname or "", url.port or 80)
        except (OSError, msgspec.DecodeError):
            return False
        try:
            asked = http.request("GET", "/readyz", url.netloc, auth=(ACCOUNT, TOKEN))
            status, _ = await connection.ask(asked, 5.0)
        except OSError:
            return False
        finally:
            connection.close()
        if status == 200:
            self.card = card
        return status == 200

    def _last_words(self) -> str:
        return self.log.read_bytes()[-2000:].decode(errors="replace")
