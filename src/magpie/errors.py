from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, NamedTuple


class Fault(NamedTuple):
    """`status` is the one of a REST answer; a code that only ends a message has 400 there."""

    code: int
    status: int
    text: str


def _read(table: str) -> dict[int, Fault]:
    """Lines of code (or first-last), HTTP status and text, parted by tabs."""
    catalogue: dict[int, Fault] = {}
    for line in table.splitlines():
        codes, status, text = line.split("\t")
        first, _, last = codes.partition("-")
        for code in range(int(first), int(last or first) + 1):
            catalogue[code] = Fault(code, int(status), text)
    return catalogue


CATALOGUE = _read(Path(__file__).with_name("errors.tsv").read_text("utf-8"))


def text_of(code: int) -> str:
    fault = CATALOGUE.get(code)
    return fault.text if fault else "Unknown error."


def status_of(code: int) -> int:
    """A code outside the catalogue is the caller's fault: 400."""
    fault = CATALOGUE.get(code)
    return fault.status if fault else 400


def more_info(code: int) -> str:
    return f"{Refused.documentation}/{code}"


class Refused(Exception):  # noqa: N818 - what happened to the request, in one word
    """A request answered with an error code; what the API's caller reads is all in here."""

    documentation: ClassVar[str] = "https://www.twilio.com/docs/errors"
    """Where `more_info` points; the composition root may set another base, without a slash."""

    def __init__(
        self,
        code: int,
        message: str | None = None,
        *,
        status: int | None = None,
        details: Mapping[str, object] | None = None,
    ) -> None:
        self.code = code
        self.status = status_of(code) if status is None else status
        self.message = text_of(code) if message is None else message
        self.details = details
        super().__init__(f"{code}: {self.message}")

    @property
    def more_info(self) -> str:
        return more_info(self.code)
