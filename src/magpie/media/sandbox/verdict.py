"""What the end of a child means."""

import os
import signal
from typing import Final

import msgspec

from magpie.media.recipe import BROKEN, EXCESSIVE, NEVER_FITS, Unusable
from magpie.media.sandbox.wire import DONE, NO_MEMORY, UNCONFINED, Ended, Limits, fault_of

AGAIN: Final = 30008
"""The code of a failure that is not the file's: unknown, and worth another try."""

_CODES: Final = frozenset({BROKEN, EXCESSIVE, NEVER_FITS})
_MOST_WHY: Final = 200
_FULL: Final = 0.8
_NEARLY: Final = 0.9


class SandboxFailed(Exception):  # noqa: N818 - what happened to the job
    """A job without an answer.

    `passing`: no fault of the file, the same job may do better later. Otherwise `code` says what
    the file did: 11751 asked for too much, 12300 crashed its decoder.
    """

    def __init__(self, code: int, why: str, *, passing: bool = False) -> None:
        self.code = code
        self.why = why
        self.passing = passing
        super().__init__(f"{code}: {why}")


def failure(ended: Ended, limits: Limits) -> Exception | None:
    """Nothing for a child that ended by itself and left something to read."""
    code = os.waitstatus_to_exitcode(ended.status)
    if code == 0:
        return None
    if code < 0:
        return _killed(-code, ended, limits)
    if code == NO_MEMORY:
        return Unusable(EXCESSIVE, f"more than {limits.data_bytes >> 20} MB of memory")
    if code == UNCONFINED:
        return SandboxFailed(AGAIN, "the sandbox could not be closed", passing=True)
    return SandboxFailed(BROKEN, f"the decoder ended with {code}")


def _killed(number: int, ended: Ended, limits: Limits) -> SandboxFailed:
    if ended.cpu_seconds >= limits.cpu_seconds * _NEARLY:
        return SandboxFailed(EXCESSIVE, f"more than {limits.cpu_seconds} s of work")
    # A library that gets no memory may well abort.
    if number == signal.SIGKILL or ended.peak_bytes >= limits.data_bytes * _FULL:
        return SandboxFailed(EXCESSIVE, "more memory than there is")
    return SandboxFailed(BROKEN, f"the decoder crashed ({_name(number)})")


def answer(read: tuple[int, bytes, bytes] | None) -> tuple[bytes, bytes]:
    """Give result and content, or raise what the child found."""
    if read is None:
        raise SandboxFailed(BROKEN, "the decoder ended without an answer")
    verdict, result, content = read
    if verdict == DONE:
        return result, content
    try:
        fault = fault_of(result)
    except msgspec.DecodeError:
        raise SandboxFailed(BROKEN, "the decoder's answer cannot be read") from None
    raise Unusable(fault.code if fault.code in _CODES else BROKEN, _plain(fault.why))


def _plain(why: str) -> str:
    return "".join(c if c.isprintable() else " " for c in why[:_MOST_WHY])


def _name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
