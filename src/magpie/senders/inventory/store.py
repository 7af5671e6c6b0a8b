"""What can be bought, and who holds what was bought."""

from collections.abc import Sequence
from typing import Final

from msgspec import structs

from magpie.kit.db import Queries
from magpie.senders.inventory.model import NORTH_AMERICA, Search
from magpie.senders.model import Item

_ITEM: Final = Item.columns()
_NAMES: Final = [field.name for field in structs.fields(Item)]
_TYPES: Final = ["bool" if name in {"sms", "mms", "voice"} else "text" for name in _NAMES]
_ARRAYS: Final = ", ".join(f"${place}::{type_}[]" for place, type_ in enumerate(_TYPES, 1))
# Spherical law of cosines; the least of all distances is that of a place from itself, where
# rounding can make the cosine more than 1.
_MILES: Final = """3958.8 * acos(least(1, sin(radians($12)) * sin(radians(latitude::float8))
    + cos(radians($12)) * cos(radians(latitude::float8))
    * cos(radians(longitude::float8 - $13))))"""


async def owner_of(queries: Queries, address: str) -> str | None:
    """The account that holds an address."""
    sid: str | None = await queries.fetchval(
        "select account_sid from inventory where address = $1", address
    )
    return sid


async def get(queries: Queries, address: str) -> Item | None:
    row = await queries.fetchrow(f"select {_ITEM} from inventory where address = $1", address)
    return Item.from_row(row) if row else None


async def page(
    queries: Queries, *, held: bool | None, after: str | None, before: str | None, most: int
) -> list[Item]:
    """By address; `held` asks for those that an account holds, or that none does."""
    rows = await queries.fetch(
        f"""select {_ITEM} from inventory
        where ($1::bool is null or (account_sid is not null) = $1)
            and ($2::text is null or address > $2) and ($3::text is null or address < $3)
        order by address {"desc" if before else ""} limit $4""",
        held,
        after,
        before,
        most,
    )
    return [Item.from_row(row) for row in rows]


async def remove(queries: Queries, address: str) -> bool:
    """False for one that an account holds."""
    gone = await queries.fetchval(
        "delete from inventory where address = $1 and account_sid is null returning address",
        address,
    )
    return gone is not None


async def stock(queries: Queries, items: Sequence[Item]) -> set[str]:
    """Add what is not there yet; gives the addresses that are new."""
    rows = await queries.fetch(
        f"""insert into inventory ({_ITEM}) select * from unnest({_ARRAYS})
        on conflict (address) do nothing returning address""",
        *[[getattr(item, name) for item in items] for name in _NAMES],
    )
    return {row["address"] for row in rows}


async def take(
    queries: Queries, account_sid: str, address: str, kinds: Sequence[str]
) -> Item | None:
    """Of those who ask at once, one gets it."""
    row = await queries.fetchrow(
        f"""update inventory set account_sid = $1
        where address = $2 and kind = any($3::text[]) and account_sid is null
        returning {_ITEM}""",
        account_sid,
        address,
        kinds,
    )
    return Item.from_row(row) if row else None


async def take_in_area(
    queries: Queries, account_sid: str, area_code: str, kinds: Sequence[str]
) -> Item | None:
    """The first number for sale that nobody else is about to take."""
    row = await queries.fetchrow(
        f"""with chosen as materialized (
            select address as wanted from inventory
            where country = any($2::text[]) and kind = any($3::text[])
                and address >= $4 and address < $5 and account_sid is null
            order by address limit 1 for update skip locked
        )
        update inventory set account_sid = $1 from chosen where address = wanted
        returning {_ITEM}""",
        account_sid,
        NORTH_AMERICA,
        kinds,
        *_within(area_code),
    )
    return Item.from_row(row) if row else None


async def hand_over(queries: Queries, address: str, account_sid: str | None) -> None:
    """To another account, or back to the shelf."""
    await queries.execute(
        "update inventory set account_sid = $2 where address = $1", address, account_sid
    )


async def offered(queries: Queries) -> list[tuple[str, str]]:
    """(country, kind) of all there is, sold or not."""
    rows = await queries.fetch("select distinct country, kind from inventory order by 1, 2")
    return [(row["country"], row["kind"]) for row in rows]


async def is_offered(queries: Queries, country: str, kind: str) -> bool:
    found: bool = await queries.fetchval(
        "select exists (select from inventory where country = $1 and kind = $2)", country, kind
    )
    return found


async def place_of(queries: Queries, number: str) -> Item | None:
    """The item itself, or for a North American number that we do not have, one of its area."""
    row = await queries.fetchrow(f"select {_ITEM} from inventory where address = $1", number)
    if row is None and number.startswith("+1"):
        row = await queries.fetchrow(
            f"""select {_ITEM} from inventory where address >= $1 and address < $2
            order by address limit 1""",
            *_within(number[2:5]),
        )
    return Item.from_row(row) if row else None


async def for_sale(
    queries: Queries, country: str, kind: str, wanted: Search, most: int
) -> list[Item]:
    low, high = _within(wanted.area_code) if wanted.area_code else (None, None)
    latitude, longitude = wanted.near or (None, None)
    rows = await queries.fetch(
        f"""select {_ITEM} from inventory
        where account_sid is null and country = $1 and kind = $2
            and ($3::text is null or (address >= $3 and address < $4::text))
            and ($5::text is null or address ~ $5)
            and ($6::bool is null or sms = $6) and ($7::bool is null or mms = $7)
            and ($8::bool is null or voice = $8)
            and ($9::text is null or lower(locality) = lower($9))
            and ($10::text is null or lower(region) = lower($10))
            and ($11::text is null or lower(postal_code) = lower($11))
            and ($12::float8 is null or {_MILES} <= $14::float8)
            and ($15::text is null or lata = $15)
            and ($16::text is null or lower(rate_center) = lower($16))
        order by address limit $17""",
        country,
        kind,
        low,
        high,
        wanted.pattern,
        wanted.sms,
        wanted.mms,
        wanted.voice,
        wanted.locality,
        wanted.region,
        wanted.postal_code,
        latitude,
        longitude,
        float(wanted.miles),
        wanted.lata,
        wanted.rate_center,
        most,
    )
    return [Item.from_row(row) for row in rows]


def _within(area_code: str) -> tuple[str, str]:
    """From, and up to but not with: the colon follows the nine."""
    return f"+1{area_code}", f"+1{area_code}:"
