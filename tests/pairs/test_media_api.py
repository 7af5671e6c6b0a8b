"""Media over real HTTP and PostgreSQL: records by the official library, bytes as browsers ask."""

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import uvicorn
from multidict import CIMultiDictProxy
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from tests.pairs.media_site import ACCOUNT, JPEG, PNG, Home, living
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from magpie.accounts import actions as accounts
from magpie.accounts.auth import Authenticator
from magpie.accounts.seal import Sealer
from magpie.api import places
from magpie.api.mounts import Mounts
from magpie.errors import Refused
from magpie.kit import clock
from magpie.kit.db import Connection, Database
from magpie.kit.egress import Credentials, Egress, Policy, Reply
from magpie.kit.rest import File
from magpie.media import store
from magpie.media.content import PATH, Content
from magpie.media.links import Signer, path
from magpie.media.model import MOST_BYTES, Media
from magpie.media.resources import collections
from magpie.media.uploads import Uploads, media_row
from magpie.settings import Settings

TOKEN = "0123456789abcdef0123456789abcdef"
MP3 = b"\xff\xfb\x90\x00" + bytes(range(200))
VCARD = b"BEGIN:VCARD\r\nEND:VCARD\r\n"


@dataclass
class World:
    home: Home
    egress: Egress
    signer: Signer
    base: str = ""
    messages: dict[UUID, str] = field(default_factory=dict)
    deleted: list[str] = field(default_factory=list)

    async def message_sid(self, account_sid: str, id_: UUID) -> str | None:
        return self.messages.get(id_) if account_sid == ACCOUNT else None

    async def note(self, _connection: Connection, _account_sid: str, media: Media) -> None:
        self.deleted.append(media.sid)

    async def message(self, *files: File) -> tuple[str, list[Media]]:
        id_ = clock.uuid7()
        self.messages[id_] = f"MM{id_.hex}"
        rows = await Uploads(self.home.shelf).inbound(ACCOUNT, id_, files)
        async with self.home.database.transaction() as connection:
            await store.insert(connection, rows)
        return self.messages[id_], rows

    async def get(
        self, path_: str, method: str = "GET", token: str = TOKEN, **headers: str
    ) -> Reply:
        wanted = {name.replace("_", "-"): value for name, value in headers.items()}
        auth = Credentials(ACCOUNT, token)
        return await self.egress.request(method, self.base + path_, headers=wanted, auth=auth)

    def client(self) -> Client:
        client = Client(ACCOUNT, TOKEN)
        client.api.base_url = self.base
        return client


async def _well() -> Mapping[str, str]:
    return {}


def _plain(content: Content, mounts: Mounts) -> Route:
    async def endpoint(request: Request) -> Response:
        try:
            return await content.get(request)
        except Exception as wrong:  # noqa: BLE001 - one place decides what each means
            return mounts.failure(wrong, request, "json")

    return Route(PATH, endpoint, methods=["GET", "HEAD"])


@pytest.fixture
async def world(database: Database, tmp_path: Path) -> AsyncIterator[World]:
    async with (
        living(database, tmp_path / "media") as home,
        Egress(Policy(allow_loopback=True)) as egress,
    ):
        sealer = Sealer.of(tmp_path)
        async with database.transaction() as connection:
            await accounts.ensure_main(connection, sealer, sid=ACCOUNT, auth_token=TOKEN)
        made = World(home, egress, Signer(b"k" * 32))
        mounts = Mounts(Authenticator(database, sealer), Settings())
        mounts.hang(places.ACCOUNT, *collections(database, made.message_sid, made.note))
        content = Content(database, home.shelf, made.signer, mounts.authorize, made.message_sid)
        mounts.add("api", _plain(content, mounts))
        listener = socket.create_server(("127.0.0.1", 0))
        config = uvicorn.Config(mounts.app(_well), log_level="warning", lifespan="off")
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve([listener]))
        made.base = f"http://127.0.0.1:{listener.getsockname()[1]}"
        yield made
        server.should_exit = True
        await serving


def told(headers: CIMultiDictProxy[str], *names: str) -> list[str | None]:
    return [headers.get(name) for name in names]


