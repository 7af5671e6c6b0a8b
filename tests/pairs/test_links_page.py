"""The page of a media link over real HTTP and PostgreSQL."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec import structs
from tests.pairs.links_world import PHONE, World, world
from tests.pairs.media_site import ACCOUNT, JPEG, PNG

from magpie.kit import clock
from magpie.kit.db import Database
from magpie.kit.rest import File
from magpie.links import store
from magpie.links.limits import HITS, MISSES
from magpie.links.page.style import POLICY
from magpie.links.shorten import media_link, path_of, with_link
from magpie.media import store as media_store
from magpie.media.model import State
from magpie.media.uploads import media_row

PICTURE = File("cat.png", "image/png", PNG)
MP3 = b"\xff\xfb\x90\x00" + bytes(range(200))
VCARD = b"BEGIN:VCARD\r\nFN:Ann Example\r\nTEL;TYPE=CELL:+1 555 0100\r\nEND:VCARD\r\n"
PROGRAM = "WhatsApp/2.23.20.0"


@pytest.fixture
async def site(database: Database, tmp_path: Path) -> AsyncIterator[World]:
    async with world(database, tmp_path) as made:
        yield made


async def test_the_page_shows_text_and_media(site: World) -> None:
    """Sender, body and picture stand on the page; the picture's own URL gives its bytes."""
    link, _ = await site.message(PICTURE)
    reply = await site.visit(path_of(link))
    text = reply.body.decode()
    assert reply.status == 200
    assert "<title>Picture from +15017122661</title>" in text
    assert "Look at this!" in text
    (src,) = re.findall(r'<img src="([^"]+)" alt="Picture from \+15017122661"', text)
    assert (await site.visit(f"/m/{src}")).body == PNG


