"""The card: all that a program needs to know to use this Magpie, in one file."""

import os
from pathlib import Path
from typing import Self

import msgspec

FILE = "card.json"


class SenderCard(msgspec.Struct, frozen=True):
    number: str
    type: str
    mms: bool


class HandsetCard(msgspec.Struct, frozen=True):
    number: str
    carrier: str
    mms: bool
    url: str


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """`<data>/card.json`, there once the server answers and gone when it has stopped."""

    account_sid: str
    auth_token: str
    base_url: str
    console_url: str
    senders: tuple[SenderCard, ...]
    handsets: tuple[HandsetCard, ...]
    pid: int

    def __repr__(self) -> str:
        return f"Card(account_sid={self.account_sid!r}, base_url={self.base_url!r}, pid={self.pid})"

    def write(self, data: Path) -> None:
        """Only the owner may read it: it holds the auth token."""
        path = data / FILE
        half = path.with_suffix(".tmp")
        descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(self), indent=2))
        half.replace(path)

    @classmethod
    def read(cls, data: Path) -> Self | None:
        """The card of the Magpie that last ran on a data folder; it may have died since."""
        try:
            return msgspec.json.decode((data / FILE).read_bytes(), type=cls)
        except (OSError, msgspec.DecodeError):
            return None

    @staticmethod
    def remove(data: Path) -> None:
        (data / FILE).unlink(missing_ok=True)
