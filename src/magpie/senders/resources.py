from typing import Any

from magpie.kit.db import Database
from magpie.kit.rest import Collection
from magpie.senders.actions import Senders
from magpie.senders.applications.resources import Applications
from magpie.senders.book import SenderBook
from magpie.senders.inventory import resources as inventory
from magpie.senders.numbers import LocalNumbers, MobileNumbers, Numbers, TollFreeNumbers
from magpie.senders.short_codes import ShortCodes


def collections(
    database: Database, senders: Senders, book: SenderBook
) -> tuple[Collection[Any], ...]:
    """All of them hang at an account."""
    return (
        LocalNumbers(database, senders),
        TollFreeNumbers(database, senders),
        MobileNumbers(database, senders),
        Numbers(database, senders),
        ShortCodes(database, senders),
        Applications(database, book.forget_application),
        inventory.AvailableCountries(database),
        inventory.AvailableCountry(database),
        inventory.LocalForSale(database),
        inventory.TollFreeForSale(database),
        inventory.MobileForSale(database),
    )
