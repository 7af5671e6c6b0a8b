"""What somebody is named, asks for and fills in is text on every page of the console, too."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, urlencode

from playwright.async_api import expect
from tests.browser.xss_world import ALL, NAMES, TEXTS, Visited, in_lines, in_urls, joined
from tests.pairs.console_visitor import API
from tests.pairs.webhooks_world import World

from magpie.app.pages import pages_of
from magpie.users import actions
from magpie.users.model import Role

_EVERY: Final = " ".join(TEXTS)
_SOME: Final = [*NAMES][::6]
# Each with the parameters of its own; those that it shows as they came stand first.
_ASKED: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "/messages": (("q", "before"), ()),
    "/webhooks": (("url", "event", "failed", "before"), ("message",)),
    "/audit": ((), ("q", "before")),
    "/docs/api": ((), ("q",)),
    "/errors": ((), ("span", "note")),
    "/errors/11200": ((), ("span",)),
    "/usage": ((), ("span",)),
    "": ((), ("span", "note")),
    "/send": (("To", "Body", "MediaUrl", "StatusCallback", "SendAt"), ("From", "RiskCheck")),
    "/handsets": ((), ("show",)),
    "/numbers/buy": ((), ("country", "kind", "area")),
    "/carriers/new": ((), ("kind",)),
    "/sign-in": (("to",), ()),
    "/sign-in/x": (("to",), ()),
}
_FORMS: Final[Mapping[str, tuple[dict[str, str], bool]]] = {
    "/send": (dict.fromkeys(("To", "From", "Body", "MediaUrl", "ContentSid"), _EVERY), True),
    "/carriers/new": (
        {"Kind": "smpp", **dict.fromkeys(("Name", "set.host", "set.port"), _EVERY)},
        True,
    ),
    "/sign-in": ({"name": _EVERY, "password": _EVERY, "to": _EVERY}, True),
    "/handsets": ({"number": "+15558675399", "carrier": _EVERY}, True),
    "/handsets/+15558675310/send": ({"to": _EVERY, "body": _EVERY}, True),
    "/handsets/+15558675310/carrier": ({"carrier": _EVERY}, True),
    "/people/users": ({"name": "x", "role": _EVERY}, True),
    "/carriers/networks/att": ({"preset": _EVERY}, True),
    "/people/accounts": ({"name": _EVERY}, False),
    "/people/keys": ({"name": _EVERY}, False),
    "/services": ({"FriendlyName": _EVERY}, False),
    "/carriers/routes": ({"Carrier": _EVERY, "Prefix": _EVERY, "Kinds": _EVERY}, False),
    "/numbers/buy": ({"number": _EVERY}, False),
    "/queues/pause": ({"lane": _EVERY}, False),
    "/account": ({"sid": _EVERY}, False),
}


async def test_names(world: World, visited: Visited) -> None:
    """Of services, keys, people and accounts: where each is shown."""
    named, shown = [{"FriendlyName": name} for name in NAMES], {*NAMES.values()}
    services = await visited.make("/messaging/v1/Services", named)
    assert await visited.sees("/services") == await visited.sees("/send") == shown
    assert await visited.sees_all(*(f"/services/{one['sid']}" for one in services[::20]))
    await visited.make(visited.account("/Keys"), named)
    assert await visited.sees("/people") == shown
    people = {name: number for name, number in NAMES.items() if name.isprintable()}
    for name in people:
        await actions.add(world.platform.database, name, Role.AGENT)
    for sid in [one["sid"] for one in (await visited.listed(visited.account("/Keys")))["keys"]]:
        await world.ask("DELETE", visited.account(f"/Keys/{sid}"))
    assert await visited.sees("/people") == {*people.values()}
    await visited.make("/2010-04-01/Accounts.json", named)
    assert await visited.sees("") == shown


async def test_numbers_and_browsers(world: World, visited: Visited) -> None:
    """Their names, and the addresses of numbers; what browsers say of themselves."""
    mine = {"AccountSid": world.auth[0]}
    numbers = (mine | {"PhoneNumber": f"+1737556{n:04}"} for n in range(len(_SOME)))
    await visited.make("/magpie/v1/Numbers", numbers)
    at = visited.account("/IncomingPhoneNumbers")
    listed = (await visited.listed(at))["incoming_phone_numbers"][: len(_SOME)]
    url = f"http://example.com/{in_urls(2000)[0]}"
    for one, name in zip(listed, _SOME, strict=True):
        to = visited.account(f"/IncomingPhoneNumbers/{one['sid']}")
        await visited.make(to, [{"FriendlyName": name, "SmsUrl": url, "StatusCallback": url}])
    assert await visited.sees("/numbers") > {NAMES[name] for name in _SOME}
    for one in listed[::10]:
        assert await visited.sees(f"/numbers/{one['sid']}")
    me = await actions.ensure_owner(world.platform.database)
    for agent in in_lines(250):
        await actions.begin(world.platform.database, me, "127.0.0.1", agent)
    assert await visited.sees("/you")


async def test_addresses(world: World, visited: Visited) -> None:
    """What stands in the query or the path of a link that somebody is lured to."""
    for path, (shown, taken) in _ASKED.items():
        for name in shown + taken:
            seen = await visited.sees(f"{path}?{urlencode({name: _EVERY})}")
            assert seen == ALL or name in taken, (path, name)
    routes = [route for page in pages_of(world.platform, API) for route in page.routes()]
    paths = {one.path for one in routes if one.method == "GET" and "{" in one.path}
    for text in joined(12000):
        given = quote(text.replace("/", "\n"), safe="")
        for path in (*paths, "/{x}", "/static/{x}", "/sign-in/{x}"):
            parts = (given if "{" in part else part for part in path.split("/"))
            await visited.sees("/".join(parts))


async def test_forms(visited: Visited) -> None:
    """What is wrong in a form comes back as it was written, with what is wrong with it."""
    for path, (fields, echoed) in _FORMS.items():
        seen = await visited.posts(path, fields)
        assert seen == ALL or not echoed, path
    for name in [*NAMES][::40]:
        await visited.posts("/services", {"FriendlyName": name})
    assert await visited.sees("/audit") >= {*[*NAMES.values()][::40]}


async def test_while_it_is_typed(visited: Visited) -> None:
    """In the preview of a message, in the commands, and in what a phone says."""
    page = visited.page
    await visited.sees("/send")
    await page.get_by_label("Text").fill(_EVERY[:1500])
    await expect(page.locator("#preview")).to_contain_text("zz1005")
    await visited.look()
    await page.keyboard.press("Escape")
    await page.keyboard.press("Control+k")
    for text in TEXTS[::4]:
        await page.get_by_label("Command", exact=True).fill(text)
        await expect(page.get_by_role("listbox").get_by_role("option")).to_contain_text(text)
    await visited.look()
    await visited.sees("/handsets?show=%2B15558675310")
    for text in joined(1600)[:4]:
        await page.get_by_label("Text", exact=True).fill(text)
        await page.keyboard.press("Enter")
        await expect(page.get_by_label("Text", exact=True)).to_have_value("")
    await expect(page.locator(".thread li")).to_have_count(4)
    assert await visited.look()
