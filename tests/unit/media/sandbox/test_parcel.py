import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from magpie.media.sandbox.parcel import Parcel
from magpie.media.sandbox.wire import DONE, HEADER, MAGIC, MOST_OUTPUT, UNUSABLE


def test_the_input_is_the_task_and_then_the_content() -> None:
    """Nobody can change it once it is handed over, not even its size."""
    content = bytes(3 << 20) + b"end"
    with Parcel(b"task", content) as parcel:
        assert os.pread(parcel.given, 4 << 20, 0) == b"task" + content
        for change in (
            lambda: os.pwrite(parcel.given, b"x", 0),
            lambda: os.truncate(parcel.given, 0),
            lambda: os.truncate(parcel.made, 0),
            lambda: os.truncate(parcel.made, MOST_OUTPUT + 1),
        ):
            with pytest.raises(PermissionError):
                change()


def test_an_answer_is_read_back() -> None:
    """Result and content lie behind the header, one after the other."""
    with Parcel(b"", b"") as parcel:
        assert parcel.read() is None
        os.pwrite(parcel.made, HEADER.pack(MAGIC, UNUSABLE, 2, 3) + b"{}abcdef", 0)
        assert parcel.read() == (UNUSABLE, b"{}", b"abc")


@pytest.mark.parametrize(
    ("magic", "verdict", "result", "content"),
    [
        (b"MgPb", DONE, 0, 0),
        (MAGIC, 0, 0, 0),
        (MAGIC, 3, 0, 0),
        (MAGIC, DONE, MOST_OUTPUT, 0),
        (MAGIC, DONE, 0, MOST_OUTPUT - HEADER.size + 1),
        (MAGIC, DONE, 2**32 - 1, 2**32 - 1),
    ],
)
def test_lies_are_not_read(magic: bytes, verdict: int, result: int, content: int) -> None:
    """Lengths that do not fit the memory, and beginnings of another kind, are no answer."""
    with Parcel(b"", b"") as parcel:
        os.pwrite(parcel.made, HEADER.pack(magic, verdict, result, content), 0)
        assert parcel.read() is None


@given(st.binary(min_size=HEADER.size, max_size=64))
def test_any_bytes_may_be_read(garbage: bytes) -> None:
    """Never more comes back than there is room for."""
    with Parcel(b"", b"") as parcel:
        os.pwrite(parcel.made, MAGIC + garbage, 0)
        read = parcel.read()
    assert read is None or len(read[1]) + len(read[2]) <= MOST_OUTPUT
