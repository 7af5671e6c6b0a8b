"""Shortened links over real HTTP: where they lead, and who is told of a click."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec import structs
from tests.pairs.links_world import PHONE, SERVICE, World, world
from tests.pairs.media_site import ACCOUNT

from magpie.kit import clock
from magpie.kit.db import Database
from magpie.links import store
from magpie.links.book import LinkBook
from magpie.links.domains import store as domains
from magpie.links.domains.model import Association, Domain, new_domain
from magpie.links.model import Link
from magpie.links.shorten import shorten

LONG = "https://shop.example/sale?a=1&b=%20#top"


@pytest.fixture
async def site(database: Database, tmp_path: Path) -> AsyncIterator[World]:
    async with world(database, tmp_path) as made:
        yield made


async def domain_of(site: World, **config: str | None) -> Domain:
    domain = new_domain(ACCOUNT, site.host)
    await domains.insert(site.database, domain)
    async with site.database.transaction() as connection:
        await domains.save(connection, structs.replace(domain, **config))
    return domain


async def linked(site: World, domain: Domain, target: str = LONG) -> Link:
    _, (link,) = shorten(
        f"Sale: {target}",
        ACCOUNT,
        clock.uuid7(),
        domain,
        now=clock.now(),
        messaging_service_sid=SERVICE,
        from_="+15017122661",
        to="+15558675310",
    )
    await site.add(link)
    return link


@pytest.mark.parametrize(
    ("target", "location"),
    [
        (LONG, LONG),
        (
            "https://b\u00fccher.example/\u00e4?q=\u00f6",
            "https://xn--bcher-kva.example/%C3%A4?q=%C3%B6",
        ),
    ],
)
async def test_a_click_leads_to_the_long_url(site: World, target: str, location: str) -> None:
    """302 that nobody keeps, byte for byte what the body said, in ASCII."""
    link = await linked(site, await domain_of(site), target)
    reply = await site.click(link.token)
    assert (reply.status, reply.body) == (302, b"")
    assert reply.headers["Location"] == location
    assert reply.headers["Cache-Control"] == "private, no-store"
    assert site.opened == [(link.token, 1)]
    assert await site.deliveries() == []


async def test_a_click_is_told_to_the_customer(site: World) -> None:
    """One callback for each click of a person, with what Twilio's events say."""
    domain = await domain_of(site, callback_url="https://hook.example/clicks?x=1")
    link = await linked(site, domain)
    await site.click(link.token)
    await site.click(link.token, "HEAD")
    await site.click(link.token, user_agent="facebookexternalhit/1.1")
    (delivery,) = await site.deliveries()
    assert (delivery.kind, delivery.method) == ("status", "POST")
    assert (delivery.url, delivery.resource) == ("https://hook.example/clicks?x=1", link.message_id)
    params = dict(delivery.params)
    assert clock.now().strftime("%Y-%m-%dT") in params.pop("click_time")
    assert params == {
        "event_type": "click",
        "sms_sid": "SM" + link.message_id.hex,
        "to": "+15558675310",
        "from": "+15017122661",
        "link": LONG,
        "messaging_service_sid": SERVICE,
        "account_sid": ACCOUNT,
        "user_agent": PHONE,
    }
    after = await store.find(site.database, link.token)
    assert after is not None
    assert (after.opens, after.previews) == (1, 2)


async def test_what_leads_nowhere_leads_to_the_fallback(site: World) -> None:
    """Unknown, ended and revoked links, and those of another domain."""
    domain = await domain_of(site, fallback_url="https://shop.example/")
    old, revoked = await linked(site, domain), await linked(site, domain)
    other = structs.replace(await linked(site, domain), token="O" * 10, domain_sid="DN" + "0" * 32)
    late = structs.replace(old, token="L" * 10, expires_at=clock.now() - timedelta(seconds=1))
    await site.add(other, late)
    await store.revoke(site.database, ACCOUNT, revoked.token, clock.now())
    for token in ("0123456789", late.token, revoked.token, other.token):
        reply = await site.click(token)
        assert (reply.status, reply.headers["Location"]) == (302, "https://shop.example/")
    assert site.opened == []


async def test_without_a_fallback_there_is_a_page(site: World) -> None:
    """404 for what never was, 410 for what has ended."""
    link = await linked(site, await domain_of(site))
    await store.revoke(site.database, ACCOUNT, link.token, clock.now())
    ended, unknown = await site.click(link.token), await site.click("0123456789")
    assert (ended.status, unknown.status) == (410, 404)
    assert b"This link has ended" in ended.body
    assert b"There is nothing here" in unknown.body


async def test_other_requests_go_on_untouched(site: World) -> None:
    """Another Host, path or method is not a link's; the API answers on the domain too."""
    link = await linked(site, await domain_of(site))
    elsewhere = await site.visit(f"/{link.token}")
    assert (elsewhere.status, b"20404" in elsewhere.body) == (404, True)
    assert (await site.click(link.token, "POST")).status == 404
    for path in ("short", f"{link.token}/x", "0123456789a", "01234-6789"):
        assert b"20404" in (await site.click(path)).body
    assert (await site.click("v1/Services")).status == 404
    assert (await site.click("magpie/v1/Domains")).status == 401


async def test_guessing_comes_to_an_end(site: World) -> None:
    """Twenty tokens that lead nowhere, then the address has to wait."""
    link = await linked(site, await domain_of(site, fallback_url="https://shop.example/"))
    statuses = [(await site.click(f"{n:010}")).status for n in range(21)]
    assert statuses == [302] * 20 + [429]
    assert (await site.click(link.token)).status == 429


async def test_the_book_knows_the_domain_of_a_service(site: World) -> None:
    """By service and by name; another account's service has none."""
    book, domain = LinkBook(site.database), await domain_of(site)
    wanted = Association(account_sid=ACCOUNT, messaging_service_sid=SERVICE, domain_sid=domain.sid)
    async with site.database.transaction() as connection:
        assert await domains.associate(connection, wanted) == wanted
    found = await book.domain_of(ACCOUNT, SERVICE)
    assert found is not None
    assert found.sid == domain.sid
    assert await book.domain_of("AC" + "b" * 32, SERVICE) is None
    assert await book.domain_named(site.host) == found
