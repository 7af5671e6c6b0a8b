"""Tokens that nobody can guess: 128 bits for media, Twilio's ten characters for shortened URLs."""

import re
import secrets
import string
from typing import Final

_ALPHABET: Final = string.digits + string.ascii_letters
_BITS: Final = 128
_MEDIA_LENGTH: Final = 22  # the fewest digits to base 62 that hold 128 bits
_URL_LENGTH: Final = 10
_MEDIA: Final = re.compile(rf"[0-9A-Za-z]{{{_MEDIA_LENGTH}}}")
_URL: Final = re.compile(rf"[0-9A-Za-z]{{{_URL_LENGTH}}}")


def new_media_token() -> str:
    return base62(secrets.randbits(_BITS), _MEDIA_LENGTH)


def new_url_token() -> str:
    return base62(secrets.randbelow(len(_ALPHABET) ** _URL_LENGTH), _URL_LENGTH)


def base62(number: int, length: int) -> str:
    digits = []
    for _ in range(length):
        number, digit = divmod(number, len(_ALPHABET))
        digits.append(_ALPHABET[digit])
    return "".join(reversed(digits))


def is_media_token(text: str) -> bool:
    return _MEDIA.fullmatch(text) is not None


def is_url_token(text: str) -> bool:
    return _URL.fullmatch(text) is not None
