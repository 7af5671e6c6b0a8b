"""Short messages over the air: the SMS-DELIVER by which a centre hands one to a phone."""

from magpie.protocols.tpdu.deliver import Deliver, decode, encode
from magpie.protocols.tpdu.errors import DecodeError, EncodeError, TpduError
from magpie.protocols.tpdu.texts import build, read

__all__ = [
    "DecodeError",
    "Deliver",
    "EncodeError",
    "TpduError",
    "build",
    "decode",
    "encode",
    "read",
]
