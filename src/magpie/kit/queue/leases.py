"""The jobs that a worker holds, counted by lane and by account."""

from collections import Counter
from collections.abc import Iterable
from typing import TypeVar

from magpie.kit.queue.model import Job, Lane

Key = TypeVar("Key")


class Leases:
    def __init__(self) -> None:
        self._held: dict[tuple[str, object], tuple[Job, float]] = {}
        self.of_lane: Counter[Lane] = Counter()
        self.of_account: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._held)

    def __contains__(self, job: Job) -> bool:
        return (job.account_sid, job.id) in self._held

    def jobs(self, *, before: float = float("inf")) -> list[Job]:
        """Give those that were taken before a time of our monotonic clock."""
        return [job for job, since in self._held.values() if since < before]

    def add(self, job: Job, now: float) -> None:
        self._held[job.account_sid, job.id] = (job, now)
        self.of_lane[job.place] += 1
        self.of_account[job.account_sid] += 1

    def remove(self, job: Job) -> bool:
        """Say whether the job was held."""
        if self._held.pop((job.account_sid, job.id), None) is None:
            return False
        _count_down(self.of_lane, job.place)
        _count_down(self.of_account, job.account_sid)
        return True

    def open(self, jobs: Iterable[Job]) -> list[Job]:
        return [job for job in jobs if job in self]


def _count_down(counter: Counter[Key], key: Key) -> None:
    """Forget a key at nought, so that lanes which were used once cost nothing."""
    counter[key] -= 1
    if not counter[key]:
        del counter[key]
