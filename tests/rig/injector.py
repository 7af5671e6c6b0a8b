"""Who is killed when: decided by a seed, so that a run can be had again."""

import asyncio
import random
import time
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from tests.rig.history import Killed
from tests.rig.ledger import Ledger
from tests.rig.system import System


class Victim(StrEnum):
    ALL = "all"
    PLATFORM = "platform"
    DATABASE = "database"
    BACKEND = "backend"


# The first rounds have one of each, so that a short run kills everybody.
_WEIGHTS = {Victim.ALL: 4, Victim.PLATFORM: 4, Victim.DATABASE: 3, Victim.BACKEND: 1}


class Round(NamedTuple):
    after: float
    victim: Victim
    which: int


def plan(seed: int, rounds: int) -> Iterator[Round]:
    chance = random.Random(seed)
    first = list(Victim)
    chance.shuffle(first)
    for n in range(rounds):
        (drawn,) = chance.choices(list(_WEIGHTS), list(_WEIGHTS.values()))
        victim = first[n] if n < len(first) else drawn
        yield Round(chance.uniform(0.3, 1.5), victim, chance.randrange(1000))


async def strike(system: System, round_: Round) -> None:
    """Kill, and start what does not start by itself."""
    if round_.victim is Victim.BACKEND:
        system.kill_backend(round_.which)
    if round_.victim in {Victim.ALL, Victim.DATABASE}:
        system.kill_database()
    if round_.victim in {Victim.ALL, Victim.PLATFORM}:
        system.kill_platform()
        await system.start()


async def inject(system: System, rounds: Iterator[Round], ledger: Ledger) -> list[float]:
    """Give the seconds that it was away each time that its process was killed."""
    away = []
    for round_ in rounds:
        await asyncio.sleep(round_.after)
        at = time.time()
        ledger.note(Killed(t=at, what=round_.victim))
        await strike(system, round_)
        if round_.victim in {Victim.ALL, Victim.PLATFORM}:
            away.append(time.time() - at)
    return away
