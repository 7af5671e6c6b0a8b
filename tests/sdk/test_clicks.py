"""A shortened link on a running platform: who clicks is sent on, and the customer hears of it."""

import re
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pytest
from tests.sdk.world import Customer, Platform, until
from twilio.rest import Client

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1"
TARGET = "https://example.com/a/very/long/address"


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """What a redirect says is looked at, not followed."""


def test_a_click_is_told(
    platform: Platform, client: Client, customer: Customer, sender: Any
) -> None:
    """The domain's CallbackUrl gets the click, signed, and the phone the long address."""
    client.messaging.base_url = f"{platform.base}/messaging"
    domain = platform.form("/magpie/v1/Domains", DomainName="go.clicks.example")["sid"]
    service = client.messaging.v1.services.create(friendly_name="Clicks")
    service.phone_numbers.create(phone_number_sid=sender.sid)
    shortening = client.messaging.v1
    shortening.linkshortening_messaging_service(domain, str(service.sid)).create()
    shortening.domain_config(domain).update(
        fallback_url="https://example.com/", callback_url=f"{customer.url}/click"
    )
    message = client.messages.create(
        messaging_service_sid=str(service.sid),
        to="+15558675310",
        body=f"Read {TARGET}",
        shorten_urls=True,
    )
    found = re.search(r"https://go\.clicks\.example(/\w{10})$", str(message.body))
    assert found
    asked = Request(
        platform.base + found[1], headers={"Host": "go.clicks.example", "User-Agent": PHONE}
    )
    with pytest.raises(HTTPError) as moved:
        build_opener(_Stay).open(asked, timeout=20)
    assert (moved.value.code, moved.value.headers["Location"]) == (302, TARGET)
    (call,) = until(lambda: customer.heard("/click"))
    assert call.valid
    wanted = {"event_type": "click", "sms_sid": message.sid, "link": TARGET}
    assert wanted.items() <= call.params.items()