async def test_the_library_lists_reads_and_deletes_media(world: World) -> None:
    """List, fetch and delete as the official library does them, with every property."""
    message, rows = await world.message(
        File("a.png", "image/png", PNG), File("b.jpg", "image/jpeg", JPEG)
    )
    of = world.client().api.v2010.accounts(ACCOUNT).messages(message).media
    listed = await asyncio.to_thread(of.list)
    assert [(m.sid, m.content_type) for m in listed] == [
        (rows[0].sid, "image/png"),
        (rows[1].sid, "image/jpeg"),
    ]
    paged = await asyncio.to_thread(lambda: of.list(page_size=1))
    assert [m.sid for m in paged] == [m.sid for m in listed]
    one = await asyncio.to_thread(of(rows[0].sid).fetch)
    assert (one.parent_sid, one.account_sid) == (message, ACCOUNT)
    assert one.uri == path(ACCOUNT, message, rows[0].sid) + ".json"
    assert one.date_created == rows[0].date_created.replace(microsecond=0)
    assert await asyncio.to_thread(of(rows[0].sid).delete)
    assert [m.sid for m in await asyncio.to_thread(of.list)] == [rows[1].sid]
    assert world.deleted == [rows[0].sid]
    with pytest.raises(TwilioRestException) as gone:
        await asyncio.to_thread(of(rows[0].sid).fetch)
    assert (gone.value.status, gone.value.code) == (404, 20404)


async def test_lists_are_filtered_by_the_day_of_creation(world: World) -> None:
    """DateCreated takes a day, or everything from it on, or up to it."""
    message, rows = await world.message(File("a.png", "image/png", PNG))
    of = world.client().api.v2010.accounts(ACCOUNT).messages(message).media
    today = rows[0].date_created.date()
    days = [today - timedelta(days=1), today, today + timedelta(days=1)]
    counts: list[tuple[int, int, int]] = []
    for day in days:

        def ask(**by: Any) -> int:
            return len(of.list(**by))

        counts.append(
            (
                await asyncio.to_thread(ask, date_created=day),
                await asyncio.to_thread(ask, date_created_after=day),
                await asyncio.to_thread(ask, date_created_before=day),
            )
        )
    assert counts == [(0, 1, 0), (1, 1, 1), (0, 0, 1)]


async def test_what_is_not_there_is_not_found(world: World) -> None:
    """An unknown message or media, or a sid of the wrong kind, is 404 with 20404."""
    message, rows = await world.message(File("a.png", "image/png", PNG))
    text, media = "SM" + message[2:], rows[0].sid
    wrong = [
        path(ACCOUNT, text, media),
        path(ACCOUNT, text, media) + ".json",
        path(ACCOUNT, "MM" + "0" * 32, media) + ".json",
        path(ACCOUNT, message, "ME" + "0" * 32),
        path(ACCOUNT, message, "ME" + "0" * 32) + ".json",
        path(ACCOUNT, "XX", media),
        path(ACCOUNT, text, "")[:-1] + ".json",
    ]
    replies = [await world.get(each) for each in wrong]
    assert [reply.status for reply in replies] == [404] * len(wrong)
    assert all(b"20404" in reply.body for reply in replies)
    assert (await world.get(path(ACCOUNT, text, media), "DELETE")).status == 404
    assert (await world.get(path(ACCOUNT, message, media), "DELETE")).status == 204


async def test_pending_media_are_listed_but_have_no_bytes(world: World) -> None:
    """Before the fetch the record is there, without a type, and its content is not."""
    message, _ = await world.message()
    row = media_row(ACCOUNT, UUID(message[2:]), 0, clock.now(), source_url="http://a.example/")
    async with world.home.database.transaction() as connection:
        await store.insert(connection, [row])
    assert (
        b'"content_type":null' in (await world.get(path(ACCOUNT, message, row.sid) + ".json")).body
    )
    assert (await world.get(path(ACCOUNT, message, row.sid))).status == 404


async def test_bytes_come_with_their_type_and_cannot_run(world: World) -> None:
    """GET and HEAD without a suffix: stored type and length, sandboxed, not guessed at."""
    message, (media,) = await world.message(File("my cat.png", "image/png", PNG))
    reply = await world.get(path(ACCOUNT, message, media.sid))
    head = await world.get(path(ACCOUNT, message, media.sid), "HEAD")
    assert (reply.status, reply.body, head.body) == (200, PNG, b"")
    for each in (reply, head):
        assert told(
            each.headers,
            "Content-Type",
            "Content-Length",
            "X-Content-Type-Options",
            "Content-Security-Policy",
            "Content-Disposition",
            "Cross-Origin-Resource-Policy",
            "Cache-Control",
            "ETag",
        ) == [
            "image/png",
            str(len(PNG)),
            "nosniff",
            "sandbox; default-src 'none'",
            'inline; filename="my_cat.png"',
            "same-site",
            "private, no-cache",
            f'"{media.digest}"',
        ]


