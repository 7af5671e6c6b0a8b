"""Fails when a module outgrows what one can hold in mind: 400 lines."""

import sys
from pathlib import Path

MOST = 400

root = Path(__file__).parent.parent
long = [
    (lines, path.relative_to(root))
    for path in (root / "src").rglob("*.py")
    if (lines := len(path.read_text("utf-8").splitlines())) > MOST
]
for lines, path in sorted(long, reverse=True):
    sys.stderr.write(f"{path}: {lines} lines, at most {MOST}\n")
sys.exit(bool(long))
