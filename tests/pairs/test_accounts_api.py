"""Accounts and keys over real HTTP and PostgreSQL, asked by the official library."""

import asyncio
import base64
import json
import socket
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from email.message import Message as Headers
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pytest
import uvicorn
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from magpie.accounts import actions
from magpie.accounts.auth import Authenticator
from magpie.accounts.model import Account
from magpie.accounts.resources import Accounts, Keys, SigningKeys
from magpie.accounts.seal import SealBroken, Sealer
from magpie.api import places
from magpie.api.mounts import Mounts
from magpie.kit.db import Database, DatabaseUnavailable
from magpie.kit.rest import Call, Collection, Page, PageRequest, Params
from magpie.settings import Settings

T = TypeVar("T")
TOKEN = "0123456789abcdef0123456789abcdef"
Answer = tuple[int, Headers, bytes]
STRANGER = "AC" + "f" * 32


class Echo(Collection[Account]):
    """For which account a call is, and from where we are seen."""

    path = "/Messages"
    key = "messages"
    element = "Message"

    async def list(self, call: Call, _given: Params, _page: PageRequest) -> Page[Account]:
        if call.query.get("From") == "away":
            raise DatabaseUnavailable("away")
        if call.query.get("From") == "slow":
            await asyncio.sleep(0.2)
        return Page([call.principal.account])

    def represent(self, _record: Account, call: Call) -> dict[str, object]:
        return {"account_sid": call.account_sid, "base_url": call.base_url}


class World:
    def __init__(self, base: str, main: Account, database: Database, sealer: Sealer) -> None:
        self.base = base
        self.main = main
        self.database = database
        self.sealer = sealer

    def client(
        self, user: str | None = None, secret: str = TOKEN, account: str | None = None
    ) -> Client:
        made = Client(user or self.main.sid, secret, account or self.main.sid)
        made.api.base_url = self.base
        return made

    async def refused(self, call: Callable[[], object]) -> TwilioRestException:
        with pytest.raises(TwilioRestException) as wrong:
            await asyncio.to_thread(call)
        return wrong.value

    async def get(self, path: str, user: str = "", secret: str = TOKEN, **headers: str) -> Answer:
        pair = base64.b64encode(f"{user or self.main.sid}:{secret}".encode()).decode()
        given = {"Authorization": f"Basic {pair}"} | headers
        request = urllib.request.Request(self.base + path, headers=given)
        return await asyncio.to_thread(_open, request)


def _open(request: urllib.request.Request) -> Answer:
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as wrong:
        with wrong:
            return wrong.code, wrong.headers, wrong.read()


async def _well() -> Mapping[str, str]:
    return {}


@asynccontextmanager
async def _serving(app: Any) -> AsyncIterator[str]:
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_level="warning", lifespan="off", proxy_headers=False)
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve([listener]))
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    await task


@pytest.fixture
async def world(database: Database, tmp_path: Path) -> AsyncIterator[World]:
    sealer = Sealer.of(tmp_path)
    async with database.transaction() as connection:
        main = await actions.ensure_main(connection, sealer, auth_token=TOKEN)
    authenticator = Authenticator(database, sealer)
    mounts = Mounts(authenticator, Settings(concurrent_requests=4))
    mounts.hang(places.ROOT, Accounts(database, authenticator))
    mounts.hang(places.ACCOUNT, Keys(database, authenticator), SigningKeys(database, authenticator))
    mounts.hang(places.ACCOUNT, Echo())
    mounts.hang(places.version("messaging"), Echo())
    async with _serving(mounts.app(_well)) as base:
        yield World(base, main, database, sealer)


async def ask(call: Callable[[], T]) -> T:
    return await asyncio.to_thread(call)


async def test_fetch(world: World) -> None:
    """The library reads the main account with all its properties."""
    account = await ask(world.client().api.v2010.accounts(world.main.sid).fetch)
    assert (account.sid, account.owner_account_sid) == (world.main.sid, world.main.sid)
    assert (account.auth_token, account.status, account.type) == (TOKEN, "active", "Full")
    assert account.date_created == world.main.date_created.replace(microsecond=0)
    assert account.uri == f"/2010-04-01/Accounts/{world.main.sid}.json"
    messages = f"/2010-04-01/Accounts/{world.main.sid}/Messages.json"
    assert account.subresource_uris["messages"] == messages


