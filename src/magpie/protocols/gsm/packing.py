"""Seven-bit packing (GSM 03.38 clause 6.1.2), which a few carriers want over SMPP."""

from typing import Final

CR: Final = 0x0D


def pack(septets: bytes) -> bytes:
    """Pad with CR where seven spare bits would else read as `@`.

    A text that ends in CR on an octet boundary gets a second one, or the reader would take the
    first for padding.
    """
    ends_in_cr = septets[-1:] == b"\r"
    if len(septets) % 8 == 7 or (len(septets) % 8 == 0 and ends_in_cr):  # noqa: PLR2004
        septets += b"\r"
    bits = sum((septet & 0x7F) << 7 * at for at, septet in enumerate(septets))
    return bits.to_bytes((7 * len(septets) + 7) // 8, "little")


def unpack(octets: bytes, count: int | None = None) -> bytes:
    """The septets inside; without a `count`, a last CR that fills an octet is padding."""
    bits = int.from_bytes(octets, "little")
    fits = len(octets) * 8 // 7
    found = bytes(
        bits >> 7 * at & 0x7F for at in range(fits if count is None else min(count, fits))
    )
    if count is None and len(octets) % 7 == 0 and found[-1:] == b"\r":
        return found[:-1]
    return found
