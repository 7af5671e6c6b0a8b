import asyncio

from magpie.kit import clock
from magpie.senders.book import Recent


class Counted:
    def __init__(self) -> None:
        self.loads: list[str] = []
        self.gate: asyncio.Event | None = None

    async def load(self, key: str) -> str | None:
        self.loads.append(key)
        value = f"{key}{len(self.loads)}" if key != "nobody" else None
        if self.gate is not None:
            await self.gate.wait()
        return value


async def test_believed_for_a_while() -> None:
    """What was loaded, be it nothing, is not loaded again until it is old."""
    counted = Counted()
    with clock.use(clock.ManualClock()) as manual:
        recent = Recent(counted.load, seconds=3)
        assert [await recent.get("a"), await recent.get("a")] == ["a1", "a1"]
        assert [await recent.get("nobody"), await recent.get("nobody")] == [None, None]
        manual.advance(3)
        assert await recent.get("a") == "a3"


async def test_forgotten() -> None:
    """What was changed here is loaded anew at once."""
    counted = Counted()
    recent = Recent(counted.load)
    assert await recent.get("a") == "a1"
    recent.forget("a")
    assert await recent.get("a") == "a2"


async def test_change_while_loading() -> None:
    """What was read before a change and came after it is not kept."""
    counted = Counted()
    counted.gate = asyncio.Event()
    recent = Recent(counted.load)
    early = asyncio.create_task(recent.get("a"))
    await asyncio.sleep(0)
    recent.forget("a")
    counted.gate.set()
    assert await early == "a1"
    assert await recent.get("a") == "a2"


async def test_bounded() -> None:
    """The least recently used makes room."""
    counted = Counted()
    recent = Recent(counted.load, most=2)
    for key in ("a", "b", "a", "c", "a", "b"):
        await recent.get(key)
    assert counted.loads == ["a", "b", "c", "b"]
