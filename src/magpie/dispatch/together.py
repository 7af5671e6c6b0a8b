import asyncio
from collections.abc import Awaitable


async def together(*works: Awaitable[None]) -> None:
    """Wait for all, then raise the first exception.

    A queue takes back what its handler left undone as soon as that raises: nothing may still run.
    """
    for result in await asyncio.gather(*works, return_exceptions=True):
        if isinstance(result, BaseException):
            raise result
