"""Which lanes may take how much of the next claim: accounts in turn, lanes of an account in turn.

An account with a thousand busy lanes and one with a single lane get the same number of places, as
long as both have work. What one does not need goes to the others.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping

from magpie.kit.queue.model import Lane

_CHUNK = 8


class Ring:
    """Lanes that have work. Who was dealt to goes to the back, from one deal to the next."""

    def __init__(self) -> None:
        self._accounts: OrderedDict[str, OrderedDict[Lane, None]] = OrderedDict()
        self._lanes: set[Lane] = set()

    def __len__(self) -> int:
        return len(self._lanes)

    def __contains__(self, lane: Lane) -> bool:
        return lane in self._lanes

    def add(self, lane: Lane) -> None:
        if lane not in self._lanes:
            self._lanes.add(lane)
            self._accounts.setdefault(lane.account_sid, OrderedDict())[lane] = None

    def deal(
        self, places: int, room: Callable[[Lane], int], account_room: Callable[[str], int]
    ) -> dict[Lane, int]:
        """Deal out places; lanes that were dealt to, or have no room, leave the ring.

        Accounts without room keep their turn.
        """
        dealt: dict[Lane, int] = {}
        rooms: dict[str, int] = {}
        full: list[tuple[str, OrderedDict[Lane, None]]] = []
        while places > 0 and self._accounts:
            account_sid, lanes = self._accounts.popitem(last=False)
            left = rooms.get(account_sid)
            if left is None:
                left = account_room(account_sid)
            if left <= 0:
                full.append((account_sid, lanes))
                continue
            lane, _ = lanes.popitem(last=False)
            had = dealt.get(lane, 0)
            give = max(0, min(_CHUNK, places, left, room(lane) - had))
            if give:
                dealt[lane] = had + give
                places -= give
            rooms[account_sid] = left - give
            if give == _CHUNK:
                lanes[lane] = None
            elif not had and not give:
                self._lanes.discard(lane)
            if lanes:
                self._accounts[account_sid] = lanes
        for account_sid, lanes in reversed(full):
            self._accounts[account_sid] = lanes
            self._accounts.move_to_end(account_sid, last=False)
        self._remove(dealt)
        return dealt

    def _remove(self, dealt: Mapping[Lane, int]) -> None:
        for lane in dealt:
            self._lanes.discard(lane)
            lanes = self._accounts.get(lane.account_sid)
            if lanes is not None:
                lanes.pop(lane, None)
                if not lanes:
                    del self._accounts[lane.account_sid]


def account_room(free: int, held: int) -> int:
    """Give how many places more an account may take, which holds so many.

    It may hold three times what it leaves free (dynamic thresholds, Choudhury and Hahne 1998): one
    whose jobs hang never has all the places, and whoever comes next finds some.
    """
    return max(1 if held == 0 else 0, (3 * free - held) // 4)
