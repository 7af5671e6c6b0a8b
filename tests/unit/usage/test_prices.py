from decimal import Decimal
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.docs import pages

from magpie.usage.prices import Direction, Kind, PriceBook, PriceError, Quote, SenderKind

SHIPPED = PriceBook.load()
FLOWS: list[tuple[Kind, Direction]] = [
    ("sms", "outbound"),
    ("sms", "inbound"),
    ("mms", "outbound"),
    ("mms", "inbound"),
]
TIERED = "sms.outbound.local = [{ from = 1, price = 0.0083 }, { from = 150001, price = 0.0081 }]"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return tmp_path / "prices.toml"


def book(own: Path, text: str) -> PriceBook:
    own.write_text(text)
    return PriceBook.load(own)


def total(
    prices: PriceBook,
    kind: Kind = "sms",
    direction: Direction = "outbound",
    carrier: str | None = None,
    count: int = 1,
    sender_kind: SenderKind = "local",
) -> str:
    quote = prices.quote(
        kind=kind, direction=direction, sender_kind=sender_kind, carrier=carrier, count=count
    )
    return str(quote.total)


def test_a_quote_tells_how_it_came_about() -> None:
    """Three segments to a carrier with a fee: price and fee are for one, the total for all."""
    assert SHIPPED.quote(
        kind="sms", direction="outbound", sender_kind="local", carrier="att", segments=3
    ) == Quote(
        total=Decimal("0.0354"),
        unit_price=Decimal("0.0083"),
        carrier_fee=Decimal("0.0035"),
        currency="USD",
        per="segment",
        units=3,
    )


@pytest.mark.parametrize(
    ("kind", "direction", "carrier", "expected"),
    [
        ("sms", "outbound", None, "0.0083"),
        ("sms", "inbound", None, "0.0083"),
        ("mms", "outbound", None, "0.0220"),
        ("mms", "inbound", None, "0.0165"),
        ("sms", "outbound", "att", "0.0118"),
        ("sms", "inbound", "att", "0.0083"),
        ("mms", "outbound", "AT&T", "0.0250"),
        ("sms", "outbound", "T-Mobile", "0.0128"),
        ("sms", "inbound", "tmobile", "0.0108"),
        ("mms", "outbound", "t_mobile", "0.0320"),
        ("mms", "inbound", "T-MOBILE", "0.0265"),
        ("sms", "outbound", "Verizon", "0.0128"),
        ("mms", "outbound", "verizon", "0.0220"),
        ("sms", "outbound", "US Cellular", "0.0133"),
        ("sms", "outbound", "simulator", "0.0083"),
        ("sms", "outbound", "", "0.0083"),
    ],
)
def test_shipped_prices(
    kind: Kind, direction: Direction, carrier: str | None, expected: str
) -> None:
    """The defaults are the public prices; a carrier that is not known has no fee."""
    assert total(SHIPPED, kind, direction, carrier) == expected


def test_the_page_tells_the_shipped_prices() -> None:
    """The documentation's tables are the defaults that ship."""
    page = pages.ROOT / "docs/reference/prices.md"
    lines = page.read_text("utf-8").splitlines()
    rows = [
        line.strip("| ").split(" | ")
        for line in lines
        if line.startswith(("| `", "| SMS", "| MMS"))
    ]
    told = {row[0].strip("`"): [*map(Decimal, row[1:])] for row in rows if len(row) == 5}
    assert told == {
        carrier: [
            SHIPPED.quote(
                kind=kind, direction=direction, sender_kind="local", carrier=carrier
            ).carrier_fee
            for kind, direction in FLOWS
        ]
        for carrier in ("att", "t-mobile", "verizon", "us-cellular")
    }
    prices = [row[1:3] for row in rows if row[0] in {"SMS", "MMS"}]
    assert [*chain(*prices)] == [total(SHIPPED, *flow) for flow in FLOWS]


def test_the_page_s_example_is_good(own: Path) -> None:
    """Who copies it gets those prices."""
    [example] = pages.blocks(pages.ROOT / "docs/reference/prices.md")
    prices = book(own, example.text)
    assert total(prices, sender_kind="toll-free") == "0.0079"
    assert total(prices, count=150_001, carrier="acme") == "0.0093"


@pytest.mark.parametrize("segments", [0, 1, 9])
def test_an_mms_is_one(segments: int) -> None:
    """The length of its text does not count."""
    quote = SHIPPED.quote(
        kind="mms", direction="outbound", sender_kind="toll-free", segments=segments
    )
    assert (quote.units, quote.per, quote.total) == (1, "message", Decimal("0.022"))


@given(st.integers(0, 10), st.sampled_from([None, "att", "verizon", "nobody"]))
def test_sums_are_exact(segments: int, carrier: str | None) -> None:
    """The total is its units times price and fee, to the last decimal."""
    quote = SHIPPED.quote(
        kind="sms", direction="outbound", sender_kind="mobile", carrier=carrier, segments=segments
    )
    assert quote.total == sum([quote.unit_price + quote.carrier_fee] * segments)


