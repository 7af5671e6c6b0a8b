"""Figures: printed for people, kept in build/bench.json for machines."""

import json
import platform
import time
from pathlib import Path
from statistics import median
from typing import Any

FILE = Path(__file__).parents[1] / "build" / "bench.json"


class Timer:
    """Milliseconds since it was made."""

    def __init__(self) -> None:
        self._began = time.perf_counter()

    @property
    def ms(self) -> float:
        return (time.perf_counter() - self._began) * 1000


def percentile(values: list[float], share: float) -> float:
    """The value that `share` of all do not exceed; 0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def middle(runs: list[dict[str, float]]) -> dict[str, float]:
    """The median of each figure of several runs."""
    return {name: median(run[name] for run in runs) for name in runs[0]}


def table(title: str, rows: list[tuple[str, dict[str, str]]]) -> None:
    """Rows of (name, figure by column); all have the same columns."""
    columns = list(rows[0][1])
    widths = [max(len(column), *(len(row[column]) for _, row in rows)) for column in columns]
    first = max(len(name) for name, _ in rows)
    print(f"\n{title}")
    heads = [column.rjust(width) for column, width in zip(columns, widths, strict=True)]
    print("  ".join(["".ljust(first), *heads]))
    for name, row in rows:
        cells = [row[column].rjust(width) for column, width in zip(columns, widths, strict=True)]
        print("  ".join([name.ljust(first), *cells]), flush=True)


def keep(bench: str, figures: dict[str, Any]) -> None:
    FILE.parent.mkdir(exist_ok=True)
    known = json.loads(FILE.read_text()) if FILE.exists() else {}
    known[bench] = figures
    known["machine"] = {"python": platform.python_version(), "kernel": platform.release()}
    FILE.write_text(json.dumps(known, indent=2, sort_keys=True) + "\n")
