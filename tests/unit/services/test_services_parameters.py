from typing import Any

import pytest

from magpie.kit.rest import Form, Mistake
from magpie.senders.parameters import snake
from magpie.services.actions import DEFAULTS, settings
from magpie.services.model import SETTABLE, USECASES
from magpie.services.parameters import ChangeService, CreateService


def read(query: str) -> dict[str, Any]:
    return settings(ChangeService.parse(Form.parse(query)))


def test_every_parameter_has_a_home() -> None:
    """Each parameter sets a property of its name, and each property has a default or is given."""
    assert {snake(name) for name in ChangeService.names()} == set(SETTABLE)
    assert set(SETTABLE) == DEFAULTS.keys() | {"friendly_name"}
    assert CreateService.names() == ChangeService.names()


@pytest.mark.parametrize(
    ("query", "read_as"),
    [
        ("", {}),
        ("FriendlyName=Shop&Unknown=1", {"friendly_name": "Shop"}),
        ("MmsConverter=false&StickySender=True", {"mms_converter": False, "sticky_sender": True}),
        ("MmsConverter=", {}),
        ("StatusCallback=&FallbackUrl=", {"status_callback": None, "fallback_url": None}),
        ("InboundMethod=get", {"inbound_method": "GET"}),
        ("ValidityPeriod=1", {"validity_period": 1}),
        ("ValidityPeriod=36000", {"validity_period": 36000}),
        ("Usecase=Poll", {"usecase": "poll"}),
        ("ScanMessageContent=disable", {"scan_message_content": "disable"}),
    ],
)
def test_settings(query: str, read_as: dict[str, Any]) -> None:
    """What is given is set, what is blank takes an address away, the rest stays."""
    assert read(query) == read_as


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("FriendlyName=", 20002),
        ("FriendlyName=%20", 20002),
        (f"FriendlyName={'x' * 65}", 20002),
        ("InboundRequestUrl=nowhere", 20422),
        ("FallbackUrl=ftp://a.example", 20422),
        ("StatusCallback=a.example", 20422),
        ("InboundMethod=PUT", 20422),
        ("FallbackMethod=DELETE", 20422),
        ("StickySender=yes", 20422),
        ("ValidityPeriod=0", 20422),
        ("ValidityPeriod=36001", 20422),
        ("ValidityPeriod=soon", 20422),
        ("ScanMessageContent=maybe", 20422),
        ("Usecase=fun", 21713),
    ],
)
def test_wrong_settings(query: str, code: int) -> None:
    """What a service cannot be is refused, by the code for it."""
    with pytest.raises(Mistake) as wrong:
        read(query)
    assert wrong.value.code == code


def test_a_service_has_a_name() -> None:
    """A service is made with a name, and changed without one."""
    with pytest.raises(Mistake) as wrong:
        CreateService.parse(Form.parse("Usecase=poll"))
    assert (wrong.value.code, wrong.value.name) == (20002, "FriendlyName")


def test_usecases() -> None:
    """Each use case can be told by what it says."""
    assert len({one.usecase for one in USECASES}) == len(USECASES) == 6
    assert all(one.description and one.purpose for one in USECASES)
