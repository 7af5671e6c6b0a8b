"""Media fetched from an HTTP server on loopback, which misbehaves, into PostgreSQL and a folder."""

import asyncio
import socket
from base64 import b64encode
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.pairs.media_site import ACCOUNT, JPEG, PNG, Home, Site, answer, living, serving, status

from magpie.kit.blobs import digest_of
from magpie.kit.db import Database
from magpie.kit.egress import Limits
from magpie.media import fetch
from magpie.media.cache import store as cache
from magpie.media.fetch import FetchFailed
from magpie.media.model import MOST_BYTES


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with serving() as made:
        yield made


@pytest.fixture
async def home(database: Database, tmp_path: Path) -> AsyncIterator[Home]:
    async with living(database, tmp_path / "media") as made:
        yield made


async def test_a_picture_is_fetched_and_kept(site: Site, home: Home) -> None:
    """Bytes, type, size and name come as the server gave them, and the trace tells of it."""
    site.answers["/cat%20one.png?v=1"] = answer(
        PNG, "image/PNG; charset=x", 'Content-Disposition: inline; filename="the cat.png"'
    )
    copy = await home.fetcher.fetch(ACCOUNT, site.url("/cat%20one.png?v=1"))
    assert (copy.content_type, copy.size, copy.file_name) == ("image/png", len(PNG), "the_cat.png")
    assert await home.bytes_of(copy) == PNG
    assert copy.trace.url == site.url("/cat%20one.png")
    assert (copy.trace.bytes, copy.trace.cached, copy.trace.status) == (len(PNG), False, 200)


async def refusal(home: Home, url: str) -> FetchFailed:
    with pytest.raises(FetchFailed) as failed:
        await home.fetcher.fetch(ACCOUNT, url)
    return failed.value


LOOP = status("302 Found", "Location: /x")
WRONG = [
    (status("404 Not Found"), 11200, False),
    (status("410 Gone"), 11200, False),
    (status("304 Not Modified"), 11200, False),
    (status("204 No Content"), 11200, False),
    (status("500 Oops"), 11200, True),
    (status("503 Later"), 11200, True),
    (status("401 Who", 'WWW-Authenticate: Basic realm="x"'), 11200, False),
    (LOOP, 11215, False),
    (status("302 Found"), 11216, False),
    (status("302 Found", "Location: ftp://a.example/"), 11216, False),
    (answer(b""), 63019, False),
    (answer(PNG, None), 12300, False),
    (answer(PNG, "application/octet-stream"), 12300, False),
    (answer(PNG, "text/plain"), 12300, False),
    (answer(PNG, "image/jpeg"), 12300, False),
    (answer(b"<html><script>", "image/png"), 12300, False),
    (answer(b"<svg onload=x>", "image/svg+xml"), 12300, False),
    (answer(b"\xd0\xcf\x11\xe0", "application/msword"), 63021, False),
    (answer(PNG, "image/png", "Content-Encoding: gzip"), 11200, False),
    (answer(PNG, length=len(PNG) + 10), 11205, True),
    (answer(PNG, length=MOST_BYTES + 1), 11751, False),
    (answer(PNG + bytes(MOST_BYTES)), 11751, False),
    (b"", 11205, True),
    (b"SMTP ready\r\n\r\n", 11206, False),
]


async def test_each_failure_has_its_number(site: Site, home: Home) -> None:
    """What the server does wrong decides the code, and whether another try makes sense."""
    site.answers |= {f"/{n}": given for n, (given, _, _) in enumerate(WRONG)} | {"/x": LOOP}
    failures = [await refusal(home, site.url(f"/{n}")) for n in range(len(WRONG))]
    assert [(f.code, f.passing) for f in failures] == [(code, may) for _, code, may in WRONG]


async def test_a_closed_port_and_an_unknown_host_have_their_numbers(home: Home) -> None:
    """Refused is 11202, no such name 11210, a denied address 11200; the first two may pass."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/"
    refused = await refusal(home, url)
    unknown = await refusal(home, "http://nowhere.invalid/x.png")
    denied = await refusal(home, "http://10.0.0.1/x.png")
    assert [(f.code, f.passing) for f in (refused, unknown, denied)] == [
        (11202, True),
        (11210, True),
        (11200, False),
    ]


async def test_a_silent_server_is_given_up(
    site: Site, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No first byte in time is 11205 and may pass; no end in time is 11205 too."""
    monkeypatch.setattr(fetch, "LIMITS", Limits(1.0, 0.1, 5.0, MOST_BYTES))
    site.gate.clear()
    failed = await refusal(home, site.url("/x"))
    assert (failed.code, failed.passing) == (11205, True)
    monkeypatch.setattr(fetch, "LIMITS", Limits(1.0, 5.0, 0.1, MOST_BYTES))
    assert (await refusal(home, site.url("/y"))).code == 11205
    site.answers |= {"/x": b"", "/y": b""}
    site.gate.set()


@pytest.mark.parametrize("hops", [0, 1, 5])
async def test_five_redirects_are_followed(site: Site, home: Home, hops: int) -> None:
    """The picture at the end of up to five redirects is fetched."""
    for n in range(hops):
        site.answers[f"/{n}"] = status("302 Found", f"Location: /{n + 1}")
    site.answers[f"/{hops}"] = answer(PNG)
    assert (await home.fetcher.fetch(ACCOUNT, site.url("/0"))).size == len(PNG)


