"""The load: creates that are written down before they are sent, and their answers."""

import asyncio
import random
import time
from collections.abc import Callable
from urllib.parse import urlencode

import msgspec
from tests.rig import http
from tests.rig.history import Asked, Told
from tests.rig.ledger import Ledger
from tests.rig.system import ACCOUNT, TOKEN

_PATH = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
_WORDS = ("soon", "ship", "parcel", "code", "table", "ready", "meet", "river", "green", "four")


class _Created(msgspec.Struct):
    sid: str


class Client:
    """Half of the creates carry an idempotency key and are sent until they are answered."""

    def __init__(self, port: int, callback: str, ledger: Ledger, seed: int) -> None:
        self._host = f"127.0.0.1:{port}"
        self._port = port
        self._callback = callback
        self._ledger = ledger
        self._chance = random.Random(seed)
        self._idle: list[http.Connection] = []
        self._made = 0
        self.refused = 0

    async def run(self, rates: dict[str, float], until: Callable[[], bool]) -> None:
        """Create `rates` messages a second of each sender until told to stop."""
        async with asyncio.TaskGroup() as group:
            for sender, rate in rates.items():
                group.create_task(self._steady(group, sender, rate, until))

    async def _steady(
        self, group: asyncio.TaskGroup, sender: str, rate: float, until: Callable[[], bool]
    ) -> None:
        while not until():
            await asyncio.sleep(self._chance.expovariate(rate))
            group.create_task(self.create(sender))

    async def create(self, sender: str) -> None:
        asked = self._next(sender)
        self._ledger.note(asked)
        while True:
            told = await self._once(asked)
            self._ledger.note(told)
            if asked.key is None or (told.status and told.status < 500):
                break
            await asyncio.sleep(0.2)
        self.refused += told.status >= 400

    def _next(self, sender: str) -> Asked:
        self._made += 1
        words = self._chance.choices(_WORDS, k=self._chance.choice((3, 8, 8, 40)))
        return Asked(
            t=time.time(),
            to=f"+1{2_125_000_000 + self._made}",
            from_=sender,
            body=f"{self._made} {' '.join(words)}",
            key=f"key-{self._made}" if self._chance.random() < 0.5 else None,
        )

    async def _once(self, asked: Asked) -> Told:
        form = {
            "To": asked.to,
            "From": asked.from_,
            "Body": asked.body,
            "StatusCallback": self._callback,
        }
        raw = http.request(
            "POST",
            _PATH,
            self._host,
            auth=(ACCOUNT, TOKEN),
            body=urlencode(form).encode(),
            extra=f"Idempotency-Key: {asked.key}\r\n" if asked.key else "",
        )
        try:
            status, body = await self._ask(raw)
        except OSError:
            return Told(t=time.time(), to=asked.to, status=0)
        sid = msgspec.json.decode(body, type=_Created).sid if status == 201 else None
        return Told(t=time.time(), to=asked.to, status=status, sid=sid)

    async def _ask(self, raw: bytes) -> tuple[int, bytes]:
        while self._idle and self._idle[-1].lost:
            self._idle.pop()
        connection = self._idle.pop() if self._idle else await self._open()
        answer = await connection.ask(raw)
        self._idle.append(connection)
        return answer

    async def _open(self) -> http.Connection:
        return await http.Connection.open("127.0.0.1", self._port)
