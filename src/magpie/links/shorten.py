"""The texts that links stand in."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from msgspec import structs

from magpie.links import tokens
from magpie.links.domains.model import Domain, host_of
from magpie.links.model import MEDIA_LIFE, URL_LIFE, Kind, Link

_URL: Final = re.compile(
    r"(?<![0-9A-Za-z])https?://[^\s\x00-\x1f\x7f<>\"\u3000-\u303f]+", re.IGNORECASE
)
# What ends a sentence and not a URL; brackets and quotes are weighed by pairs.
_STOPS: Final = ".,;:!?'*\u2018\u2019\u201c\u201d\u2026\u00ab\u00bb\uff01\uff0c\uff1a\uff1b\uff1f"
# What RFC 3986 lets stand behind a host; a percent sign alone is none of it.
_ENCODED: Final = re.compile(r"(?:[!-$&-~]|%[0-9A-Fa-f]{2})*")
_PAIRS: Final = {")": "(", "]": "[", "}": "{", "\uff09": "\uff08"}


def media_link(
    account_sid: str,
    message_id: UUID,
    now: datetime,
    *,
    mms: bool = True,
    messaging_service_sid: str | None = None,
    from_: str | None = None,
    to: str | None = None,
) -> Link:
    """One link shows all media of the message, for a year."""
    return Link(
        token=tokens.new_media_token(),
        account_sid=account_sid,
        message_id=message_id,
        mms=mms,
        kind=Kind.MEDIA,
        target=None,
        domain_sid=None,
        messaging_service_sid=messaging_service_sid,
        from_=from_,
        to=to,
        created_at=now,
        expires_at=now + MEDIA_LIFE,
        revoked_at=None,
        opens=0,
        previews=0,
        last_opened_at=None,
    )


def path_of(link: Link) -> str:
    """Of a media link, below the platform's own URL."""
    return f"/m/{link.token}"


def shorten(
    body: str,
    account_sid: str,
    message_id: UUID,
    domain: Domain,
    *,
    now: datetime,
    mms: bool = False,
    messaging_service_sid: str | None = None,
    from_: str | None = None,
    to: str | None = None,
) -> tuple[str, list[Link]]:
    """Give the body with short URLs, and a link for each different URL that it had.

    URLs on the domain itself stay: they are short, and a link to a link would lead nowhere.
    """
    about = media_link(
        account_sid,
        message_id,
        now,
        mms=mms,
        messaging_service_sid=messaging_service_sid,
        from_=from_,
        to=to,
    )
    links: dict[str, Link] = {}
    parts, end = [], 0
    for start, url in _urls(body):
        if host_of(urlsplit(url).netloc) == domain.name:
            continue
        if url not in links:
            links[url] = _to_url(about, url, domain)
        parts += [body[end:start], domain.url(links[url].token)]
        end = start + len(url)
    return "".join([*parts, body[end:]]), [*links.values()]


def _to_url(about: Link, target: str, domain: Domain) -> Link:
    return structs.replace(
        about,
        token=tokens.new_url_token(),
        kind=Kind.URL,
        target=target,
        domain_sid=domain.sid,
        expires_at=about.created_at + URL_LIFE,
    )


def with_link(body: str, url: str) -> str:
    return f"{body} {url}" if body.strip() else url


def without_link(body: str, path: str) -> str:
    """The body as it was before `with_link`, whatever the host before the path."""
    head, _, last = body.rpartition(" ")
    return head if last.startswith("http") and last.endswith(path) else body


def as_written(body: str, links: Iterable[Link]) -> str:
    """The body before its links were put into it, to be sent once more."""
    for link in links:
        if link.kind == Kind.MEDIA:
            body = without_link(body, path_of(link))
        elif link.target:
            body = _short(link).sub(partial(_target, link.target), body)
    return body


def _short(link: Link) -> re.Pattern[str]:
    return re.compile(rf"(?:https?://)?[\w.:-]+/{re.escape(link.token)}(?![0-9A-Za-z])")


def _target(target: str, _: re.Match[str]) -> str:
    """A function, for the backslashes of a replacement would mean something."""
    return target


def unfit(body: str) -> str | None:
    """The first of its URLs that no link can lead to: without a host, or not percent-encoded."""
    found = (_without_stops(match[0]) for match in _URL.finditer(body))
    return next((url for url in found if not _has_host(url) or not _is_encoded(url)), None)


def _urls(body: str) -> Iterator[tuple[int, str]]:
    for match in _URL.finditer(body):
        url = _without_stops(match[0])
        if _has_host(url):
            yield match.start(), url


def _without_stops(url: str) -> str:
    while url:
        last = url[-1]
        opening = _PAIRS.get(last)
        if last not in _STOPS and (opening is None or url.count(opening) >= url.count(last)):
            break
        url = url[:-1]
    return url


def _has_host(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return any(map(str.isalnum, parts.hostname or "")) and parts.port != 0
    except ValueError:
        return False


def _is_encoded(url: str) -> bool:
    parts = urlsplit(url)
    return all(map(_ENCODED.fullmatch, (parts.path, parts.query, parts.fragment)))
