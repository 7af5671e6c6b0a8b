"""A shortened link on a running platform: who clicks is sent on, and the customer hears of it."""

import re
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pytest
from tests.sdk.world import Customer, Platform, until
from twilio.base.exceptions import TwilioRestException
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


def test_what_cannot_be_shortened_fails_or_goes_as_it_is(
    platform: Platform, client: Client, sender: Any
) -> None:
    """By ContinueOnFailure: refused with 30139, or sent with its URLs as they were written."""
    client.messaging.base_url = f"{platform.base}/messaging"
    domain = platform.form("/magpie/v1/Domains", DomainName="go.failure.example")["sid"]
    service = client.messaging.v1.services.create(friendly_name="Failures")
    service.phone_numbers.create(phone_number_sid=sender.sid)
    client.messaging.v1.linkshortening_messaging_service(domain, str(service.sid)).create()
    body = f"Half {TARGET} or https://example.com/50%off?"

    def send() -> Any:
        return client.messages.create(
            messaging_service_sid=str(service.sid), to="+15558675310", body=body, shorten_urls=True
        )

    with pytest.raises(TwilioRestException) as refused:
        send()
    assert (refused.value.status, refused.value.code) == (400, 30139)
    config = client.messaging.v1.domain_config(domain)
    config.update(continue_on_failure=True)
    message = until(lambda: _sent(send))
    assert message.body == body
    until(lambda: client.messages(message.sid).fetch().status == "delivered")
    assert [one["body"] for one in platform.handset() if one["body"] == body] == [body]
    hops = platform.timeline(message.sid)
    assert {"not_shortened": "https://example.com/50%off"}.items() <= hops[0]["detail"].items()


def _sent(send: Any) -> Any:
    """None as long as the change of the domain has not shown."""
    try:
        return send()
    except TwilioRestException as refused:
        if refused.code != 30139:
            raise
        return None
