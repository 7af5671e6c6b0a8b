"""Which words stop, start and ask for help: always a whole message of one word."""

from enum import StrEnum


class Keyword(StrEnum):
    STOP = "STOP"
    START = "START"
    HELP = "HELP"


_WORDS = {
    Keyword.STOP: "STOP STOPALL UNSUBSCRIBE CANCEL END QUIT REVOKE OPTOUT",
    Keyword.START: "START YES UNSTOP",
    Keyword.HELP: "HELP INFO",
}
_KEYWORDS = {word: kind for kind, words in _WORDS.items() for word in words.split()}

REPLIES = {
    Keyword.STOP: (
        "You are unsubscribed and will get no more messages from this number."
        " Reply START to subscribe again."
    ),
    Keyword.START: (
        "You are subscribed again and will get messages from this number."
        " Reply HELP for help, STOP to unsubscribe."
    ),
    Keyword.HELP: "Reply STOP to unsubscribe. Message and data rates may apply.",
}

# On toll-free numbers the network itself blocks; YES is no word of it.
_NOT_TOLL_FREE = "YES"


def keyword_of(body: str, *, sender_kind: str) -> Keyword | None:
    """Short codes have no automatic words outside of a service."""
    if sender_kind == "short-code":
        return None
    word = body.strip().upper()
    if sender_kind == "toll-free" and word == _NOT_TOLL_FREE:
        return None
    return _KEYWORDS.get(word)


def reply_to(keyword: Keyword, *, stopped: bool) -> str | None:
    """`stopped` is the state before the message: help is not sent to those who opted out."""
    if keyword is Keyword.HELP and stopped:
        return None
    return REPLIES[keyword]
