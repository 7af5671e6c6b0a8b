"""The primitives of WSP (WAP-230 clause 8.4.2) as MMS uses them (OMA-TS-MMS_ENC clause 7.2)."""

from typing import Final

from magpie.protocols.mm1.errors import DecodeError, EncodeError

SHORT: Final = 0x80
QUOTE: Final = 0x7F
DOUBLE_QUOTE: Final = 0x22
LENGTH_QUOTE: Final = 0x1F
_LONGEST_LENGTH: Final = 30
_MOST_SEPTETS: Final = 5


class Reader:
    """A place in octets; `end` is where reading must stop."""

    def __init__(self, data: bytes, at: int = 0, end: int | None = None) -> None:
        self.data = data
        self.at = at
        self.end = len(data) if end is None else end

    @property
    def left(self) -> int:
        return self.end - self.at

    def peek(self) -> int:
        if self.at >= self.end:
            raise DecodeError("the message ends too soon", self.at)
        return self.data[self.at]

    def octet(self) -> int:
        value = self.peek()
        self.at += 1
        return value

    def take(self, count: int) -> bytes:
        if count > self.left:
            raise DecodeError(f"{count} octets are announced, {self.left} are there", self.at)
        taken = self.data[self.at : self.at + count]
        self.at += count
        return taken

    def within(self, count: int) -> "Reader":
        """A reader of the next octets, which are passed over here."""
        begin = self.at
        self.take(count)
        return Reader(self.data, begin, self.at)

    def uintvar(self) -> int:
        """Seven bits an octet, five octets at most (WAP-230 clause 8.1.2)."""
        value = 0
        for _ in range(_MOST_SEPTETS):
            octet = self.octet()
            value = value << 7 | octet & 0x7F
            if octet < SHORT:
                return value
        raise DecodeError("a uintvar has more than five octets", self.at)

    def value_length(self) -> int:
        first = self.octet()
        if first <= _LONGEST_LENGTH:
            return first
        if first == LENGTH_QUOTE:
            return self.uintvar()
        raise DecodeError(f"0x{first:02X} is no length", self.at - 1)

    def text_octets(self) -> bytes:
        """Up to the NUL, or to the end where a sender forgot it; without a quote before it."""
        if self.left and self.data[self.at] == QUOTE:
            self.at += 1
        found = self.data.find(b"\0", self.at, self.end)
        stop = self.end if found < 0 else found
        octets = self.data[self.at : stop]
        self.at = min(stop + 1, self.end)
        return octets

    def text(self) -> str:
        return plain(self.text_octets())

    def quoted(self) -> str:
        """A text that may begin with a quotation mark, which has no partner."""
        return self.text().removeprefix('"')

    def integer(self) -> int:
        return self.octet() & 0x7F if self.peek() >= SHORT else self.long_integer()

    def long_integer(self) -> int:
        count = self.octet()
        if not 1 <= count <= _LONGEST_LENGTH:
            raise DecodeError(f"an integer of {count} octets", self.at - 1)
        return int.from_bytes(self.take(count), "big")

    def skip_value(self) -> None:
        """A value of whatever field, by its first octet alone (WAP-230 clause 8.4.1.2)."""
        first = self.peek()
        if first <= LENGTH_QUOTE:
            self.take(self.value_length())
        elif first >= SHORT:
            self.octet()
        else:
            self.text_octets()


def plain(octets: bytes) -> str:
    """Text of no known charset: UTF-8 if it is that, else Latin-1, which is never wrong."""
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        return octets.decode("latin-1")


def short_integer(value: int) -> bytes:
    if not 0 <= value < SHORT:
        raise EncodeError(f"{value} is no short integer")
    return bytes((value | SHORT,))


def long_integer(value: int) -> bytes:
    if value < 0:
        raise EncodeError(f"{value} is negative")
    octets = value.to_bytes(max(1, (value.bit_length() + 7) // 8), "big")
    if len(octets) > _LONGEST_LENGTH:
        raise EncodeError("an integer of more than 30 octets")
    return bytes((len(octets),)) + octets


def integer(value: int) -> bytes:
    return short_integer(value) if 0 <= value < SHORT else long_integer(value)


def uintvar(value: int) -> bytes:
    if not 0 <= value < 1 << 35:
        raise EncodeError(f"{value} does not fit a uintvar")
    octets = [value & 0x7F]
    while value := value >> 7:
        octets.append(value & 0x7F | SHORT)
    return bytes(reversed(octets))


def with_length(octets: bytes) -> bytes:
    if len(octets) <= _LONGEST_LENGTH:
        return bytes((len(octets),)) + octets
    return bytes((LENGTH_QUOTE,)) + uintvar(len(octets)) + octets


def text(value: str) -> bytes:
    """UTF-8 and a NUL; a quote stands before what would be taken for something else."""
    octets = value.encode("utf-8", "surrogatepass")
    if b"\0" in octets:
        raise EncodeError("a text holds a NUL")
    first = octets[0] if octets else 0
    mistaken = first >= QUOTE or 0 < first <= LENGTH_QUOTE
    return (b"\x7f" if mistaken else b"") + octets + b"\0"


def quoted(value: str) -> bytes:
    if "\0" in value:
        raise EncodeError("a text holds a NUL")
    return b'"' + value.encode("utf-8", "surrogatepass") + b"\0"
