"""The long form: `python -m tests.rig --rounds 100 --seed 7`. It prints what it found."""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from tests.rig.run import Report, run


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.rig", description=__doc__)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--carrier", choices=("dedupes", "dumb", "both"), default="both")
    parser.add_argument("--keep", type=Path, help="folder for the ledgers")
    given = parser.parse_args()
    modes = ("dedupes", "dumb") if given.carrier == "both" else (given.carrier,)
    reports = []
    with tempfile.TemporaryDirectory(prefix="rig-") as spare:
        for mode in modes:
            folder = (given.keep or Path(spare)) / f"{mode}-{given.seed}"
            folder.mkdir(parents=True)
            running = run(folder, rounds=given.rounds, seed=given.seed, dedupes=mode == "dedupes")
            reports.append(asyncio.run(running))
            _print(mode, given.seed, reports[-1])
    sys.exit(any(report.verdict.violations for report in reports))


def _print(mode: str, seed: int, report: Report) -> None:
    verdict = report.verdict
    summary = (
        f"{mode} carrier, seed {seed}: {verdict.kills} kills in {report.seconds:.0f} s,"
        f" back after {report.away:.2f} s; {verdict.acknowledged} acknowledged,"
        f" {verdict.finished} finished, {verdict.held} held, {verdict.duplicates} duplicates"
        f" flagged, {verdict.callbacks} callbacks of which {verdict.repeated} repeated"
    )
    lines = [
        summary,
        *(f"  {violation}" for violation in verdict.violations),
        f"  {len(verdict.violations)} violations",
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
