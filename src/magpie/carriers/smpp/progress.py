"""Which parts of unfinished messages a carrier has taken over already."""

from collections import OrderedDict
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_REMEMBERED: Final = 10_000
_NONE: Final[Mapping[int, str]] = MappingProxyType({})


class Progress:
    """Ids by part, by key of the message: what the next attempt need not send again.

    It lives as long as the process. After a restart, or on another node, the parts of a
    half-sent text go out again; they carry the same references, by which handsets and carriers
    that know duplicates put them together once.
    """

    def __init__(self, most: int = _REMEMBERED) -> None:
        self._most = most
        self._taken: OrderedDict[str, dict[int, str]] = OrderedDict()

    def of(self, key: str) -> Mapping[int, str]:
        return self._taken.get(key, _NONE)

    def add(self, key: str, index: int, message_id: str) -> None:
        self._taken.setdefault(key, {})[index] = message_id
        self._taken.move_to_end(key)
        if len(self._taken) > self._most:
            self._taken.popitem(last=False)

    def forget(self, key: str) -> None:
        self._taken.pop(key, None)
