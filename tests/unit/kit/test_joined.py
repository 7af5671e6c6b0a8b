import asyncio

import pytest

from magpie.kit.joined import Joined


async def test_those_who_ask_together_wait_for_one_answer() -> None:
    """A hundred questions at the same time are one piece of work."""
    joined: Joined[str, int] = Joined()
    done = 0

    async def work() -> int:
        nonlocal done
        await asyncio.sleep(0)
        done += 1
        return done

    assert await asyncio.gather(*(joined.run("a", work) for _ in range(100))) == [1] * 100
    assert await joined.run("a", work) == 2


async def test_an_error_reaches_all() -> None:
    """Everybody who waits hears what went wrong, and the next one asks anew."""
    joined: Joined[str, int] = Joined()

    async def broken() -> int:
        await asyncio.sleep(0)
        raise ValueError("no")

    ended = await asyncio.gather(
        *(joined.run("a", broken) for _ in range(3)), return_exceptions=True
    )
    assert all(isinstance(error, ValueError) for error in ended)


async def test_a_work_outlives_who_began_it() -> None:
    """When the first is cancelled the others still get the answer."""
    joined: Joined[str, int] = Joined()
    go = asyncio.Event()

    async def work() -> int:
        await go.wait()
        return 7

    first = asyncio.create_task(joined.run("a", work))
    await asyncio.sleep(0)
    second = asyncio.create_task(joined.run("a", work))
    await asyncio.sleep(0)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    go.set()
    assert await second == 7
