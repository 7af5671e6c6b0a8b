"""GSM on text: its alphabet, how long texts are cut, and the header that joins the parts."""

from magpie.protocols.gsm.alphabet import decode_gsm7, encode_gsm7, is_gsm7, septets
from magpie.protocols.gsm.packing import pack, unpack
from magpie.protocols.gsm.segments import (
    Encoding,
    Segmentation,
    TooManyPartsError,
    count,
    encoding_of,
    plan,
    units,
)
from magpie.protocols.gsm.smart import smart_encode
from magpie.protocols.gsm.udh import Concat, Element, Ports, UserDataHeader

__all__ = [
    "Concat",
    "Element",
    "Encoding",
    "Ports",
    "Segmentation",
    "TooManyPartsError",
    "UserDataHeader",
    "count",
    "decode_gsm7",
    "encode_gsm7",
    "encoding_of",
    "is_gsm7",
    "pack",
    "plan",
    "septets",
    "smart_encode",
    "units",
    "unpack",
]
