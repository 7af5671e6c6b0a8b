"""One client of the network, and the numbers whose texts it asks for."""

import re

from magpie.esmes.binds import Binds


class Client(Binds):
    def receives(self, number: str) -> bool:
        """Whether a bind asks for this number by its address_range, a regular expression."""
        return any(_matches(wire.address_range, number) for wire in self.wires)


def _matches(pattern: str, number: str) -> bool:
    if not pattern:
        return False
    try:
        return re.fullmatch(pattern, number.removeprefix("+")) is not None
    except re.error:
        return pattern == number.removeprefix("+")
