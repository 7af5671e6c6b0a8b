"""Messaging services as the official SDK sees them."""

from typing import Any

import pytest
from tests.sdk.world import Customer, Platform, until
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

PHONE, NO_MMS = "+15558675310", "+15558675311"


@pytest.fixture
def messaging(platform: Platform, client: Client) -> Any:
    client.messaging.base_url = f"{platform.base}/messaging"
    return client.messaging.v1


def test_a_service_and_its_pool(messaging: Any, sender: Any) -> None:
    """A service is made, gets a number, is changed and taken away; the number stays."""
    service = messaging.services.create(friendly_name="Shop", usecase="notifications")
    assert (service.sid[:2], service.mms_converter, service.usecase) == (
        "MG",
        True,
        "notifications",
    )
    assert service.sid in {one.sid for one in messaging.services.list()}
    added = service.phone_numbers.create(phone_number_sid=sender.sid)
    assert (added.phone_number, added.country_code) == (sender.phone_number, "US")
    assert [one.sid for one in service.phone_numbers.list()] == [sender.sid]
    with pytest.raises(TwilioRestException) as wrong:
        service.phone_numbers.create(phone_number_sid=sender.sid)
    assert (wrong.value.status, wrong.value.code) == (409, 21710)
    changed = service.update(mms_converter=False, validity_period=600)
    assert (changed.mms_converter, changed.validity_period) == (False, 600)
    assert changed.sticky_sender
    assert messaging.services(service.sid).fetch().friendly_name == "Shop"
    assert service.delete()
    with pytest.raises(TwilioRestException) as wrong:
        messaging.services(service.sid).fetch()
    assert (wrong.value.status, wrong.value.code) == (404, 20404)
    assert sender.fetch().phone_number == sender.phone_number


def test_names_and_short_codes(client: Client, messaging: Any) -> None:
    """A pool holds names and short codes beside numbers, and each has its list."""
    service = messaging.services.create(friendly_name="Names")
    name = service.alpha_senders.create(alpha_sender="Acme Co")
    assert (name.sid[:2], name.alpha_sender, name.capabilities) == ("AI", "Acme Co", ["SMS"])
    code = client.short_codes.list()[0]
    held = service.short_codes.create(short_code_sid=code.sid)
    assert (held.short_code, held.service_sid) == (code.short_code, service.sid)
    assert [one.sid for one in service.short_codes.list()] == [code.sid]
    assert service.alpha_senders(name.sid).delete()
    assert service.alpha_senders.list() == []
    assert service.delete()


def test_use_cases(messaging: Any) -> None:
    """The SDK reads what services can be for."""
    found = messaging.usecases.fetch().usecases
    assert {"marketing", "verification"} < {one["usecase"] for one in found}


def test_sending(client: Client, messaging: Any, customer: Customer, sender: Any) -> None:
    """A message of a service goes from its pool and tells the service's callback."""
    service = messaging.services.create(
        friendly_name="Shop", status_callback=f"{customer.url}/service"
    )
    with pytest.raises(TwilioRestException) as wrong:
        client.messages.create(to=PHONE, messaging_service_sid=service.sid, body="Nobody")
    assert wrong.value.code in {21703, 21704}
    service.phone_numbers.create(phone_number_sid=sender.sid)
    message = client.messages.create(to=PHONE, messaging_service_sid=service.sid, body="Hello")
    assert message.messaging_service_sid == service.sid
    until(lambda: "delivered" in customer.statuses("/service", str(message.sid)))
    assert client.messages(str(message.sid)).fetch().from_ == sender.phone_number
    assert service.delete()


def test_a_sender_outside_the_pool(client: Client, messaging: Any, sender: Any) -> None:
    """A message that names a service and a sender which is not in its pool is refused."""
    service = messaging.services.create(friendly_name="Empty")
    with pytest.raises(TwilioRestException) as wrong:
        client.messages.create(
            to=PHONE, from_=sender.phone_number, messaging_service_sid=service.sid, body="x"
        )
    assert wrong.value.code == 21711
    assert service.delete()


def test_the_converter_of_a_service(
    client: Client, messaging: Any, customer: Customer, sender: Any
) -> None:
    """With the converter off a picture for a phone without MMS is refused, at once."""
    service = messaging.services.create(friendly_name="Pictures", mms_converter=False)
    service.phone_numbers.create(phone_number_sid=sender.sid)
    send = {"to": NO_MMS, "messaging_service_sid": service.sid, "body": "See"}
    with pytest.raises(TwilioRestException) as wrong:
        client.messages.create(**send, media_url=[f"{customer.url}/a.png"])
    assert (wrong.value.status, wrong.value.code) == (400, 21612)
    service.update(mms_converter=True)
    message = client.messages.create(**send, media_url=[f"{customer.url}/a.png"])
    until(lambda: client.messages(str(message.sid)).fetch().status == "delivered")
    assert service.delete()
