"""Message ids: what submit_sm_resp calls decimal a receipt may write in hexadecimal."""

from enum import Enum
from typing import Final

_RUBBISH: Final = " \t\r\n\0,;"


class Notation(Enum):
    """How a carrier writes message ids; its responses and its receipts may differ."""

    AS_IS = "as-is"
    DECIMAL = "decimal"
    HEXADECIMAL = "hexadecimal"


def fold_id(
    message_id: str,
    notation: Notation = Notation.AS_IS,
    *,
    case: bool = False,
    zeros: bool = False,
) -> str:
    """One form for both sides to compare.

    Numbers become decimal. What is not the number it should be stays, as do ids `AS_IS`, but for
    their `case` and leading `zeros`.
    """
    folded = message_id.strip(_RUBBISH)
    if notation is not Notation.AS_IS:
        number = _number(folded, 10 if notation is Notation.DECIMAL else 16)
        if number is not None:
            return str(number)
    folded = folded.lower() if case else folded
    return (folded.lstrip("0") or "0") if zeros and folded else folded


def _number(text: str, base: int) -> int | None:
    if not text.isascii() or not text.isalnum():
        return None
    try:
        return int(text, base)
    except ValueError:
        return None
