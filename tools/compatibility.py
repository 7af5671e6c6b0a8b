"""Makes docs/reference/compatibility.md from what is served and what is listed as absent."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "reference" / "compatibility.md"
sys.path.insert(0, str(ROOT))

HEAD = """# Compatibility with the published API

Made by `python tools/compatibility.py` from the published description of 2010-04-01 and the
declarations that serve it; a test fails when this page is out of date. Where Twilio's
documentation is silent, see [what we chose](../compatibility.md).

## Served

Paths lie below `/2010-04-01/Accounts`. *Honoured* parameters do what they say, *recorded* ones are
checked and kept but change nothing else. A test checks the answers of every operation against the
published schema.

| Operation | Honoured | Recorded | Otherwise |
|---|---|---|---|
"""
ABSENT = "\n## Absent\n\n| What | Why |\n|---|---|\n"
DIFFERENT = """
## Answers that differ from the published schema

| Where | Property | Why |
|---|---|---|
"""
ROOT_OF_PATHS = "/2010-04-01/Accounts"
PROPERTIES = ("absent", "added", "blank", "text")
OTHERWISE = {
    "absent_parameters": "absent",
    "added_parameters": "added",
    "refused_parameters": "refused",
}


def page() -> str:
    return "".join([HEAD, *_served(), ABSENT, *_absent(), DIFFERENT, *_different()])


def _served() -> Iterator[str]:
    from tests.contract import listed, ours  # noqa: PLC0415 - after the path is set

    for key, one in sorted(ours.offered().items(), key=lambda item: _place(item[0])):
        recorded = listed.names("recorded_parameters", key)
        aside = (listed.names(kind, key) for kind in OTHERWISE)
        honoured = one.parameters - recorded.union(*aside)
        notes = [
            f"{_code(note.names)} {word}: {note.reason}"
            for kind, word in OTHERWISE.items()
            for note in listed.notes(kind)
            if note.of == key
        ]
        method, _, path = key.partition(" ")
        shown = f"{method} {path.removeprefix(ROOT_OF_PATHS) or '/'}"
        yield _row(f"`{shown}`", _code(honoured), _code(recorded), " ".join(notes))


def _absent() -> Iterator[str]:
    from tests.contract import listed  # noqa: PLC0415 - after the path is set

    for group in listed.groups():
        yield _row(group.title, group.reason + (" It comes later." if group.coming else ""))


def _different() -> Iterator[str]:
    from tests.contract import listed  # noqa: PLC0415 - after the path is set

    for kind in PROPERTIES:
        for note in listed.notes(f"{kind}_properties"):
            where = note.of.rpartition(".")[2]
            yield _row(f"`{where}`", f"{_code(note.names)} {kind}", note.reason)


def _place(key: str) -> tuple[str, str]:
    method, _, path = key.partition(" ")
    return path, method


def _code(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell or '-' for cell in cells)} |\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
