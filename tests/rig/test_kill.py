"""The short form; the long one is `python -m tests.rig`, or MAGPIE_RIG_ROUNDS here."""

import os
from pathlib import Path

import pytest
from tests.rig.run import run

ROUNDS = int(os.environ.get("MAGPIE_RIG_ROUNDS", "10"))
SEED = int(os.environ.get("MAGPIE_RIG_SEED", "7"))


@pytest.mark.timeout(200 + 10 * ROUNDS)
@pytest.mark.parametrize("dedupes", [True, False], ids=["dedupes", "dumb"])
async def test_nothing_acknowledged_is_lost_when_all_is_killed(
    tmp_path: Path, *, dedupes: bool
) -> None:
    """Platform, database and both die at random under load; no promise is broken by it."""
    report = await run(tmp_path, rounds=ROUNDS, seed=SEED, dedupes=dedupes)
    assert report.verdict.violations == []
    assert report.verdict.kills == ROUNDS
    assert report.verdict.acknowledged > 20 * ROUNDS
    assert report.verdict.finished + report.verdict.held >= report.verdict.acknowledged
