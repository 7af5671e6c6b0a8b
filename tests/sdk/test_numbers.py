"""Numbers that the operator holds at a carrier, from their entry to the first message."""

import base64
import json
import subprocess
import sys
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from tests.sdk.world import Platform

_PATH = "/magpie/v1/Numbers"


def magpie(platform: Platform, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "magpie", *words, "--data", str(platform.data)],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def refused(platform: Platform, **fields: str) -> tuple[int, int]:
    with pytest.raises(HTTPError) as wrong:
        platform.form(_PATH, **fields)
    told: dict[str, Any] = json.loads(wrong.value.read())
    return wrong.value.code, told["code"]


def test_a_number_is_entered_and_sends(platform: Platform) -> None:
    """By one command; the account has it as if it had bought it, and can send from it at once."""
    done = magpie(platform, "numbers", "add", "+1 (512) 867-5309")
    assert (done.returncode, done.stdout) == (0, "+15128675309\n"), done.stderr
    client = platform.client()
    [held] = client.incoming_phone_numbers.list(phone_number="+15128675309")
    assert held.capabilities["mms"]
    sent = client.messages.create(from_="+15128675309", to="+15558675310", body="Mine")
    assert sent.sid.startswith("SM")
    assert "+15128675309" in magpie(platform, "numbers", "ls").stdout


def test_a_short_code_for_a_subaccount(platform: Platform) -> None:
    """Whoever operates the platform says which account gets it."""
    sub = platform.client().api.accounts.create(friendly_name="Shop")
    given = platform.form(_PATH, PhoneNumber="72345", AccountSid=sub.sid)
    assert (given["type"], given["account_sid"]) == ("short-code", sub.sid)
    codes = platform.client(sub.sid, sub.auth_token).short_codes.list()
    assert [code.short_code for code in codes] == ["72345"]


def test_a_number_for_sale(platform: Platform) -> None:
    """Without an account it is on the shelf, from which one can buy it and the operator take it."""
    platform.form(_PATH, PhoneNumber="+61255501234", MmsEnabled="false", Locality="Sydney")
    client = platform.client()
    [offer] = client.available_phone_numbers("AU").local.list(in_locality="Sydney")
    assert (offer.phone_number, offer.capabilities["mms"]) == ("+61255501234", False)
    bought = client.incoming_phone_numbers.create(phone_number="+61255501234")
    status, _, _ = platform.raw(f"{_PATH}/+61255501234", method="DELETE")
    assert status == 409
    bought.delete()
    status, _, _ = platform.raw(f"{_PATH}/+61255501234", method="DELETE")
    assert status == 204
    assert platform.raw(f"{_PATH}/+61255501234")[0] == 404


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"PhoneNumber": "hello"}, 21421),
        ({"PhoneNumber": "72346", "Type": "local"}, 21421),
        ({"PhoneNumber": "+15128675310", "Type": "short-code"}, 21421),
        ({"PhoneNumber": "+15017122661"}, 21422),
        ({"PhoneNumber": "+15128675310", "Type": "fax"}, 20422),
        ({"PhoneNumber": "+15128675310", "AccountSid": "AC" + "0" * 32}, 21471),
        ({}, 20422),
    ],
)
def test_wrong_numbers(platform: Platform, fields: dict[str, str], code: int) -> None:
    """What is no number, is here already, or is for nobody is refused by its code."""
    assert refused(platform, **fields)[1] == code


@pytest.mark.parametrize(
    ("number", "whose"), [("+15017122661", "has it"), ("+15125550123", "is for sale")]
)
def test_numbers_that_are_here(platform: Platform, number: str, whose: str) -> None:
    """It is said where: those for sale stand in no list of numbers that accounts have."""
    done = magpie(platform, "numbers", "add", number)
    assert done.returncode == 1
    assert f"{number} is here already: " in done.stderr
    assert whose in done.stderr


def test_only_the_operator(platform: Platform) -> None:
    """A subaccount and a key may neither enter nor list numbers."""
    sub = platform.client().api.accounts.create(friendly_name="Other")
    key = platform.client().new_keys.create(friendly_name="k")
    for user, secret in ((sub.sid, sub.auth_token), (key.sid, key.secret)):
        request = Request(platform.base + _PATH)
        token = base64.b64encode(f"{user}:{secret}".encode()).decode()
        request.add_header("Authorization", f"Basic {token}")
        with pytest.raises(HTTPError) as wrong:
            urlopen(request, timeout=20)
        assert wrong.value.code == 403