def test_nothing_of_ones_own_is_needed(own: Path) -> None:
    """Without a file the shipped prices are good."""
    assert total(PriceBook.load(own)) == "0.0083"
    assert total(book(own, "")) == "0.0083"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sms.outbound.default = 0.005", ("0.005", "0.005", "0.0085", "0.005")),
        ("sms.outbound.toll-free = 0.01", ("0.0083", "0.01", "0.0118", "0.0083")),
        ("sms.outbound.local = 1", ("1", "0.0083", "1.0035", "1")),
        ("carriers.att.sms.outbound = 0", ("0.0083", "0.0083", "0.0083", "0.0083")),
        ('carriers."AT&T".sms.outbound = 0.1', ("0.0083", "0.0083", "0.1083", "0.0083")),
        ("carriers.acme.sms.outbound = 0.1", ("0.0083", "0.0083", "0.0118", "0.1083")),
    ],
)
def test_ones_own_prices_win(own: Path, text: str, expected: tuple[str, ...]) -> None:
    """What the operator's file names, it replaces, and nothing else."""
    prices = book(own, text)
    assert expected == (
        total(prices),
        total(prices, sender_kind="toll-free"),
        total(prices, carrier="att"),
        total(prices, carrier="Acme"),
    )


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (0, "0.0083"),
        (1, "0.0083"),
        (150_000, "0.0083"),
        (150_001, "0.0081"),
        (10**9, "0.0081"),
    ],
)
def test_tiers(own: Path, count: int, expected: str) -> None:
    """The number of a message in its month chooses the price, for its kind of sender only."""
    prices = book(own, TIERED)
    assert total(prices, count=count) == expected
    assert total(prices, count=count, sender_kind="mobile") == "0.0083"


def test_another_currency_stands_alone(own: Path) -> None:
    """Shipped dollars are not taken for euros: neither prices nor the fees of carriers."""
    flows = "outbound = { default = 0.07 }\ninbound = { default = 0 }\n"
    prices = book(own, f'currency = "EUR"\n[sms]\n{flows}[mms]\n{flows}')
    quote = prices.quote(kind="sms", direction="outbound", sender_kind="local", carrier="att")
    assert (str(quote.total), quote.currency) == ("0.07", "EUR")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("x", "Expected '='"),
        ('currency = "usd"', "currency is 'usd', not three capital letters"),
        ("currency = 3", "currency is 3, not three"),
        ('currency = "EUR"', "sms.outbound.default has no price in EUR"),
        ("sms = 3", "sms is nothing that has a price"),
        ("sms.outbound.pager = 1", "sms.outbound.pager is nothing that has a price"),
        ("fax.outbound.local = 1", "fax.outbound.local is nothing that has a price"),
        ("carriers.att.voice = 1", "carriers.att.voice is nothing that has a price"),
        ("sms.outbound.local = -0.1", "sms.outbound.local is -0.1, a price is a number"),
        ("sms.outbound.local = 1001", "sms.outbound.local is 1001, a price is a number"),
        ("sms.outbound.local = nan", "sms.outbound.local is NaN, a price is a number"),
        ("sms.outbound.local = inf", "sms.outbound.local is Infinity, a price is a number"),
        ("sms.outbound.local = true", "sms.outbound.local is True, a price is a number"),
        ('sms.outbound.local = "1"', "sms.outbound.local is 1, a price is a number"),
        ('carriers."A&B".sms.inbound = 2e9', "carriers.A&B.sms.inbound is 2E+9, a price"),
        ("sms.outbound.local = []", "sms.outbound.local needs tiers that are from 1 and rise"),
        ("sms.outbound.local = [1]", "sms.outbound.local is a list of other things"),
        ("sms.outbound.local = [{ from = 1 }]", "sms.outbound.local is a list of other things"),
        ("sms.outbound.local = [{ from = 2, price = 1 }]", "needs tiers that are from 1 and rise"),
        ("sms.outbound.local = [{ from = true, price = 1 }]", "needs tiers that are from 1"),
        ("sms.outbound.local = [{ from = 1, price = -1 }]", "sms.outbound.local is -1, a price"),
        (
            "sms.outbound.local = [{ from = 1, price = 2 }, { from = 1, price = 1 }]",
            "needs tiers that are from 1 and rise",
        ),
    ],
)
def test_mistakes_are_told(own: Path, text: str, sentence: str) -> None:
    """One sentence says which file, which price and what it may be."""
    with pytest.raises(PriceError) as raised:
        book(own, text)
    assert str(raised.value).startswith(f"{own}: ")
    assert sentence in str(raised.value)


def test_a_file_that_is_no_text(own: Path) -> None:
    """A file that cannot be read is told, not passed over."""
    own.write_bytes(b"\xff")
    with pytest.raises(PriceError, match=r"prices\.toml: 'utf-8' codec"):
        PriceBook.load(own)
    with pytest.raises(PriceError, match="directory"):
        PriceBook.load(own.parent)
