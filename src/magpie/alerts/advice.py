"""What people can do about an error: its likely causes, and the cure."""

from pathlib import Path
from typing import Final, NamedTuple


class Advice(NamedTuple):
    """`exact` when it is for this very code, and not for its whole family."""

    causes: str
    cure: str
    exact: bool


def _read(table: str) -> dict[int, Advice]:
    """Lines of code (or first-last), causes and cure, parted by tabs; the narrower range counts."""
    lines = [line.split("\t") for line in table.splitlines()]
    found: dict[int, Advice] = {}
    for codes, causes, cure in sorted(lines, key=lambda line: len(_range(line[0])), reverse=True):
        told = Advice(causes, cure, exact="-" not in codes)
        found |= dict.fromkeys(_range(codes), told)
    return found


def _range(codes: str) -> range:
    first, _, last = codes.partition("-")
    return range(int(first), int(last or first) + 1)


_ADVICE: Final = _read(Path(__file__).with_name("advice.tsv").read_text("utf-8"))


def of(code: int) -> Advice | None:
    return _ADVICE.get(code)
