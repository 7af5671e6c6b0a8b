"""The price book: shipped prices, and over them an operator's own.

All of it is Decimal: a price passes through no binary fraction on its way from file to total.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from importlib import resources
from itertools import pairwise, product
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple, get_args

Kind = Literal["sms", "mms"]
Direction = Literal["outbound", "inbound"]
SenderKind = Literal["local", "mobile", "toll-free", "short-code", "alphanumeric"]
Unit = Literal["segment", "message"]
Place = tuple[str, ...]

_DEFAULT: Final = "default"
_FLOWS: Final = tuple(product(get_args(Kind), get_args(Direction)))
_SENDERS: Final = (_DEFAULT, *get_args(SenderKind))
_MOST: Final = 1_000


class PriceError(Exception):
    """One sentence: which file, where in it, and what is wrong there."""


class Tier(NamedTuple):
    """The price of message number `first` of a month, and of those after it."""

    first: int
    price: Decimal


class Quote(NamedTuple):
    """`unit_price` and `carrier_fee` are for one unit; `total` is for all of them, not rounded."""

    total: Decimal
    unit_price: Decimal
    carrier_fee: Decimal
    currency: str
    per: Unit
    units: int


class PriceBook:
    """Tiers by their place in the file: (kind, direction, sender), (carriers, name, kind, ...)."""

    def __init__(self, currency: str, prices: Mapping[Place, tuple[Tier, ...]]) -> None:
        self.currency = currency
        self._prices = prices

    @classmethod
    def load(cls, own: Path | None = None) -> "PriceBook":
        """What ships, under the operator's file where there is one. Raises PriceError."""
        shipped = resources.files("magpie.usage").joinpath("prices.toml").read_text("utf-8")
        book = _read(shipped, cls("", {}))
        try:
            return _read(own.read_text("utf-8"), book) if own else book
        except FileNotFoundError:
            return book
        except (OSError, ValueError) as wrong:
            raise PriceError(f"{own}: {wrong}") from wrong

    def quote(
        self,
        *,
        kind: Kind,
        direction: Direction,
        sender_kind: SenderKind,
        carrier: str | None = None,
        segments: int = 1,
        count: int = 1,
    ) -> Quote:
        """`count` is the message's number in its month, from 1: it chooses the tier.

        `sender_kind` is of the address on our side, also inbound. An MMS is one unit, whatever
        its segments. A carrier of which the book does not know has no fee.
        """
        units = segments if kind == "sms" else 1
        unit_price = self._price((kind, direction, sender_kind), count)
        carrier_fee = self._price(("carriers", _plain(carrier or ""), kind, direction), count)
        return Quote(
            total=units * (unit_price + carrier_fee),
            unit_price=unit_price,
            carrier_fee=carrier_fee,
            currency=self.currency,
            per="segment" if kind == "sms" else "message",
            units=units,
        )

    def over(self, currency: str, prices: Mapping[Place, tuple[Tier, ...]]) -> "PriceBook":
        """These prices, and ours below; ours are left out if they are in another currency."""
        ours = self._prices if currency in {"", self.currency} else {}
        book = PriceBook(currency or self.currency, {**ours, **prices})
        for flow in _FLOWS:
            if (*flow, _DEFAULT) not in book._prices:
                raise ValueError(f"{'.'.join(flow)}.{_DEFAULT} has no price in {book.currency}")
        return book

    def _price(self, path: Place, count: int) -> Decimal:
        tiers = self._prices.get(path) or self._prices.get((*path[:-1], _DEFAULT), ())
        return next(
            (tier.price for tier in reversed(tiers) if tier.first <= max(count, 1)), Decimal(0)
        )


def _read(text: str, under: PriceBook) -> PriceBook:
    table = tomllib.loads(text, parse_float=Decimal)
    currency = table.pop("currency", "")
    if not re.fullmatch("[A-Z]{3}|", str(currency)):
        raise ValueError(f"currency is {currency!r}, not three capital letters")
    prices = {}
    for path, value in _leaves(table):
        try:
            prices[_known(path)] = _tiers(value)
        except ValueError as wrong:
            raise ValueError(f"{'.'.join(path)} {wrong}") from None
    return under.over(currency, prices)


def _leaves(table: Mapping[str, Any], path: Place = ()) -> Iterator[tuple[Place, Any]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _leaves(value, (*path, name))
        else:
            yield (*path, name), value


def _known(path: Place) -> Place:
    match path:
        case (kind, direction, sender) if (kind, direction) in _FLOWS and sender in _SENDERS:
            return path
        case ("carriers", name, kind, direction) if (kind, direction) in _FLOWS:
            return ("carriers", _plain(name), kind, direction)
    raise ValueError("is nothing that has a price: sms.outbound.local has, or mms.inbound.default")


def _plain(carrier: str) -> str:
    """AT&T, at&t and att are one, and so are T-Mobile and tmobile."""
    return re.sub(r"[\W_]", "", carrier.casefold())


def _tiers(value: object) -> tuple[Tier, ...]:
    if not isinstance(value, list):
        return (Tier(1, _amount(value)),)
    if not all(isinstance(one, dict) and one.keys() == {"from", "price"} for one in value):
        raise ValueError("is a list of other things than { from = 1, price = 0.01 }")
    firsts = [one["from"] for one in value]
    whole = all(type(first) is int for first in firsts)
    if not whole or firsts[:1] != [1] or any(high <= low for low, high in pairwise(firsts)):
        raise ValueError("needs tiers that are from 1 and rise")
    return tuple(Tier(one["from"], _amount(one["price"])) for one in value)


def _amount(value: object) -> Decimal:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        amount = Decimal(value)
        if amount.is_finite() and 0 <= amount <= _MOST:
            return amount
    raise ValueError(f"is {value}, a price is a number from 0 to {_MOST}")