async def test_subaccounts(world: World) -> None:
    """A subaccount is made, named, found, suspended and closed by its parent."""
    accounts = world.client().api.v2010.accounts
    made = await ask(lambda: accounts.create(friendly_name="Shop"))
    unnamed = await ask(accounts.create)
    assert unnamed.friendly_name.startswith("SubAccount Created at ")
    found = await ask(lambda: accounts.list(friendly_name="Shop"))
    assert [one.sid for one in found] == [made.sid]
    paged = await ask(lambda: accounts.list(page_size=1))
    assert [one.sid for one in paged] == [unnamed.sid, made.sid, world.main.sid]
    for status in ("suspended", "active", "closed"):
        changed = await ask(partial(accounts(made.sid).update, status=status))
        assert changed.status == status
    again = await world.refused(lambda: accounts(made.sid).update(status="active"))
    assert again.code == 21478
    closed = await ask(lambda: accounts.list(status="closed"))
    assert [one.sid for one in closed] == [made.sid]


async def test_main_account_stays_open(world: World) -> None:
    """The main account can be renamed, but neither suspended nor closed over the API."""
    account = world.client().api.v2010.accounts(world.main.sid)
    assert (await ask(lambda: account.update(friendly_name="Mine"))).friendly_name == "Mine"
    assert (await world.refused(lambda: account.update(status="closed"))).code == 21479
    assert (await world.refused(lambda: account.update(status="gone"))).code == 21476
    assert (await world.refused(lambda: account.update(friendly_name="x" * 65))).code == 20002


async def test_parent_and_child(world: World) -> None:
    """A parent acts for its subaccount; the subaccount acts for itself alone."""
    child = await ask(world.client().api.v2010.accounts.create)
    for user, secret in ((world.main.sid, TOKEN), (child.sid, child.auth_token)):
        status, _, body = await world.get(
            f"/2010-04-01/Accounts/{child.sid}/Messages.json", user, secret
        )
        assert (status, json.loads(body)["messages"][0]["account_sid"]) == (200, child.sid)
    upwards = f"/2010-04-01/Accounts/{world.main.sid}/Messages.json"
    assert (await world.get(upwards, child.sid, child.auth_token))[0] == 401
    own = world.client(child.sid, child.auth_token, child.sid).api.v2010.accounts
    assert [one.sid for one in await ask(own.list)] == [child.sid]
    assert (await world.refused(own.create)).status == 403
    assert (await world.refused(own(world.main.sid).fetch)).code == 20404
    assert (await world.refused(lambda: own(child.sid).update(status="closed"))).code == 21475


async def test_suspended(world: World) -> None:
    """A suspended account's token opens nothing; its parent may look but not change."""
    accounts = world.client().api.v2010.accounts
    child = await ask(accounts.create)
    keys = world.client(account=child.sid)
    own = f"/2010-04-01/Accounts/{child.sid}/Messages.json"
    assert (await world.get(own, child.sid, child.auth_token))[0] == 200
    await ask(lambda: accounts(child.sid).update(status="suspended"))
    status, _, body = await world.get(own, child.sid, child.auth_token)
    assert (status, json.loads(body)["detail"]) == (401, "The account is suspended.")
    assert (await world.get(own))[0] == 200
    refused = await world.refused(keys.new_keys.create)
    assert (refused.status, refused.code) == (403, 20005)


async def test_keys(world: World) -> None:
    """A key is made, used, renamed and deleted; its secret is shown once and opens no accounts."""
    client = world.client()
    key = await ask(lambda: client.new_keys.create(friendly_name="CI"))
    assert len(key.secret) == 32
    path = f"/2010-04-01/Accounts/{world.main.sid}/Messages.json"
    assert (await world.get(path, key.sid, key.secret))[0] == 200
    assert (await world.get(path, key.sid, "x" * 32))[0] == 401
    shown = json.loads((await world.get(path.replace("Messages", f"Keys/{key.sid}")))[2])
    assert sorted(shown) == ["date_created", "date_updated", "friendly_name", "sid"]
    by_key = world.client(key.sid, key.secret)
    assert (await world.refused(by_key.new_keys.create)).code == 20003
    refused = await world.refused(by_key.api.v2010.accounts(world.main.sid).fetch)
    assert (refused.status, refused.code) == (401, 20003)
    renamed = await ask(lambda: client.signing_keys(key.sid).update(friendly_name="CD"))
    assert renamed.friendly_name == "CD"
    assert [one.sid for one in await ask(client.keys.list)] == [key.sid]
    assert await ask(client.keys(key.sid).delete)
    assert (await world.get(path, key.sid, key.secret))[0] == 401
    assert (await world.refused(client.keys(key.sid).fetch)).code == 20404


async def test_key_of_a_parent(world: World) -> None:
    """A key is good for its own account and for none below it."""
    child = await ask(world.client().api.v2010.accounts.create)
    key = await ask(world.client().new_keys.create)
    path = f"/2010-04-01/Accounts/{child.sid}/Messages.json"
    assert (await world.get(path, key.sid, key.secret))[0] == 401


