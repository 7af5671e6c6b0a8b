"""Links over real HTTP: the landing page, the redirect and both APIs, on one store."""

import asyncio
import socket
from base64 import b64encode
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import msgspec
import uvicorn
from starlette.requests import Request
from tests.pairs.media_site import ACCOUNT, living
from twilio.rest import Client

from magpie.accounts import actions as accounts
from magpie.accounts.auth import Authenticator
from magpie.accounts.seal import Sealer
from magpie.api import places
from magpie.api.mounts import Mounts
from magpie.kit import clock
from magpie.kit.db import Connection, Database
from magpie.kit.egress import Egress, Policy, Reply
from magpie.kit.queue import Queue, Wakes
from magpie.kit.rest import File, Router
from magpie.links import store
from magpie.links.book import LinkBook
from magpie.links.domains import own
from magpie.links.domains import resources as domains
from magpie.links.landing import Landing, Words
from magpie.links.limits import Limiter
from magpie.links.model import Link
from magpie.links.redirect import Redirect
from magpie.links.resources import Links, Opens
from magpie.links.shorten import media_link
from magpie.media import store as media_store
from magpie.media.model import Media
from magpie.media.shelf import Shelf
from magpie.media.uploads import Uploads
from magpie.settings import Settings
from magpie.webhooks.model import Delivery

TOKEN = "0123456789abcdef0123456789abcdef"
SENDER = "+15017122661"
SERVICE = "MG" + "5" * 32
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1"
_BASIC = {"Authorization": "Basic " + b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()}


@dataclass
class World:
    database: Database
    shelf: Shelf
    egress: Egress
    limiter: Limiter
    port: int = 0
    words: dict[UUID, Words] = field(default_factory=dict)
    opened: list[tuple[str, int]] = field(default_factory=list)
    forms: dict[str, Media] = field(default_factory=dict)
    late: set[str] = field(default_factory=set)
    address: str = "203.0.113.7"

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def host(self) -> str:
        return f"localhost:{self.port}"

    async def words_of(self, account_sid: str, id_: UUID) -> Words | None:
        return self.words.get(id_) if account_sid == ACCOUNT else None

    async def note(self, _connection: Connection, link: Link, _at: datetime, _by: str) -> None:
        self.opened.append((link.token, link.opens))

    async def has_service(self, account_sid: str, sid: str) -> bool:
        return (account_sid, sid) in {(ACCOUNT, SERVICE), (ACCOUNT, "MG" + "6" * 32)}

    async def present(self, _account_sid: str, media: Media) -> Media:
        if media.sid in self.late:
            raise TimeoutError
        return self.forms.get(media.sid, media)

    async def message(
        self, *files: File, body: str = "Look at this!", sender: str | None = SENDER
    ) -> tuple[Link, list[Media]]:
        """A message with media and its link."""
        id_ = clock.uuid7()
        self.words[id_] = Words(body=body, sender=sender)
        rows = await Uploads(self.shelf).inbound(ACCOUNT, id_, files)
        link = media_link(ACCOUNT, id_, clock.now(), from_=sender, to="+15558675310")
        async with self.database.transaction() as connection:
            await media_store.insert(connection, rows)
            await store.insert(connection, [link])
        return link, rows

    async def add(self, *links: Link) -> frozenset[str]:
        async with self.database.transaction() as connection:
            return await store.insert(connection, links)

    async def visit(
        self, path: str, method: str = "GET", user_agent: str = PHONE, **headers: str
    ) -> Reply:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {"User-Agent": user_agent, **named}
        return await self.egress.request(method, self.base + path, headers=sent)

    async def click(self, token: str, method: str = "GET", user_agent: str = PHONE) -> Reply:
        return await self.egress.request(
            method, f"http://{self.host}/{token}", headers={"User-Agent": user_agent}
        )

    async def api(self, method: str, path: str, **form: str) -> tuple[int, Any]:
        reply = await self.egress.request(
            method,
            f"{self.base}{path}",
            headers={"Content-Type": "application/x-www-form-urlencoded", **_BASIC},
            body=urlencode(form).encode() if method == "POST" else None,
        )
        return reply.status, msgspec.json.decode(reply.body) if reply.body else None

    async def deliveries(self) -> list[Delivery]:
        rows = await self.database.fetch("select payload from jobs where queue = 'webhooks'")
        return [msgspec.json.decode(row[0], type=Delivery) for row in rows]

    def client(self) -> Client:
        client = Client(ACCOUNT, TOKEN)
        client.messaging.base_url = f"{self.base}/messaging"
        return client


async def _well() -> Mapping[str, str]:
    return {}


@asynccontextmanager
async def world(database: Database, folder: Path) -> AsyncIterator[World]:
    async with living(database, folder / "media") as home, _egress() as egress:
        sealer = Sealer.of(folder)
        async with database.transaction() as connection:
            await accounts.ensure_main(connection, sealer, sid=ACCOUNT, auth_token=TOKEN)
        made = World(database, home.shelf, egress, Limiter())
        listener = socket.create_server(("127.0.0.1", 0))
        made.port = listener.getsockname()[1]
        mounts = Mounts(Authenticator(database, sealer), Settings())
        config = uvicorn.Config(_app(made, mounts), log_level="warning", lifespan="off")
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve([listener]))
        yield made
        server.should_exit = True
        await serving


def _egress() -> Egress:
    return Egress(Policy(allow_loopback=True))


def _app(made: World, mounts: Mounts) -> Any:
    database = made.database
    mounts.hang(places.version("messaging"), *domains.collections(database, made.has_service))
    mounts.hang(
        places.version("magpie"),
        own.Domains(database),
        Links(database, made.base),
        Opens(database),
    )

    def address(_request: Request) -> str:
        return made.address

    def host(request: Request) -> str:
        return request.headers.get("host", "")

    landing = Landing(
        database,
        made.shelf,
        made.words_of,
        address=address,
        limiter=made.limiter,
        present=made.present,
        opened=made.note,
    )
    redirect = Redirect(
        database,
        LinkBook(database),
        Queue("webhooks", database, Wakes(database, "n", alone=True), paced=False, node="n"),
        Router(landing.routes(), failure=mounts.failure),
        host=host,
        address=address,
        limiter=made.limiter,
        opened=made.note,
    )
    return mounts.app(_well, redirect)
