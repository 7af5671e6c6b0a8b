import signal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from magpie.media.recipe import BROKEN, EXCESSIVE, NEVER_FITS, Unusable
from magpie.media.sandbox.verdict import SandboxFailed, answer, failure
from magpie.media.sandbox.wire import DONE, NO_MEMORY, UNCONFINED, UNUSABLE, Ended, Limits

LIMITS = Limits(cpu_seconds=10)


@pytest.mark.parametrize(
    ("status", "cpu", "peak", "code", "why"),
    [
        (signal.SIGKILL, 10.0, 0, EXCESSIVE, "more than 10 s of work"),
        (signal.SIGXCPU, 9.9, 0, EXCESSIVE, "more than 10 s of work"),
        (signal.SIGKILL, 0.1, 0, EXCESSIVE, "more memory than there is"),
        (signal.SIGABRT, 0.1, 440 << 20, EXCESSIVE, "more memory than there is"),
        (signal.SIGABRT, 0.1, 0, BROKEN, "the decoder crashed (SIGABRT)"),
        (signal.SIGSEGV, 0.1, 0, BROKEN, "the decoder crashed (SIGSEGV)"),
        (60, 0.1, 0, BROKEN, "the decoder crashed (signal 60)"),
        (7 << 8, 0.1, 0, BROKEN, "the decoder ended with 7"),
    ],
)
def test_a_death_has_a_number_and_a_reason(
    status: int, cpu: float, peak: int, code: int, why: str
) -> None:
    """How a child ended tells whether its file was too much or broken."""
    ended = Ended(number=1, status=status, cpu_seconds=cpu, peak_bytes=peak)
    failed = failure(ended, LIMITS)
    assert isinstance(failed, SandboxFailed)
    assert (failed.code, failed.why, failed.passing) == (code, why, False)


def test_what_the_exit_code_says() -> None:
    """Lack of memory is the file's fault, walls that do not stand are ours."""
    assert failure(Ended(number=1, status=0), LIMITS) is None
    full = failure(Ended(number=1, status=NO_MEMORY << 8), LIMITS)
    assert isinstance(full, Unusable)
    assert full.code == EXCESSIVE
    open_ = failure(Ended(number=1, status=UNCONFINED << 8), LIMITS)
    assert isinstance(open_, SandboxFailed)
    assert open_.passing


@pytest.mark.parametrize(
    ("result", "code", "why"),
    [
        (b'{"code":30019,"why":"nothing fits"}', NEVER_FITS, "nothing fits"),
        (b'{"code":20003,"why":"let me in"}', BROKEN, "let me in"),
        (b'{"code":12300,"why":"a\\u001b[31mb\\nc\\u202e"}', BROKEN, "a [31mb c "),
    ],
)
def test_a_refusal_is_told_in_plain_words(result: bytes, code: int, why: str) -> None:
    """Only the codes of media come out, and nothing that a terminal would obey."""
    with pytest.raises(Unusable) as caught:
        answer((UNUSABLE, result, b""))
    assert (caught.value.code, caught.value.why) == (code, why)


def test_an_answer_is_passed_on() -> None:
    """What was made is not looked at here."""
    assert answer((DONE, b"{}", b"\xff\xd8")) == (b"{}", b"\xff\xd8")


@given(st.none() | st.tuples(st.just(UNUSABLE), st.binary(max_size=60), st.binary(max_size=8)))
def test_nonsense_is_a_broken_file(read: tuple[int, bytes, bytes] | None) -> None:
    """Whatever a taken-over child leaves behind ends in a number of ours."""
    with pytest.raises((SandboxFailed, Unusable)) as caught:
        answer(read)
    assert str(caught.value).startswith(f"{BROKEN}: ")
