"""Text out of octets, by the charsets that messages name.

A list of ours: Python knows more codecs, and some of them are no charsets or take for ever.
"""

from typing import Final

_CODECS: Final = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "ascii",
    "ascii": "ascii",
    "utf-16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "iso-10646-ucs-2": "utf-16",
    "ucs-2": "utf-16",
    "iso-8859-1": "cp1252",  # as the Encoding Standard has it
    "latin1": "cp1252",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "windows-31j": "cp932",
    "euc-jp": "euc_jp",
    "iso-2022-jp": "iso2022_jp",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "iso-2022-kr": "iso2022_kr",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5hkscs",
    "koi8-r": "koi8_r",
    "koi8-u": "koi8_u",
    "tis-620": "cp874",
    **{f"iso-8859-{part}": f"iso8859-{part}" for part in (*range(2, 12), *range(13, 17))},
    **{f"windows-{page}": f"cp{page}" for page in (874, *range(1250, 1259))},
}


def codec_of(charset: str) -> str | None:
    """Python's name for it, None for one that nobody should have used."""
    return _CODECS.get(charset.strip().strip("\"'").lower())


def text_of(octets: bytes, charset: str = "") -> str:
    """Never fails: the charset that is named, else UTF-8, else Latin-1."""
    for codec in (codec_of(charset), "utf-8"):
        try:
            if codec:
                return octets.decode(codec)
        except UnicodeDecodeError:
            continue
    return octets.decode("latin-1")