async def test_the_limit_is_met_to_the_byte(site: Site, home: Home) -> None:
    """5 MB pass, one byte more does not, announced or in chunks."""
    whole = PNG + bytes(MOST_BYTES - len(PNG))
    site.answers["/whole"] = answer(whole)
    site.answers["/chunked"] = (
        b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nTransfer-Encoding: chunked\r\n\r\n"
        + f"{len(whole) + 1:x}\r\n".encode()
        + whole
        + b"!\r\n0\r\n\r\n"
    )
    assert (await home.fetcher.fetch(ACCOUNT, site.url("/whole"))).size == MOST_BYTES
    assert (await refusal(home, site.url("/chunked"))).code == 11751


async def test_credentials_come_only_from_the_url_and_are_not_told(site: Site, home: Home) -> None:
    """Userinfo answers a challenge; neither the trace nor the cache holds it."""

    def guarded(head: str) -> bytes:
        wanted = b64encode(b"user:secret").decode()
        challenge = 'WWW-Authenticate: Basic realm="x"'
        return answer(PNG) if f"Basic {wanted}" in head else status("401 Who", challenge)

    site.answers["/x"] = guarded
    copy = await home.fetcher.fetch(ACCOUNT, site.url("/x", "user:secret@"))
    assert copy.trace.url == site.url("/x")
    rows = await home.database.fetch("select f::text from fetched_media f")
    assert len(rows) == 1
    assert "secret" not in rows[0][0]


async def test_a_fresh_copy_is_used_without_asking(site: Site, home: Home) -> None:
    """While it is fresh a URL is asked once by an account, but another account asks for itself."""
    site.answers["/x"] = answer(PNG, "image/png", "Cache-Control: max-age=60")
    first = await home.fetcher.fetch(ACCOUNT, site.url("/x"))
    second = await home.fetcher.fetch(ACCOUNT, site.url("/x"))
    assert (site.asked, second.digest) == (["/x"], first.digest)
    assert (second.trace.cached, second.trace.status) == (True, None)
    await home.fetcher.fetch("AC" + "b" * 32, site.url("/x"))
    assert site.asked == ["/x", "/x"]


async def test_a_stale_copy_is_revalidated(site: Site, home: Home) -> None:
    """The ETag and the date are sent back; a 304 means the copy that is here."""

    def versioned(head: str) -> bytes:
        if 'If-None-Match: "v1"' in head and "If-Modified-Since: Mon, 04 May 2026" in head:
            return status("304 Not Modified", 'ETag: "v1"')
        modified = "Last-Modified: Mon, 04 May 2026 10:00:00 GMT"
        return answer(PNG, "image/png", 'ETag: "v1"', modified, "Cache-Control: no-cache")

    site.answers["/x"] = versioned
    first = await home.fetcher.fetch(ACCOUNT, site.url("/x"))
    second = await home.fetcher.fetch(ACCOUNT, site.url("/x"))
    assert (second.digest, second.file_name) == (first.digest, first.file_name)
    assert (second.trace.cached, second.trace.status, second.trace.bytes) == (True, 304, 0)
    assert len(site.asked) == 2


async def test_a_new_version_replaces_the_copy(site: Site, home: Home) -> None:
    """When the server gives other bytes, they are what is sent from then on."""
    site.answers["/x"] = answer(PNG, "image/png", 'ETag: "1"', "Cache-Control: no-cache")
    await home.fetcher.fetch(ACCOUNT, site.url("/x"))
    site.answers["/x"] = answer(JPEG, "image/jpeg", 'ETag: "2"')
    copy = await home.fetcher.fetch(ACCOUNT, site.url("/x"))
    assert await home.bytes_of(copy) == JPEG
    known = await cache.find(home.database, ACCOUNT, site.url("/x"))
    assert known is not None
    assert (known.etag, known.content_type) == ('"2"', "image/jpeg")


async def test_what_may_not_be_stored_is_asked_for_each_time(site: Site, home: Home) -> None:
    """no-store leaves no trace in the cache."""
    site.answers["/x"] = answer(PNG, "image/png", 'ETag: "1"', "Cache-Control: no-store")
    for _ in range(2):
        assert not (await home.fetcher.fetch(ACCOUNT, site.url("/x"))).trace.cached
    assert await cache.find(home.database, ACCOUNT, site.url("/x")) is None


async def test_fetches_of_one_url_are_joined(site: Site, home: Home) -> None:
    """Twenty who want a URL at the same time cost one request, and one who leaves harms nobody."""
    site.answers["/x"] = answer(PNG, "image/png", "Cache-Control: no-store")
    site.gate.clear()
    first = asyncio.create_task(home.fetcher.fetch(ACCOUNT, site.url("/x")))
    await asyncio.sleep(0)
    others = [asyncio.create_task(home.fetcher.fetch(ACCOUNT, site.url("/x"))) for _ in range(20)]
    await site.noticed.wait()
    first.cancel()
    site.gate.set()
    assert {copy.digest for copy in await asyncio.gather(*others)} == {digest_of(PNG)}
    assert site.asked == ["/x"]


async def test_a_failure_is_told_to_all_who_waited_and_not_kept(site: Site, home: Home) -> None:
    """After a failure the next one asks anew."""
    site.answers["/x"] = status("404 Not Found")
    both = (home.fetcher.fetch(ACCOUNT, site.url("/x")) for _ in range(2))
    failed = await asyncio.gather(*both, return_exceptions=True)
    assert [type(each) for each in failed] == [FetchFailed, FetchFailed]
    site.answers["/x"] = answer(PNG)
    assert (await home.fetcher.fetch(ACCOUNT, site.url("/x"))).size == len(PNG)