@pytest.mark.parametrize(
    ("user", "secret"), [("", "wrong"), (STRANGER, TOKEN), ("SK" + "0" * 32, "x"), ("x", "y")]
)
async def test_wrong_credentials(world: World, user: str, secret: str) -> None:
    """A wrong token and an account that does not exist get the very same answer."""
    path = f"/2010-04-01/Accounts/{world.main.sid}"
    status, headers, body = await world.get(f"{path}.json", user, secret)
    assert (status, headers["WWW-Authenticate"]) == (401, 'Basic realm="Twilio API"')
    assert json.loads(body) == {
        "code": 20003,
        "detail": "Your AccountSid or AuthToken was incorrect.",
        "message": "Authenticate",
        "more_info": "https://www.twilio.com/docs/errors/20003",
        "status": 401,
    }
    assert b"<RestException><Code>20003</Code>" in (await world.get(path, user, secret))[2]


@pytest.mark.parametrize(
    ("account", "status", "code"),
    [(STRANGER, 401, 20003), ("SK" + "0" * 32, 404, 20404), ("AC12", 404, 20404)],
)
async def test_strange_paths(world: World, account: str, status: int, code: int) -> None:
    """Another account's path needs other credentials; what is no SID is no path."""
    path = f"/2010-04-01/Accounts/{account}/Messages.json"
    answered, _, body = await world.get(path)
    told = json.loads(body)
    assert (answered, told["code"]) == (status, code)
    assert (path in told["message"]) == (status == 404)


async def test_guessing(world: World) -> None:
    """After ten wrong tokens even the right one has to wait, for that account alone."""
    child = await ask(world.client().api.v2010.accounts.create)
    path = f"/2010-04-01/Accounts/{child.sid}/Messages.json"
    for _ in range(10):
        assert (await world.get(path, child.sid, "guess"))[0] == 401
    status, headers, body = await world.get(path, child.sid, child.auth_token)
    assert (status, json.loads(body)["code"], headers["Retry-After"]) == (429, 20429, "1")
    assert (await world.get(path))[0] == 200


async def test_at_once(world: World) -> None:
    """More requests at once than an account may have are refused unprocessed."""
    path = f"/2010-04-01/Accounts/{world.main.sid}/Messages.json?From=slow"
    await world.get(path)
    answers = await asyncio.gather(*(world.get(path) for _ in range(6)))
    counted = [answer[0] for answer in answers]
    assert set(counted) == {200, 429}
    refused = next(answer for answer in answers if answer[0] == 429)
    assert (refused[1]["Twilio-Concurrent-Requests"], refused[1]["Retry-After"]) == ("4", "1")
    assert (await world.get(path))[1]["Twilio-Concurrent-Requests"] == "1"


async def test_products(world: World) -> None:
    """A product is reached by prefix and by host, and links back the way it was reached."""
    by_prefix = json.loads((await world.get("/messaging/v1/Messages"))[2])
    assert by_prefix["messages"][0]["base_url"] == f"{world.base}/messaging"
    assert by_prefix["meta"]["url"].startswith(f"{world.base}/messaging/v1/Messages?")
    by_host = json.loads((await world.get("/v1/Messages", Host="messaging.twilio.com"))[2])
    first = by_host["meta"]["first_page_url"]
    assert first.startswith("https://messaging.twilio.com/v1/Messages?")
    api = f"/api/2010-04-01/Accounts/{world.main.sid}/Messages.json"
    assert json.loads((await world.get(api))[2])["uri"].startswith("/2010-04-01/")


async def test_database_away(world: World) -> None:
    """While the database is away, callers hear when to come back."""
    path = f"/2010-04-01/Accounts/{world.main.sid}/Messages.json?From=away"
    status, headers, body = await world.get(path)
    assert (status, json.loads(body)["code"], headers["Retry-After"]) == (503, 20503, "2")


async def test_hot_path_asks_nothing(world: World) -> None:
    """Once known, an account is let in without a query."""
    authenticator = Authenticator(world.database, world.sealer)
    pair = base64.b64encode(f"{world.main.sid}:{TOKEN}".encode()).decode()
    first = await authenticator.caller(f"Basic {pair}")
    authenticator._queries = None  # type: ignore[assignment]
    assert await authenticator.caller(f"Basic {pair}", world.main.sid) is first
    assert await authenticator.token_of(world.main.sid) == TOKEN


async def test_next_start(world: World) -> None:
    """A later start finds the account again, and sets the token that the settings give."""
    async with world.database.transaction() as connection:
        same = await actions.ensure_main(connection, world.sealer)
        assert (same.sid, actions.token_of(world.sealer, same)) == (world.main.sid, TOKEN)
        changed = await actions.ensure_main(connection, world.sealer, auth_token="another-token")
        assert actions.token_of(world.sealer, changed) == "another-token"
    with pytest.raises(SealBroken, match="sealed with another key"):
        async with world.database.transaction() as connection:
            await actions.ensure_main(connection, Sealer(bytes(32)))
