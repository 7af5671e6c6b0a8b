"""Link shortening by the official library, and our own resources of domains and links."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from tests.pairs.links_world import SERVICE, World, world
from tests.pairs.media_site import ACCOUNT, PNG
from twilio.base.exceptions import TwilioRestException

from magpie.kit import clock
from magpie.kit.db import Database
from magpie.kit.rest import File
from magpie.links.domains import store as domains
from magpie.links.domains.model import new_domain
from magpie.links.shorten import path_of, shorten

OWN = "/magpie/v1"
OTHER_SERVICE = "MG" + "6" * 32
NO_SERVICE = "MG" + "7" * 32


@pytest.fixture
async def site(database: Database, tmp_path: Path) -> AsyncIterator[World]:
    async with world(database, tmp_path) as made:
        yield made


async def made_domain(site: World, name: str = "S.example") -> str:
    status, domain = await site.api("POST", f"{OWN}/Domains", DomainName=name)
    assert status == 201
    sid: str = domain["sid"]
    return sid


async def test_the_library_configures_a_domain(site: World) -> None:
    """What is given changes, what is not stays, a blank URL goes away."""
    sid = await made_domain(site)
    config = site.client().messaging.v1.domain_config(sid)
    first = await asyncio.to_thread(config.fetch)
    assert (first.domain_sid, first.config_sid[:2], first.url) == (
        sid,
        "ZK",
        f"{site.base}/messaging/v1/LinkShortening/Domains/{sid}/Config",
    )
    assert (first.fallback_url, first.continue_on_failure, first.disable_https) == (
        None,
        False,
        False,
    )
    await asyncio.to_thread(
        lambda: config.update(
            fallback_url="https://a.example/",
            callback_url="https://b.example/#rc=2",
            continue_on_failure=True,
        )
    )
    changed = await asyncio.to_thread(lambda: config.update(disable_https=True, fallback_url=""))
    assert changed.fallback_url is None
    assert changed.callback_url == "https://b.example/#rc=2"
    assert (changed.continue_on_failure, changed.disable_https) == (True, True)
    assert (await asyncio.to_thread(config.fetch)).callback_url == changed.callback_url


async def test_the_library_associates_services(site: World) -> None:
    """A service has one domain; asking for another one is 30130, for the same one no mistake."""
    sid, second = await made_domain(site), await made_domain(site, "t.example")
    v1 = site.client().messaging.v1

    def link(domain: str, service: str) -> Any:
        return v1.linkshortening_messaging_service(domain, service)

    made = await asyncio.to_thread(link(sid, SERVICE).create)
    assert (made.domain_sid, made.messaging_service_sid) == (sid, SERVICE)
    await asyncio.to_thread(link(sid, SERVICE).create)
    found = v1.linkshortening_messaging_service_domain_association(SERVICE)
    assert (await asyncio.to_thread(found.fetch)).domain_sid == sid
    config = await asyncio.to_thread(v1.domain_config_messaging_service(SERVICE).fetch)
    assert (config.domain_sid, config.messaging_service_sid) == (sid, SERVICE)
    for wrong, status, code in (
        (link(second, SERVICE).create, 400, 30130),
        (link(sid, NO_SERVICE).create, 404, 20404),
        (link("DN" + "0" * 32, OTHER_SERVICE).create, 404, 20404),
        (link(second, SERVICE).delete, 404, 20404),
        (v1.domain_config_messaging_service(OTHER_SERVICE).fetch, 404, 20404),
    ):
        with pytest.raises(TwilioRestException) as refused:
            await asyncio.to_thread(wrong)
        assert (refused.value.status, refused.value.code) == (status, code)
    assert await asyncio.to_thread(link(sid, SERVICE).delete)
    with pytest.raises(TwilioRestException):
        await asyncio.to_thread(found.fetch)


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"FallbackUrl": "nowhere"}, 30122),
        ({"CallbackUrl": "ftp://a.example"}, 30109),
        ({"DisableHttps": "perhaps"}, 20422),
        ({"ContinueOnFailure": "1"}, 20422),
    ],
)
async def test_a_wrong_configuration_has_its_number(
    site: World, form: dict[str, str], code: int
) -> None:
    """The same as Twilio's where it has one."""
    sid = await made_domain(site)
    path = f"/messaging/v1/LinkShortening/Domains/{sid}/Config"
    status, answer = await site.api("POST", path, **form)
    assert (status, answer["code"]) == (400, code)


