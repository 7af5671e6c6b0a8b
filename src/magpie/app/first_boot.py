"""What is there from the first start: numbers to buy, three senders, four phones."""

from magpie.accounts.model import Account
from magpie.app.card import SenderCard
from magpie.kit import clock
from magpie.kit.db import Connection, Database
from magpie.senders import actions, seed, store
from magpie.senders.actions import Senders
from magpie.simulator import store as phones
from magpie.simulator.model import FIRST_HANDSETS, Handset

# Labels by which the field calls them; the card is for people.
_TYPES = {"local": "10DLC", "toll-free": "toll-free", "short-code": "short code"}


async def fill(connection: Connection, senders: Senders, account: Account) -> None:
    """Harmless when it was done before: what was sold, moved or released stays so."""
    fresh = await actions.stock(connection, seed.inventory())
    mine = [item for item in seed.first_senders() if item.address in fresh]
    for item in mine:
        if item.kind == "short-code":
            await senders.assign_short_code(connection, account.sid, item.address)
        else:
            await senders.buy(connection, account.sid, item.address)
    if fresh:
        now = clock.now()
        handsets = [Handset(number, carrier, now) for number, carrier in FIRST_HANDSETS]
        await phones.first_handsets(connection, handsets)
    await senders.configure_all_lanes(connection)


async def senders_of(database: Database, account: Account) -> tuple[SenderCard, ...]:
    """The account's first senders that it still has."""
    addresses = [item.address for item in seed.first_senders()]
    held = await store.senders_of(database, account.sid, addresses)
    return tuple(
        SenderCard(held[address].address, _TYPES[held[address].kind], held[address].mms)
        for address in addresses
        if address in held
    )
