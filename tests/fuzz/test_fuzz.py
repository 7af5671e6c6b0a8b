"""No octets from outside do more to a codec than raise its own error."""

import os
import subprocess
import sys
import time
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.fuzz.corpus import CORPUS
from tests.fuzz.targets import TARGETS

SECONDS = int(os.environ.get("FUZZ_SECONDS", "5"))
_ROOT = Path(__file__).parents[2]
_AT_ONCE = 2
# A child of ours would be born with the peak of our memory as its own, above the fuzzer's limit.
_SMALL = ("sh", "-c", '"$@"; exit "$?"', "sh")
_START = 60
_LONGEST = 8192
_LIMITS = (
    "-rss_limit_mb=512",
    # Wide, for the code is instrumented and the processor shared.
    "-timeout=5",
    f"-max_len={_LONGEST}",
    "-seed=1",
)
_MOST_BYTES = 64 * 2**20
CASES = {
    f"{target}: {name}": (target, octets, outcome)
    for target, cases in CORPUS.items()
    for outcome, named in cases.items()
    for name, octets in named.items()
}


@pytest.mark.parametrize("case", CASES)
def test_special_cases(case: str) -> None:
    """Each is refused by the codec's own error, or survives its round, in less than a second."""
    target, octets, outcome = CASES[case]
    began = time.process_time()
    assert TARGETS[target](octets) is outcome
    assert time.process_time() - began < 1


@pytest.mark.parametrize("target", TARGETS)
def test_memory(target: str) -> None:
    """No special case takes 64 MB."""
    tracemalloc.start()
    try:
        for octets in _octets_of(target):
            tracemalloc.reset_peak()
            TARGETS[target](octets)
            assert tracemalloc.get_traced_memory()[1] < _MOST_BYTES
    finally:
        tracemalloc.stop()


def _octets_of(target: str) -> list[bytes]:
    return [octets for named in CORPUS[target].values() for octets in named.values()]


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
    for number, octets in enumerate(_octets_of(name)):
        if len(octets) <= _LONGEST:
            (corpus / f"{number:04}").write_bytes(octets)
    options = (*_LIMITS, f"-max_total_time={SECONDS}", f"-artifact_prefix={crashes}/")
    done = subprocess.run(
        [*_SMALL, sys.executable, "-m", "tests.fuzz.harness", name, str(corpus), *options],
        cwd=_ROOT,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=SECONDS + _START,
        check=False,
    )
    inputs = [path.read_bytes().hex() for path in crashes.iterdir()]
    if done.returncode or inputs:
        return f"{name}, {done.returncode}: {inputs}\n{(done.stdout + done.stderr)[-3000:]}"
    return ""