async def test_domains_are_made_listed_and_deleted(site: World) -> None:
    """A name belongs to one account, whoever asks second; services lose a domain that goes."""
    sid = await made_domain(site)
    other = await made_domain(site, "t.example:8080")
    _, listed = await site.api("GET", f"{OWN}/Domains")
    assert [one["domain_name"] for one in listed["domains"]] == ["s.example", "t.example:8080"]
    _, page = await site.api("GET", f"{OWN}/Domains?PageSize=1")
    following = page["meta"]["next_page_url"].removeprefix(site.base)
    assert [one["sid"] for one in (await site.api("GET", following))[1]["domains"]] == [other]
    path = f"/messaging/v1/LinkShortening/Domains/{sid}/MessagingServices/{SERVICE}"
    assert (await site.api("POST", path))[0] == 201
    assert (await site.api("POST", f"{OWN}/Domains", DomainName="s.EXAMPLE."))[0] == 409
    await domains.insert(site.database, new_domain("AC" + "b" * 32, "u.example"))
    assert (await site.api("POST", f"{OWN}/Domains", DomainName="u.example"))[0] == 409
    for name in ("", "https://s.example", "a b", "s.example/x", "x:0"):
        assert (await site.api("POST", f"{OWN}/Domains", DomainName=name))[0] == 400, name
    assert (await site.api("GET", f"{OWN}/Domains/{sid}"))[1]["account_sid"] == ACCOUNT
    assert (await site.api("DELETE", f"{OWN}/Domains/{sid}"))[0] == 204
    assert (await site.api("DELETE", f"{OWN}/Domains/{sid}"))[0] == 404
    assert (await site.api("GET", f"{OWN}/Domains/{sid}"))[0] == 404
    assert await site.database.fetchval("select count(*) from link_services") == 0


async def test_another_accounts_things_are_not_there(site: World) -> None:
    """Domains and links of others are 404, whatever is asked of them."""
    theirs = new_domain("AC" + "b" * 32, "u.example")
    await domains.insert(site.database, theirs)
    _, (link,) = shorten(
        "https://a.example", theirs.account_sid, clock.uuid7(), theirs, now=clock.now()
    )
    await site.add(link)
    config = f"/messaging/v1/LinkShortening/Domains/{theirs.sid}/Config"
    for method, path in (
        ("GET", config),
        ("POST", config),
        ("GET", f"{OWN}/Domains/{theirs.sid}"),
        ("DELETE", f"{OWN}/Domains/{theirs.sid}"),
        ("GET", f"{OWN}/Links/{link.token}"),
        ("DELETE", f"{OWN}/Links/{link.token}"),
        ("GET", f"{OWN}/Links/{link.token}/Opens"),
    ):
        assert (await site.api(method, path))[0] == 404
    assert (await site.api("GET", f"{OWN}/Links"))[1]["links"] == []


async def test_links_are_read_and_taken_back(site: World) -> None:
    """By message or by themselves, with where they lead and who came; a revoked one has ended."""
    sid = await made_domain(site)
    domain = await domains.get(site.database, ACCOUNT, sid)
    assert domain is not None
    shown, _ = await site.message(File("a.png", "image/png", PNG))
    _, short = shorten(
        "https://a.example/1 https://a.example/2", ACCOUNT, clock.uuid7(), domain, now=clock.now()
    )
    await site.add(*short)
    await site.visit(path_of(shown))
    _, listed = await site.api("GET", f"{OWN}/Links")
    kinds = [one["kind"] for one in listed["links"]]
    assert kinds == ["url", "url", "media"]
    _, page = await site.api("GET", f"{OWN}/Links?PageSize=2")
    following = page["meta"]["next_page_url"].removeprefix(site.base)
    _, second = await site.api("GET", following)
    assert [one["sid"] for one in second["links"]] == [shown.token]
    back = second["meta"]["previous_page_url"].removeprefix(site.base)
    assert (await site.api("GET", back))[1]["links"] == page["links"]
    _, of = await site.api("GET", f"{OWN}/Links?MessageSid={short[0].message_sid}")
    assert {one["target"] for one in of["links"]} == {"https://a.example/1", "https://a.example/2"}
    about = f"{OWN}/Links?MessageSid={short[0].message_sid}&PageSize=1"
    following = (await site.api("GET", about))[1]["meta"]["next_page_url"].removeprefix(site.base)
    assert (await site.api("GET", following))[1]["links"] == of["links"][1:]
    assert {one["link"] for one in of["links"]} == {
        f"https://s.example/{link.token}" for link in short
    }
    _, one = await site.api("GET", f"{OWN}/Links/{shown.token}")
    assert (one["link"], one["opens"], one["previews"]) == (site.base + path_of(shown), 1, 0)
    assert one["message_sid"] == "MM" + shown.message_id.hex
    _, opens = await site.api("GET", f"{OWN}/Links/{shown.token}/Opens")
    assert [(o["by"], o["client"]) for o in opens["opens"]] == [("person", "iPhone")]
    assert (await site.api("DELETE", f"{OWN}/Links/{shown.token}"))[0] == 204
    assert (await site.api("DELETE", f"{OWN}/Links/{shown.token}"))[0] == 204
    assert (await site.api("GET", f"{OWN}/Links/{shown.token}"))[1]["date_revoked"]
    assert (await site.visit(path_of(shown))).status == 410


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/Links/0000000000", 404),
        ("/Links?MessageSid=XX", 400),
        ("/Links?PageToken=PAxyz", 400),
        ("/Domains?PageToken=PAxyz", 400),
        ("/Links/0000000000/Opens", 404),
    ],
)
async def test_what_is_wrong_is_told(site: World, path: str, status: int) -> None:
    """No such link, no such message, no such page."""
    assert (await site.api("GET", OWN + path))[0] == status