async def test_headers_let_nothing_run_and_nobody_index(site: World) -> None:
    """One style sheet by its hash, no script, no frame, no referrer, no copy in a cache."""
    link, _ = await site.message(PICTURE)
    headers = (await site.visit(path_of(link))).headers
    assert headers["Content-Security-Policy"] == POLICY
    assert "script" not in POLICY
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "private, no-store"
    media = (await site.visit(f"{path_of(link)}/1")).headers
    assert media["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert media["Content-Security-Policy"] == "sandbox; default-src 'none'"
    robots = await site.visit("/robots.txt")
    assert robots.body == b"User-agent: *\nDisallow: /m/\n"


async def test_the_link_itself_is_not_repeated_in_the_text(site: World) -> None:
    """A body that was sent with the link at its end is shown without it."""
    link, _ = await site.message(PICTURE)
    body = with_link("Look!", f"https://p.example{path_of(link)}")
    site.words[link.message_id] = structs.replace(site.words[link.message_id], body=body)
    page = (await site.visit(path_of(link))).body.decode()
    assert "Look!</p>" in page
    assert "p.example" not in page


async def test_each_kind_has_its_form(site: World) -> None:
    """Sound is played, a contact is read out, what a browser does not show is a download."""
    link, _ = await site.message(
        File("a.mp3", "audio/mpeg", MP3),
        File("ann.vcf", "text/vcard", VCARD),
        File("plan.pdf", "application/pdf", b"%PDF-1.4"),
        File("x.html", "text/html", b"<script>alert(1)</script>"),
    )
    page = (await site.visit(path_of(link))).body.decode()
    assert re.search(r"<audio [^>]*controls preload=\"metadata\"", page)
    assert '<a href="tel:+15550100">+1 555 0100</a>' in page
    assert "Add to contacts" in page
    assert "PDF document, 8 bytes" in page
    assert "alert(1)" not in page
    contact = await site.visit(f"{path_of(link)}/2/download")
    assert (contact.body, contact.headers["Content-Type"]) == (VCARD, "text/vcard")
    assert contact.headers["Content-Disposition"] == 'attachment; filename="ann.vcf"'
    active = await site.visit(f"{path_of(link)}/4")
    assert active.headers["Content-Disposition"].startswith("attachment")


async def test_sound_can_be_had_in_ranges(site: World) -> None:
    """As a player on a phone insists."""
    link, _ = await site.message(File("a.mp3", "audio/mpeg", MP3))
    part = await site.visit(f"{path_of(link)}/1", Range="bytes=0-1")
    assert (part.status, part.body) == (206, MP3[:2])
    assert part.headers["Content-Range"] == f"bytes 0-1/{len(MP3)}"
    assert (await site.visit(f"{path_of(link)}/1", "HEAD")).headers["Content-Length"] == str(
        len(MP3)
    )


async def test_a_picture_is_shown_in_a_form_that_browsers_know(site: World) -> None:
    """The page, its picture and what is saved come in the form that `present` gives."""
    link, (heic,) = await site.message(File("a.heic", "image/heic", b"heic"))
    _, (jpeg,) = await site.message(File("a.jpg", "image/jpeg", JPEG))
    assert "<img" not in (await site.visit(path_of(link))).body.decode()
    site.forms[heic.sid] = jpeg
    assert "<img" in (await site.visit(path_of(link))).body.decode()
    shown = await site.visit(f"{path_of(link)}/1")
    assert (shown.headers["Content-Type"], shown.body) == ("image/jpeg", JPEG)
    saved = await site.visit(f"{path_of(link)}/1/download")
    assert (saved.headers["Content-Type"], saved.body) == ("image/jpeg", JPEG)
    assert saved.headers["Content-Disposition"] == 'attachment; filename="a.jpg"'


async def test_what_cannot_be_made_now_is_never_given_as_it_was(site: World) -> None:
    """A camera's file names the place: it is told as still to come, and its bytes with 503."""
    link, (heic,) = await site.message(File("a.heic", "image/heic", b"heic"))
    site.late.add(heic.sid)
    assert "still on its way" in (await site.visit(path_of(link))).body.decode()
    for path in ("1", "1/download"):
        reply = await site.visit(f"{path_of(link)}/{path}")
        assert (reply.status, reply.headers["Retry-After"]) == (503, "2")


async def test_media_on_their_way_are_told(site: World) -> None:
    """Before the fetch there is a sentence in the picture's place, and no bytes."""
    link, _ = await site.message(PICTURE)
    late = media_row(ACCOUNT, link.message_id, 1, clock.now(), source_url="http://a.example/")
    lost = structs.replace(late, sid="MF" + late.sid[2:], state=State.FAILED)
    async with site.database.transaction() as connection:
        await media_store.insert(connection, [late, lost])
    page = (await site.visit(path_of(link))).body.decode()
    assert "still on its way" in page
    assert "could not be loaded" in page
    assert (await site.visit(f"{path_of(link)}/2")).status == 404


async def test_hostile_values_never_become_markup(site: World) -> None:
    """Body, sender, file name and the fields of a contact are text wherever they stand."""
    evil = "\"'><img src=x onerror=alert(1)><script>alert(1)</script>&lt;"
    card = f"BEGIN:VCARD\nFN:{evil}\nORG:{evil}\nTITLE:{evil}\nTEL:{evil}1\nEMAIL:{evil}@x.y\n"
    vcard = (card + "END:VCARD\n").encode()
    link, rows = await site.message(
        File("c.vcf", "text/vcard", vcard),
        File("d.pdf", "application/pdf", b"%PDF-"),
        body=evil,
        sender=evil,
    )
    await site.database.execute(
        "update media set file_name = $1, content_type = $2 where sid = $3",
        evil,
        "application/pdf",
        rows[1].sid,
    )
    reply = await site.visit(path_of(link))
    page = reply.body.decode()
    assert "<img" not in page
    assert "<script" not in page
    assert "onerror=alert(1)&gt;" in page
    assert not re.search(r'(?:href|src)="(?!tel:|mailto:)[^"]*alert', page)
    saved = await site.visit(f"{path_of(link)}/2/download")
    assert re.fullmatch(
        r'attachment; filename="[A-Za-z0-9._-]+"', saved.headers["Content-Disposition"]
    )


async def test_what_is_over_and_what_never_was(site: World) -> None:
    """Ended, revoked or deleted is 410, unknown 404; neither page tells of any message."""
    link, _ = await site.message(PICTURE)
    past = clock.now() - timedelta(days=366)
    old = media_link(ACCOUNT, link.message_id, past)
    revoked = media_link(ACCOUNT, link.message_id, clock.now())
    gone = media_link(ACCOUNT, clock.uuid7(), clock.now())
    await site.add(old, revoked, gone)
    await store.revoke(site.database, ACCOUNT, revoked.token, clock.now())
    for ended in (old, revoked, gone):
        reply = await site.visit(path_of(ended))
        assert reply.status == 410
        assert b"This link has ended" in reply.body
        assert reply.headers["Content-Security-Policy"] == POLICY
    assert (await site.visit(f"{path_of(old)}/1")).status == 410
    for unknown in ("/m/" + "0" * 22, "/m/short", f"{path_of(link)}/2", f"{path_of(link)}/x"):
        reply = await site.visit(unknown)
        assert reply.status == 404
        assert b"There is nothing here" in reply.body
        assert b"15017122661" not in reply.body


async def test_only_people_are_counted(site: World) -> None:
    """Previews, HEAD and a browser's guess are kept as programs'; the first open is told."""
    link, _ = await site.message(PICTURE)
    at = path_of(link)
    await site.visit(at, user_agent=PROGRAM)
    await site.visit(at, "HEAD")
    await site.visit(at, Sec_Purpose="prefetch")
    assert site.opened == []
    await site.visit(at)
    await site.visit(at)
    assert site.opened == [(link.token, 1), (link.token, 2)]
    after = await store.find(site.database, link.token)
    assert after is not None
    assert (after.opens, after.previews) == (2, 3)
    assert after.last_opened_at is not None
    opens = await store.opens(site.database, ACCOUNT, link.token)
    assert [(one.person, one.client) for one in opens] == [
        (True, "iPhone"),
        (True, "iPhone"),
        (False, "iPhone"),
        (False, "iPhone"),
        (False, "WhatsApp"),
    ]


async def test_the_newest_opens_are_kept(site: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A link that is opened for ever keeps a bounded list, while its count goes on."""
    monkeypatch.setattr(store, "MOST_OPENS", 3)
    link, _ = await site.message(PICTURE)
    for number in range(5):
        await site.visit(path_of(link), user_agent=f"{PHONE} {number}" + "x" * 400)
    opens = await store.opens(site.database, ACCOUNT, link.token)
    assert [one.user_agent[len(PHONE) + 1] for one in opens] == ["4", "3", "2"]
    assert {len(one.user_agent) for one in opens} == {300}
    after = await store.find(site.database, link.token)
    assert after is not None
    assert after.opens == 5


async def test_guessing_comes_to_an_end(site: World) -> None:
    """After twenty misses the address waits, for known links too; other addresses do not."""
    link, _ = await site.message(PICTURE)
    statuses = [(await site.visit(f"/m/{n:022}")).status for n in range(MISSES + 2)]
    assert statuses == [404] * MISSES + [429] * 2
    known = await site.visit(path_of(link))
    assert known.status == 429
    assert 1 <= int(known.headers["Retry-After"]) <= 3
    site.address = "198.51.100.1"
    assert (await site.visit(path_of(link))).status == 200


async def test_one_address_asks_a_hundred_and_twenty_times_a_minute(site: World) -> None:
    """Media and page count alike."""
    link, _ = await site.message(PICTURE)
    began, taken = clock.monotonic(), 0
    while (await site.visit(f"{path_of(link)}/1", "HEAD")).status == 200:
        taken += 1
    gone = (clock.monotonic() - began) * HITS / 60
    assert HITS <= taken <= HITS + gone + 1
    assert (await site.visit(path_of(link))).status == 429


async def test_a_deleted_message_takes_its_links_along(site: World) -> None:
    """After `forget` the link is as one that never was, and its opens are gone."""
    link, _ = await site.message(PICTURE)
    await site.visit(path_of(link))
    async with site.database.transaction() as connection:
        await store.forget(connection, ACCOUNT, link.message_id)
    assert (await site.visit(path_of(link))).status == 404
    assert await site.database.fetchval("select count(*) from link_opens") == 0


async def test_old_links_are_forgotten(site: World) -> None:
    """Those that ended before a time go, with their opens, some at a time."""
    link, _ = await site.message(PICTURE)
    await site.visit(path_of(link))
    past = clock.now() - timedelta(days=400)
    await site.add(*(media_link(ACCOUNT, clock.uuid7(), past) for _ in range(5)))
    before = clock.now() - timedelta(days=30)
    assert await store.prune(site.database, before, 3) == 3
    assert await store.prune(site.database, before, 3) == 2
    assert await store.prune(site.database, clock.now() + timedelta(days=366)) == 1
    assert await site.database.fetchval("select count(*) from link_opens") == 0


async def test_a_token_that_is_taken_is_told(site: World) -> None:
    """Nothing is written for it, and the transaction goes on."""
    link, _ = await site.message(PICTURE)
    fresh = media_link(ACCOUNT, clock.uuid7(), clock.now())
    double = structs.replace(fresh, token=link.token)
    assert await site.add(double, fresh) == {link.token}
    assert await site.add() == frozenset()
    kept = await store.find(site.database, link.token)
    assert kept is not None
    assert kept.message_id == link.message_id
    assert await store.find(site.database, fresh.token) is not None
