"""Seven-bit packing (GSM 03.38 clause 6.1.2), which a few carriers want over SMPP."""

from typing import Final

CR: Final = 0x0D


def pack(septets: bytes, *, fill_bits: int = 0) -> bytes:
    """Pad with CR where seven spare bits would else read as `@`.

    A text that ends in CR on an octet boundary gets a second one, or the reader would take the
    first for padding. `fill_bits` stand first, to bring a text after a header to a septet boundary.
    """
    spare = -(fill_bits + 7 * len(septets)) % 8
    if spare == 7 or (spare == 0 and septets[-1:] == b"\r"):  # noqa: PLR2004
        septets += b"\r"
    bits = sum((septet & 0x7F) << 7 * at for at, septet in enumerate(septets)) << fill_bits
    return bits.to_bytes((fill_bits + 7 * len(septets) + 7) // 8, "little")


def unpack(octets: bytes, count: int | None = None, *, fill_bits: int = 0) -> bytes:
    """The septets inside; without a `count`, a last CR that fills an octet is padding."""
    bits = int.from_bytes(octets, "little") >> fill_bits
    fits = max(len(octets) * 8 - fill_bits, 0) // 7
    found = bytes(
        bits >> 7 * at & 0x7F for at in range(fits if count is None else min(count, fits))
    )
    filled = (len(octets) * 8 - fill_bits) % 7 == 0
    if count is None and filled and found[-1:] == b"\r":
        return found[:-1]
    return found
