"""One job, done behind the walls by a process that knows nothing else and then ends."""

import errno
import mmap
import os
from collections.abc import Callable
from typing import Final, NoReturn

from magpie.media.recipe import BROKEN, EXCESSIVE, Unusable
from magpie.media.sandbox.confine import confine_child, die_with_parent
from magpie.media.sandbox.wire import (
    DONE,
    HEADER,
    MAGIC,
    NO_MEMORY,
    UNCONFINED,
    UNUSABLE,
    Fault,
    Job,
    encode,
)

Work = Callable[[bytes, memoryview], tuple[bytes, bytes]]

_MOST_WHY: Final = 200


def live(job: Job, given: int, made: int, zygote: int, work: Work) -> NoReturn:
    code = UNCONFINED
    try:
        content = memoryview(mmap.mmap(given, 0, prot=mmap.PROT_READ))
        output = mmap.mmap(made, 0)
        die_with_parent()
        confine_child(job.limits)
        if os.getppid() == zygote:
            code = _answer(job, content, output, work)
    except MemoryError:
        # There may be no memory left to say so in words.
        code = NO_MEMORY
    finally:
        os._exit(code)


def _answer(job: Job, content: memoryview, output: mmap.mmap, work: Work) -> int:
    task = bytes(content[: job.task_bytes])
    try:
        made = work(task, content[job.task_bytes : job.task_bytes + job.content_bytes])
        _write(output, DONE, *made)
    except Unusable as fault:
        _refuse(output, fault.code, fault.why)
    except MemoryError:
        return NO_MEMORY
    except OSError as error:
        if error.errno == errno.ENOMEM:
            return NO_MEMORY
        _refuse(output, BROKEN, f"{type(error).__name__}: {error}")
    except BaseException as error:  # noqa: BLE001 - a decoder may raise anything at all
        _refuse(output, BROKEN, f"{type(error).__name__}: {error}")
    return 0


def _refuse(output: mmap.mmap, code: int, why: str) -> None:
    _write(output, UNUSABLE, encode(Fault(code, why[:_MOST_WHY])), b"")


def _write(output: mmap.mmap, verdict: int, result: bytes, content: bytes) -> None:
    start = HEADER.size + len(result)
    end = start + len(content)
    if end > len(output):
        raise Unusable(EXCESSIVE, f"{end} bytes of output")
    output[HEADER.size : start] = result
    output[start:end] = content
    output[: HEADER.size] = HEADER.pack(MAGIC, verdict, len(result), len(content))
