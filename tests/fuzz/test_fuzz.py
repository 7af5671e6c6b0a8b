"""No octets from outside do more to a codec than raise its own error."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.fuzz.seeds import SEEDS
from tests.fuzz.targets import TARGETS

SECONDS = int(os.environ.get("FUZZ_SECONDS", "5"))
_ROOT = Path(__file__).parents[2]
_AT_ONCE = 2
_START = 60
_LIMITS = (
    "-rss_limit_mb=512",
    # Wide, for the code is instrumented and the processor shared.
    "-timeout=5",
    "-max_len=8192",
    "-seed=1",
)


@pytest.mark.parametrize("name", TARGETS)
def test_the_corpus_is_read_in_peace(name: str) -> None:
    """Each special case is refused by the codec's own error, or survives its round."""
    for seed in SEEDS[name]:
        TARGETS[name](seed)


@pytest.mark.timeout(_START + (SECONDS + _START) * len(TARGETS) // _AT_ONCE)
def test_nothing_else_is_found_either(tmp_path: Path) -> None:
    """Each codec stands the fuzzer for FUZZ_SECONDS."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        found = pool.map(lambda name: _fuzzed(name, tmp_path / name), TARGETS)
    assert [crash for crash in found if crash] == []


def _fuzzed(name: str, folder: Path) -> str:
    """What went wrong, with the input in hexadecimal."""
    corpus, crashes = folder / "corpus", folder / "crashes"
    for one in (corpus, crashes):
        one.mkdir(parents=True)
    for number, seed in enumerate(SEEDS[name]):
        (corpus / f"{number:03}").write_bytes(seed)
    options = (*_LIMITS, f"-max_total_time={SECONDS}", f"-artifact_prefix={crashes}/")
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.harness", name, str(corpus), *options],
        cwd=_ROOT,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=SECONDS + _START,
        check=False,
    )
    inputs = [path.read_bytes().hex() for path in crashes.iterdir()]
    if done.returncode or inputs:
        return f"{name}: {inputs}\n{(done.stdout + done.stderr)[-3000:]}"
    return ""
