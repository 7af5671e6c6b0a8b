"""Who opens a link, as far as the user agent says it."""

import re
from typing import Final, NamedTuple

MOST: Final = 300

# Programs that look at a link before a person does: messengers, mail filters, crawlers, tools.
_PROGRAMS: Final = re.compile(
    r"(facebookexternalhit|facebot|twitterbot|whatsapp|telegrambot|slackbot|slack-imgproxy"
    r"|discordbot|linkedinbot|skypeuripreview|vkshare|embedly|iframely|applebot|googlebot"
    r"|google-pagerenderer|google-safety|bingbot|bingpreview|yandex\w*bot|duckduckbot"
    r"|proofpoint|barracuda|mimecast|safelinks"
    r"|curl|wget|python-requests|python-urllib|aiohttp|httpx|go-http-client|okhttp|java|libwww-perl"
    r"|\b(?!cubot)\w*(?:bot|crawler|spider|preview|scanner|fetcher))\b",
    re.IGNORECASE,
)
# The first that is found: an iPad calls itself a Macintosh too, Android a Linux.
_DEVICES: Final = (
    ("iphone", "iPhone"),
    ("ipad", "iPad"),
    ("android", "Android"),
    ("windows", "Windows"),
    ("cros", "ChromeOS"),
    ("macintosh", "Mac"),
    ("linux", "Linux"),
)


class Client(NamedTuple):
    name: str | None
    person: bool


def client_of(user_agent: str) -> Client:
    """A person uses a browser, and every browser says so; whatever else says, a program does."""
    program = _PROGRAMS.search(user_agent)
    if program is not None:
        return Client(program[1][:40], person=False)
    lowered = user_agent.lower()
    name = next((name for word, name in _DEVICES if word in lowered), None)
    return Client(name, person=lowered.startswith("mozilla/") or name is not None)
