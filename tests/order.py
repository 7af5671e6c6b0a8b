"""Which tests begin first, when several processes share them."""

from collections.abc import Sequence

import pytest


def dealt(items: Sequence[pytest.Item], workers: int) -> list[pytest.Item]:
    """The longest first: for one that began last, all processes but one would wait.

    Those with a deadline of their own are the long ones. `--dist worksteal` gives each worker an
    equal part of the list, from whose end others take; the very longest has a worker for itself.
    """
    long = sorted(filter(_deadline, items), key=_deadline, reverse=True)
    each = -(-(len(long) - 1) // (workers - 1))
    shares = [long[:1], *(long[1 + each * n :][:each] for n in range(workers - 1))]
    others = [item for item in items if not _deadline(item)]
    made: list[pytest.Item] = []
    for number, share in enumerate(shares):
        room = max(0, (len(items) - len(made)) // (workers - number) - len(share))
        made += share + others[:room]
        del others[:room]
    return made


def _deadline(item: pytest.Item) -> float:
    marker = item.get_closest_marker("timeout")
    return float(marker.args[0]) if marker else 0.0
