"""Who may bind is a resource of the HTTP API, each account's own."""

import asyncio
import base64
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import uvicorn
from tests.pairs.esme_world import World, world

from magpie.accounts import actions as accounts
from magpie.protocols import smpp

Ask = Callable[..., Awaitable[tuple[int, Any]]]


@pytest.fixture
async def smsc(database_url: str, tmp_path: Path) -> AsyncIterator[World]:
    async with world(database_url, tmp_path) as made:
        yield made


@pytest.fixture
async def ask(smsc: World) -> AsyncIterator[Ask]:
    """Ask for `path` below the ESMEs as an account: by default the main one."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(smsc.platform.application, log_level="warning", lifespan="off")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve([listener]))
    base = f"http://127.0.0.1:{listener.getsockname()[1]}/magpie/v1/Esmes"
    main = accounts.token_of(smsc.platform.sealer, smsc.platform.account)

    async with aiohttp.ClientSession() as session:

        async def asked(
            method: str,
            path: str = "",
            form: Any = None,
            *,
            who: tuple[str, str] = (smsc.account_sid, main),
        ) -> tuple[int, Any]:
            pair = base64.b64encode(":".join(who).encode()).decode()
            headers = {"Authorization": f"Basic {pair}"}
            async with session.request(method, base + path, data=form, headers=headers) as got:
                return got.status, await got.json() if got.status != 204 else None

        yield asked
    server.should_exit = True
    await serving


async def test_the_life_of_a_client(smsc: World, ask: Ask) -> None:
    """Made, found, changed and deleted; the password is shown where it was made."""
    status, made = await ask("POST", form={"SystemId": "shop", "FriendlyName": "Shop"})
    assert (status, made["system_id"], made["receives"]) == (201, "shop", "none")
    assert len(made["password"]) == 8
    sid = made["sid"]
    _, found = await ask("GET", f"/{sid}")
    assert "password" not in found
    assert found == {name: value for name, value in made.items() if name != "password"}
    assert (await ask("GET"))[1]["esmes"] == [found]
    form = [("Receives", "list"), ("Numbers", "+1 501 712 2661"), ("Numbers", "70707")]
    _, changed = await ask("POST", f"/{sid}", [*form, ("Rate", "20"), ("NewPassword", "true")])
    assert (changed["numbers"], changed["rate"]) == (["+15017122661", "70707"], 20)
    client = await smsc.connect()
    old = await client.ask(smpp.BindTransceiver(system_id="shop", password=made["password"]))
    assert old.status == smpp.Status.RINVPASWD
    new = await client.ask(smpp.BindTransceiver(system_id="shop", password=changed["password"]))
    assert new.status == 0
    _, emptied = await ask("POST", f"/{sid}", {"Numbers": "", "AllowedNetworks": "10.0.0.0/8"})
    assert (emptied["numbers"], emptied["allowed_networks"]) == ([], ["10.0.0.0/8"])
    assert await ask("DELETE", f"/{sid}") == (204, None)
    assert (await ask("GET", f"/{sid}"))[0] == 404


async def test_a_password_is_kept_nowhere(smsc: World, ask: Ask) -> None:
    """Only what proves it."""
    _, made = await ask("POST")
    rows = await smsc.database.fetch("select e::text from esmes e")
    assert made["password"] not in str(rows)
    assert 1 <= len(made["system_id"]) <= 15


async def test_accounts_are_apart(smsc: World, ask: Ask) -> None:
    """A subaccount sees and changes nothing of another's; a name is taken for all."""
    async with smsc.database.transaction() as connection:
        sub = await accounts.create_subaccount(
            connection, smsc.platform.sealer, smsc.platform.account, "Other"
        )
    who = (sub.sid, accounts.token_of(smsc.platform.sealer, sub))
    _, made = await ask("POST", form={"SystemId": "shop"})
    path = f"/{made['sid']}"
    for method in ("GET", "POST", "DELETE"):
        assert (await ask(method, path, who=who))[0] == 404
    assert (await ask("GET", who=who))[1]["esmes"] == []
    assert (await ask("POST", form={"SystemId": "shop"}, who=who))[0] == 409


async def test_a_message_of_another_account(smsc: World) -> None:
    """Neither found nor cancelled by who does not own it, nor sent from another's number."""
    async with smsc.database.transaction() as connection:
        sub = await accounts.create_subaccount(
            connection, smsc.platform.sealer, smsc.platform.account, "Other"
        )
    ours = await smsc.client()
    theirs = await smsc.bound(*await smsc.esme(sub.sid))
    id_ = (await ours.submit()).message_id
    assert (await theirs.ask(smpp.QuerySm(message_id=id_))).status == smpp.Status.RQUERYFAIL
    assert (await theirs.ask(smpp.CancelSm(message_id=id_))).status == smpp.Status.RCANCELFAIL
    assert (await theirs.submit()).status == smpp.Status.RINVSRCADR


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"SystemId": "far too long a name"}, 20422),
        ({"SystemId": "two words"}, 20422),
        ({"AllowedNetworks": "everywhere"}, 20422),
        ({"AllowedNetworks": "10.0.0.1/8"}, 20422),
        ({"MaxBinds": "0"}, 20422),
        ({"Window": "100000"}, 20422),
        ({"Rate": "-1"}, 20422),
        ({"MessageIds": "roman"}, 20422),
        ({"DefaultAlphabet": "ebcdic"}, 20422),
        ({"Numbers": "somebody"}, 20422),
        ({"MessagingServiceSid": "MG"}, 20422),
        ({"MessagingServiceSid": "MG" + "0" * 32}, 21701),
    ],
)
async def test_wrong_parameters(ask: Ask, form: dict[str, str], code: int) -> None:
    """Each is refused with its code, and nothing is made."""
    status, body = await ask("POST", form=form)
    assert (status, body["code"]) == (400, code)
    assert (await ask("GET"))[1]["esmes"] == []
