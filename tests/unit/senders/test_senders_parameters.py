import pytest

from magpie.kit.rest import Form, Mistake, Params
from magpie.senders.applications.model import RECORDED as APPLICATION_RECORDED
from magpie.senders.model import RECORDED, SETTABLE
from magpie.senders.parameters import BuyNumber, ChangeApplication, ChangeNumber, changes, snake


@pytest.mark.parametrize(
    ("wire", "name"),
    [("SmsUrl", "sms_url"), ("VoiceCallerIdLookup", "voice_caller_id_lookup"), ("Sid", "sid")],
)
def test_names(wire: str, name: str) -> None:
    """A parameter and the property that it sets have one name in two spellings."""
    assert snake(wire) == name


def test_changes() -> None:
    """What we act on goes to columns, the rest is recorded, and what was not given stays."""
    given = ChangeNumber.parse(
        Form.parse("SmsUrl=https://a.example/in&VoiceUrl=https://a.example/v&VoiceMethod=&Foo=1")
    )
    changed = changes(given, SETTABLE, RECORDED)
    assert changed.columns == {"sms_url": "https://a.example/in"}
    assert changed.recorded == {"voice_url": "https://a.example/v"}


def test_blank_takes_away() -> None:
    """A blank URL or SID takes away what was set."""
    changed = changes(
        ChangeNumber.parse(Form.parse("SmsUrl=&SmsApplicationSid=")), SETTABLE, RECORDED
    )
    assert changed.columns == {"sms_url": "", "sms_application_sid": ""}


def test_nobody_sets_the_owner() -> None:
    """The account and the address of a number are no settings."""
    given = ChangeNumber.parse(Form.parse(f"AccountSid=AC{'0' * 32}"))
    assert changes(given, SETTABLE, RECORDED) == ({}, {})


@pytest.mark.parametrize("kind", [ChangeNumber, ChangeApplication])
def test_every_setting_has_a_home(kind: type[Params]) -> None:
    """No parameter of the specification is read and then lost."""
    homes = SETTABLE | RECORDED.keys() | APPLICATION_RECORDED.keys()
    apart = {"account_sid", "message_status_callback", "sms_status_callback"}
    assert {snake(wire) for wire in kind.names()} <= homes | apart


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("SmsUrl=ftp://a.example", 20422),
        ("SmsUrl=nowhere", 20422),
        ("SmsMethod=PUT", 20422),
        (f"FriendlyName={'x' * 65}", 20002),
        ("SmsApplicationSid=PN123", 20422),
        ("EmergencyStatus=maybe", 20422),
    ],
)
def test_wrong_settings(query: str, code: int) -> None:
    """A wrong setting is told with its code."""
    with pytest.raises(Mistake) as wrong:
        BuyNumber.parse(Form.parse(query))
    assert wrong.value.code == code
