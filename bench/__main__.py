"""All benchmarks, one after another, each a process of its own: `python -m bench [NAME...]`."""

import subprocess
import sys
import time
from pathlib import Path

BENCHES = (
    "codecs",
    "accept",
    "end_to_end",
    "idle",
    "fit",
    "many",
    "mm7",
    "queue",
    "smpp_client",
    "smpp_server",
    "memory",
    "growth",
)


def main(names: list[str]) -> int:
    began, failed = time.monotonic(), []
    for name in names or BENCHES:
        done = subprocess.run(
            [sys.executable, "-m", f"bench.{name}"], cwd=Path(__file__).parents[1], check=False
        )
        if done.returncode:
            failed.append(name)
    print(f"\n{time.monotonic() - began:.0f} seconds; figures in build/bench.json")
    if failed:
        print(f"failed: {', '.join(failed)}")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
