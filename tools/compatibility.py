"""Makes docs/reference/compatibility.md from what is served and what is listed as absent."""

import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "reference" / "compatibility.md"
sys.path.insert(0, str(ROOT))

HEAD = """# Compatibility with the published API

Made by `python tools/compatibility.py` from the published description of 2010-04-01 and the
declarations that serve it; a test fails when this page is out of date. Where Twilio's
documentation is silent, see [what we chose](../compatibility.md).

"""


def _place(key: str) -> tuple[str, str]:
    method, _, path = key.partition(" ")
    return path, method


def page() -> str:
    from tests.contract import listed, ours, spec  # noqa: PLC0415 - after the path is set

    offered = ours.offered()
    lines = [HEAD, "## Served\n\n", "| Operation | Parameters |\n|---|---|\n"]
    for key in sorted(offered.keys() & spec.operations().keys(), key=_place):
        names = ", ".join(f"`{name}`" for name in sorted(offered[key].parameters))
        lines.append(f"| `{key}` | {names or '-'} |\n")
    lines += ["\n## Absent\n\n", "| What | Why |\n|---|---|\n"]
    lines += [
        f"| {group.title} | {group.reason}{' It comes later.' if group.coming else ''} |\n"
        for group in listed.groups()
    ]
    return "".join(lines)


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
