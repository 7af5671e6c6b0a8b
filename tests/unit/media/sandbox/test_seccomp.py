import pytest

from magpie.media.sandbox import seccomp

X86, ARM = 0xC000003E, 0xC00000B7
ALLOW, EPERM, ENOSYS = 0x7FFF0000, 0x00050001, 0x00050026
SHARED, PRIVATE, THREAD = 1, 2, 0x10000


def verdict(
    number: int, *flags: int, machine: str = "x86_64", told: int = X86, threads: bool = False
) -> int:
    """Run the filter as the kernel does; `flags` are the first arguments of the call."""
    words = {0: number, 4: told, **{16 + 8 * place: flag for place, flag in enumerate(flags)}}
    lines = seccomp.program(machine, threads=threads)
    at = held = 0
    while True:
        code, yes, no, operand = lines[at]
        at += 1
        match code:
            case 0x20:
                held = words.get(operand, 0)
            case 0x15:
                at += yes if held == operand else no
            case 0x45:
                at += yes if held & operand else no
            case 0x06:
                return operand


@pytest.mark.parametrize(
    ("name", "number", "flags", "expected"),
    [
        ("read", 0, (), ALLOW),
        ("exit_group", 231, (), ALLOW),
        ("futex", 202, (), ALLOW),
        ("open", 2, (), EPERM),
        ("openat", 257, (), EPERM),
        ("socket", 41, (), EPERM),
        ("kill", 62, (), EPERM),
        ("ptrace", 101, (), EPERM),
        ("execve", 59, (), EPERM),
        ("shmget", 29, (), EPERM),
        ("io_uring_setup", 425, (), EPERM),
        ("unlink", 87, (), EPERM),
        ("read by the x32 convention", 0x40000000, (), EPERM),
        ("mmap for oneself", 9, (0, 0, 0, PRIVATE), ALLOW),
        ("mmap with others", 9, (0, 0, 0, SHARED), EPERM),
        ("mmap with others, newer", 9, (0, 0, 0, SHARED | PRIVATE), EPERM),
        ("clone", 56, (THREAD,), EPERM),
        ("fork", 57, (), EPERM),
        ("clone3", 435, (), EPERM),
    ],
)
def test_a_child_may_compute_and_no_more(
    name: str, number: int, flags: tuple[int, ...], expected: int
) -> None:
    """Calls that reach out of the process are refused, whatever they are called with."""
    assert verdict(number, *flags) == expected, name


@pytest.mark.parametrize(
    ("number", "flags", "expected"),
    [
        (56, (THREAD,), ALLOW),
        (56, (0,), EPERM),
        (435, (), ENOSYS),
        (57, (), EPERM),
        (58, (), EPERM),
        (41, (), EPERM),
        (0, (), ALLOW),
    ],
)
def test_threads_may_be_allowed_without_processes(
    number: int, flags: tuple[int, ...], expected: int
) -> None:
    """A clone is let through only as a thread of its maker."""
    assert verdict(number, *flags, threads=True) == expected


def test_another_machine_has_other_numbers() -> None:
    """A call by the numbers of another architecture is refused, and each has its own."""
    assert verdict(0, told=ARM) == EPERM
    assert verdict(63, machine="aarch64", told=ARM) == ALLOW
    assert verdict(56, machine="aarch64", told=ARM) == EPERM  # openat
    assert verdict(222, 0, 0, 0, SHARED, machine="aarch64", told=ARM) == EPERM
    assert verdict(63, machine="aarch64") == EPERM
