"""Values that are costly to make, the ones asked for last, as many as their bytes allow."""

from collections import OrderedDict
from collections.abc import Callable, Coroutine, Hashable
from typing import Any, Generic, TypeVar

from magpie.kit.joined import Joined

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Kept(Generic[K, V]):
    """Who asks for what is just being made waits for it. What is larger than all is not kept."""

    def __init__(self, most_bytes: int, size: Callable[[V], int]) -> None:
        self.bytes = 0
        self._most = most_bytes
        self._size = size
        self._values: OrderedDict[K, V] = OrderedDict()
        self._joined: Joined[K, V] = Joined()

    def __len__(self) -> int:
        return len(self._values)

    async def get(self, key: K, make: Callable[[], Coroutine[Any, Any, V]]) -> V:
        if (value := self._values.get(key)) is not None:
            self._values.move_to_end(key)
            return value

        async def made() -> V:
            value = await make()
            self._put(key, value)
            return value

        return await self._joined.run(key, made)

    def _put(self, key: K, value: V) -> None:
        size = self._size(value)
        if size > self._most:
            return
        self._values[key] = value
        self.bytes += size
        while self.bytes > self._most:
            self.bytes -= self._size(self._values.popitem(last=False)[1])
