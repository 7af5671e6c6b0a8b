"""`magpie numbers`: those that the operator holds at a carrier, and who uses which."""

from pathlib import Path
from typing import Any

from magpie.cli.client import Client, Fields
from magpie.cli.running import needed
from magpie.cli.terminal import Listing, Output, put, put_json, put_list

_PATH = "/magpie/v1/Numbers"
_MOST = "1000"


def add(number: str, more: Fields, data: Path | None, output: Output) -> None:
    """For the first account, unless `more` names another."""
    card = needed(data)
    fields = {"PhoneNumber": number, "AccountSid": card.account_sid, **dict(more)}
    added: dict[str, Any] = Client(card).post(_PATH, list(fields.items()))
    if output is Output.JSON:
        put_json(added)
    else:
        put(added["phone_number"])


def ls(data: Path | None, output: Listing) -> None:
    """Those that an account holds."""
    listed = Client(needed(data)).get(_PATH, Held="true", PageSize=_MOST)["numbers"]
    rows = [
        (one["phone_number"], one["type"], _able(one["capabilities"]), one["account_sid"])
        for one in listed
    ]
    put_list(output, listed, ("NUMBER", "TYPE", "FOR", "ACCOUNT"), rows)


def _able(capabilities: dict[str, bool]) -> str:
    return ",".join(name for name, able in capabilities.items() if able)
