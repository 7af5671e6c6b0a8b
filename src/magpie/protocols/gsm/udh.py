"""The user data header (3GPP TS 23.040 clause 9.2.3.24): what stands before the text of a part."""

from typing import Final, Literal

import msgspec

CONCAT_8: Final = 0x00
PORTS_8: Final = 0x04
PORTS_16: Final = 0x05
CONCAT_16: Final = 0x08
SINGLE_SHIFT: Final = 0x24
LOCKING_SHIFT: Final = 0x25


class Element(msgspec.Struct, frozen=True):
    tag: int
    data: bytes


class Concat(msgspec.Struct, frozen=True):
    """`index` counts from 1."""

    reference: int
    total: int
    index: int

    def element(self, *, reference_bits: Literal[8, 16] = 8) -> Element:
        counts = bytes((self.total, self.index))
        if reference_bits == 8:  # noqa: PLR2004
            return Element(CONCAT_8, bytes((self.reference & 0xFF,)) + counts)
        return Element(CONCAT_16, (self.reference & 0xFFFF).to_bytes(2, "big") + counts)


class Ports(msgspec.Struct, frozen=True):
    destination: int
    source: int

    def element(self) -> Element:
        both = self.destination.to_bytes(2, "big") + self.source.to_bytes(2, "big")
        return Element(PORTS_16, both)


class UserDataHeader(msgspec.Struct, frozen=True):
    """Elements in wire order; unknown ones and national language tables stay raw.

    `sound` is false where a length lied; what could be read before that is kept.
    """

    elements: tuple[Element, ...] = ()
    sound: bool = True

    @property
    def concat(self) -> Concat | None:
        for element in self.elements:
            if concat := _concat(element):
                return concat
        return None

    @property
    def ports(self) -> Ports | None:
        for element in self.elements:
            if ports := _ports(element):
                return ports
        return None

    def encode(self) -> bytes:
        body = b"".join(bytes((e.tag, len(e.data))) + e.data for e in self.elements)
        return bytes((len(body),)) + body

    @classmethod
    def split(cls, octets: bytes) -> tuple["UserDataHeader", bytes]:
        """The header and what follows it.

        A header that claims more than there is gets no belief: all octets are then text, for a
        text with some rubbish before it is better than none.
        """
        if not octets or octets[0] >= len(octets):
            return cls(sound=False), octets
        end = octets[0] + 1
        return cls._elements(octets[1:end]), octets[end:]

    @classmethod
    def _elements(cls, body: bytes) -> "UserDataHeader":
        found, at = [], 0
        while at + 2 <= len(body):
            end = at + 2 + body[at + 1]
            if end > len(body):
                break
            found.append(Element(body[at], body[at + 2 : end]))
            at = end
        return cls(tuple(found), sound=at == len(body))


def _concat(element: Element) -> Concat | None:
    """None where the counts make no sense: the receiver shall ignore such an element."""
    width = {CONCAT_8: 1, CONCAT_16: 2}.get(element.tag)
    if width is None or len(element.data) != width + 2:
        return None
    total, index = element.data[-2:]
    if not 1 <= index <= total:
        return None
    return Concat(int.from_bytes(element.data[:width], "big"), total, index)


def _ports(element: Element) -> Ports | None:
    width = {PORTS_8: 1, PORTS_16: 2}.get(element.tag)
    if width is None or len(element.data) != 2 * width:
        return None
    first, second = element.data[:width], element.data[width:]
    return Ports(int.from_bytes(first, "big"), int.from_bytes(second, "big"))
