"""Where resources hang: the products of the API and their versions."""

from typing import Final, NamedTuple

from magpie.kit.rest import V1, V2010, Dialect


class Place(NamedTuple):
    """`at` is part of every link. The product `api` has no prefix, the others their name."""

    product: str
    at: str
    dialect: Dialect = V1


ROOT: Final = Place("api", "/2010-04-01", V2010)
ACCOUNT: Final = Place("api", "/2010-04-01/Accounts/{AccountSid}", V2010)

TWILIO: Final = frozenset(
    (
        "accounts",
        "api",
        "content",
        "conversations",
        "events",
        "lookups",
        "mcs",
        "messaging",
        "monitor",
        "numbers",
        "pricing",
        "trusthub",
    ),
)
"""Products that a Host can name too; OWN ones only a prefix, for hosts are called like that."""
OWN: Final = frozenset(("carriers", "magpie", "simulator"))


def version(product: str, number: int = 1, below: str = "") -> Place:
    """`version("conversations", 1, "/Services/{ChatServiceSid}")` is a second place for a tree."""
    if product not in TWILIO | OWN:
        raise ValueError(f"{product} is not a product")
    return Place(product, f"/v{number}{below}")