async def test_what_is_no_picture_sound_or_film_is_saved_not_shown(world: World) -> None:
    """A phone may send anything: pages and documents are attachments, odd types are octets."""
    message, rows = await world.message(
        File("x.html", "text/html", b"<script>alert(1)</script>"),
        File("x.svg", "image/svg+xml", b"<svg onload=alert(1)>"),
        File("me.vcf", "text/vcard", VCARD),
        File("x", "text/html\r\nSet-Cookie: a=b", b"x"),
    )
    replies = [await world.get(path(ACCOUNT, message, media.sid)) for media in rows]
    assert [reply.headers["Content-Type"] for reply in replies] == [
        "text/html",
        "image/svg+xml",
        "text/vcard",
        "application/octet-stream",
    ]
    assert all(r.headers["Content-Disposition"].startswith("attachment") for r in replies)
    assert all("Set-Cookie" not in reply.headers for reply in replies)


async def test_a_version_that_is_known_is_not_sent_again(world: World) -> None:
    """If-None-Match with the ETag is answered by 304 without a body."""
    message, (media,) = await world.message(File("a.png", "image/png", PNG))
    at = path(ACCOUNT, message, media.sid)
    etag = (await world.get(at)).headers["ETag"]
    again = await world.get(at, If_None_Match=etag)
    assert (again.status, again.body, again.headers["ETag"]) == (304, b"", etag)
    assert (await world.get(at, If_None_Match='"other"')).status == 200


async def test_sound_can_be_had_in_ranges(world: World) -> None:
    """A player seeks by ranges; pictures come whole; another version makes it the whole."""
    message, (sound, picture) = await world.message(
        File("a.mp3", "audio/mpeg", MP3), File("a.png", "image/png", PNG)
    )
    at = path(ACCOUNT, message, sound.sid)
    part = await world.get(at, Range="bytes=4-13")
    assert (part.status, part.body) == (206, MP3[4:14])
    assert part.headers["Content-Range"] == f"bytes 4-13/{len(MP3)}"
    beyond = await world.get(at, Range="bytes=9999-")
    assert (beyond.status, beyond.headers["Content-Range"]) == (416, f"bytes */{len(MP3)}")
    assert (await world.get(at, Range="bytes=0-1", If_Range='"old"')).body == MP3
    whole = await world.get(path(ACCOUNT, message, picture.sid), Range="bytes=0-1")
    assert (whole.status, whole.body) == (200, PNG)


async def test_bytes_need_credentials_or_a_signature(world: World) -> None:
    """Nobody without either; the signature opens its own media alone, and for a while."""
    message, (one, two) = await world.message(
        File("a.png", "image/png", PNG), File("b.jpg", "image/jpeg", JPEG)
    )

    async def ask(url: str) -> int:
        return (await world.egress.request("GET", url)).status

    names = (world.base, ACCOUNT, message, one.sid)
    signed = world.signer.signed_url(*names, clock.now())
    old = world.signer.signed_url(*names, clock.now() - timedelta(hours=5))
    assert await ask(signed) == 200
    assert await ask(signed.replace(one.sid, two.sid)) == 401
    assert await ask(signed[:-1] + ("0" if signed[-1] != "0" else "1")) == 401
    assert await ask(old) == 401
    assert await ask(signed.partition("?")[0]) == 401
    assert (await world.get(path(ACCOUNT, message, one.sid), token="wrong")).status == 401


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ([File("a.png", "image/png", PNG)], None),
        ([File("a.png", "image/png", PNG + bytes(MOST_BYTES - len(PNG)))], None),
        ([File("a.png", "image/png", PNG + bytes(MOST_BYTES - len(PNG) + 1))], 11751),
        ([File("a.png", "image/png", PNG + bytes(MOST_BYTES // 2))] * 2, 11751),
        ([File("a.png", "image/png", b"")], 63019),
        ([File("a.png", "image/png", JPEG)], 12301),
        ([File("a.exe", "application/octet-stream", b"MZ")], 12301),
        ([File("a.doc", "application/msword", b"\xd0\xcf\x11\xe0")], 63021),
    ],
)
async def test_uploads_keep_the_same_rules(
    world: World, files: list[File], code: int | None
) -> None:
    """Files of a request are limited, typed and looked into before anything is stored."""
    uploads = Uploads(world.home.shelf)
    if code is None:
        rows = await uploads.posted(ACCOUNT, clock.uuid7(), files)
        assert [await world.home.shelf.get(row.digest or "") for row in rows] == [
            file.content for file in files
        ]
        return
    with pytest.raises(Refused) as refused:
        await uploads.posted(ACCOUNT, clock.uuid7(), files)
    assert (refused.value.code, refused.value.status) == (code, 400)
    assert await world.home.database.fetchval("select count(*) from loose_media") == 0
