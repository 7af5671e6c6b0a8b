import base64
from pathlib import Path

import pytest

from magpie.settings import ROLES, Secret, Settings, SettingsError, SmppSettings

TOML = """
port = 9000
roles = ["api", "dispatch"]
[rates]
toll-free = 5
[[carriers]]
name = "north"
kind = "smpp"
host = "smsc.example.org"
port = 2775
system_id = "magpie"
password = "hidden-from-view"
receipt_ids = "response-hex"
source_ton_npi = { short-code = [6, 0] }
[[routes]]
prefix = "+1"
carrier = "north"
kinds = ["sms"]
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "magpie.toml"
    file.write_text(TOML)
    return file


def test_nothing_given() -> None:
    """Without a file and without variables, everything has its default."""
    settings = Settings.load({})
    assert (settings.port, settings.host, settings.data) == (8000, "127.0.0.1", Path(".magpie"))
    assert settings.roles == ROLES
    assert [settings.rates.of(kind) for kind in ("local", "mobile", "toll-free", "short-code")] == [
        1,
        1,
        3,
        30,
    ]
    assert settings.origin("port") == "default"


def test_file(config: Path) -> None:
    """A file gives plain values, tables and lists of tables."""
    settings = Settings.load({"MAGPIE_CONFIG": str(config)})
    carrier = settings.carriers[0]
    assert isinstance(carrier, SmppSettings)
    assert (settings.port, settings.roles) == (9000, ("api", "dispatch"))
    assert (settings.rates.toll_free, settings.rates.short_code) == (5, 30)
    assert (carrier.name, carrier.receipt_ids, carrier.window) == ("north", "response-hex", 10)
    assert carrier.source_ton_npi == {"short-code": (6, 0)}
    assert (settings.routes[0].prefix, settings.routes[0].kinds) == ("+1", ("sms",))
    assert settings.origin("port") == str(config)


def test_environment_wins(config: Path) -> None:
    """A variable goes before the file, and the settings know where each value came from."""
    settings = Settings.load({"MAGPIE_CONFIG": str(config), "MAGPIE_PORT": "9001"})
    assert settings.port == 9001
    assert settings.origin("port") == "environment MAGPIE_PORT"
    assert settings.origin("roles") == str(config)


@pytest.mark.parametrize(
    ("name", "text", "key", "value"),
    [
        ("MAGPIE_ROLES", "api, media", "roles", ("api", "media")),
        ("MAGPIE_SHOW_PII", "true", "show_pii", True),
        ("MAGPIE_SMSC_PORT", "2775", "smsc_port", 2775),
        ("MAGPIE_DATA", "/srv/magpie", "data", Path("/srv/magpie")),
        (
            "MAGPIE_EGRESS_ALLOWED",
            "10.0.0.0/8,fd00::/8",
            "egress_allowed",
            ("10.0.0.0/8", "fd00::/8"),
        ),
        ("MAGPIE_DATABASE_URL", "", "database_url", None),
        ("MAGPIE_SERVICE_HOST", "10.0.0.1", "host", "127.0.0.1"),
        ("MAGPIE_PORT_8000_TCP", "tcp://10.0.0.1:8000", "port", 8000),
    ],
)
def test_texts_of_the_environment(name: str, text: str, key: str, value: object) -> None:
    """Variables are texts: numbers, truths, lists and folders are read from them; blank is none."""
    assert getattr(Settings.load({name: text}), key) == value


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("MAGPIE_PORT", "x", ("port = 'x' (environment MAGPIE_PORT)", "int")),
        ("MAGPIE_PORT", "70000", ("port = '70000'", "<= 65535")),
        ("MAGPIE_PROT", "1", ("MAGPIE_PROT", "did you mean port?")),
        ("MAGPIE_QQQQQQ", "1", ("MAGPIE_QQQQQQ", "known are port, host")),
        ("MAGPIE_ORIGINS", "{}", ("not a setting",)),
        ("MAGPIE_PROFILE", "prod", ("'prod'", "allowed: development, production")),
        ("MAGPIE_ROLES", "api,foo", ("'foo'", "allowed: api, dispatch, webhooks")),
        ("MAGPIE_EGRESS_ALLOWED", "10.0.0.1/8", ("egress_allowed", "host bits set")),
        ("MAGPIE_PUBLIC_URL", "example.org", ("public_url", "https?")),
        ("MAGPIE_ACCOUNT_SID", "AC12", ("account_sid", "AC[0-9a-f]{32}")),
        ("MAGPIE_RATES", '{"lcal": 2}', ("rates", "unknown field `lcal`")),
        (
            "MAGPIE_CARRIERS",
            '[{"name": "a", "kind": "smp"}]',
            ("allowed: smpp, mm7, mm4, mm1, http, loopback",),
        ),
        ("MAGPIE_CARRIERS", '[{"name": "a", "kind": "smpp"}]', ("missing required field `host`",)),
        (
            "MAGPIE_ROUTES",
            '[{"carrier": "a", "kinds": ["fax"]}]',
            ("'fax'", "allowed: sms, mms"),
        ),
        (
            "MAGPIE_CARRIERS",
            '[{"name": "a", "kind": "loopback"}, {"name": "a", "kind": "loopback"}]',
            ("same name",),
        ),
        ("MAGPIE_CONFIG", "/nowhere/magpie.toml", ("/nowhere/magpie.toml", "No such file")),
    ],
)
def test_mistakes(name: str, text: str, told: tuple[str, ...]) -> None:
    """A wrong value is told with its key, its text, where it stands and what it may be."""
    with pytest.raises(SettingsError) as wrong:
        Settings.load({name: text})
    assert all(part in str(wrong.value) for part in told), str(wrong.value)


@pytest.mark.parametrize(
    ("name", "text"),
    [("MAGPIE_AUTH_TOKEN", "tell no"), ("MAGPIE_SECRET_KEY", "dGVsbCBubw==x")],
)
def test_mistakes_keep_secrets(name: str, text: str) -> None:
    """A secret that is wrong is not repeated in the error."""
    with pytest.raises(SettingsError) as wrong:
        Settings.load({name: text})
    assert text not in str(wrong.value)


def test_file_that_is_not_toml(tmp_path: Path) -> None:
    """A file that cannot be read as TOML is named with the place of the fault."""
    file = tmp_path / "magpie.toml"
    file.write_text("port = x\n")
    with pytest.raises(SettingsError, match=r"is not TOML: .*line 1"):
        Settings.load({"MAGPIE_CONFIG": str(file)})


def test_secrets_in_repr(config: Path) -> None:
    """No secret stands in the representation of the settings, though each can be used."""
    key = base64.b64encode(bytes(32)).decode()
    settings = Settings.load(
        {
            "MAGPIE_CONFIG": str(config),
            "MAGPIE_AUTH_TOKEN": "0123456789abcdef",
            "MAGPIE_DATABASE_URL": "postgresql://me:sesame@db/magpie",
            "MAGPIE_SECRET_KEY": key,
        },
    )
    shown = repr(settings)
    for secret in ("hidden-from-view", "0123456789abcdef", "sesame", key):
        assert secret not in shown
    assert settings.auth_token == "0123456789abcdef"
    assert isinstance(settings.carriers[0], SmppSettings)
    assert isinstance(settings.carriers[0].password, Secret)


def test_media(tmp_path: Path) -> None:
    """Media are kept below the data folder unless a URL says otherwise."""
    inside = Settings.load({"MAGPIE_DATA": str(tmp_path)})
    assert inside.media == f"file://{tmp_path}/media"
    assert Settings.load({"MAGPIE_MEDIA_URL": "s3://bucket/x"}).media == "s3://bucket/x"
