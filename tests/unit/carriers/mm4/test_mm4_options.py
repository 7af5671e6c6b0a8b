from typing import Any

import pytest

from magpie.carriers.mm4 import LinkOptions, Mm4Carrier, options_of
from magpie.carriers.mms import Contents
from magpie.kit.blobs import Blobs
from magpie.protocols.mm4 import AddressRules
from magpie.settings import Mm4Settings, Secret, TlsFiles

LEAST: dict[str, Any] = {
    "name": "n",
    "host": "h",
    "domain": "theirs.example",
    "own_domain": "ours.example",
}


def test_the_least_that_settings_say() -> None:
    """Where the other centre is and who we are; everything else has a value."""
    found = options_of(Mm4Settings(**LEAST))
    assert found == LinkOptions(**LEAST, peers=("127.0.0.0/8", "::1/128"))
    assert found.system_address.value == "mms@ours.example"


def test_all_that_settings_say() -> None:
    """Each setting is where the link looks for it."""
    found = options_of(
        Mm4Settings(
            **LEAST,
            port=2525,
            username="u",
            password=Secret("p"),
            security="starttls",
            version="6.16.0",
            system="mmsc",
            country_code="1",
            plus_sign=False,
            ack_request=False,
            read_reply=True,
            eight_bit=True,
            window=3,
            rate=5.0,
            dedupes=True,
            on_unknown="hold",
            profile="old",
            max_bytes=300_000,
            timeout=9.0,
            listen_host="::1",
            listen_port=0,
            listen_max_bytes=1000,
            peers=("10.0.0.0/8",),
        )
    )
    assert found == LinkOptions(
        **LEAST,
        port=2525,
        username="u",
        password=Secret("p"),
        security="starttls",
        version="6.16.0",
        system="mmsc",
        addresses=AddressRules(plus=False, country_code="1"),
        ack_request=False,
        read_reply=True,
        eight_bit=True,
        window=3,
        rate=5.0,
        dedupes=True,
        on_unknown="hold",
        profile="old",
        max_bytes=300_000,
        timeout=9.0,
        listen_host="::1",
        listen_port=0,
        most_bytes=1000,
        peers=("10.0.0.0/8",),
    )
    assert "'p'" not in repr(found)


@pytest.mark.parametrize("wrong", ["security", "listen"])
def test_certificates_that_are_none(wrong: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A mistake shows when the link is made, and not at the first message."""
    files = TlsFiles(cert=tmp_path_factory.mktemp("tls") / "no.pem")
    more: dict[str, Any] = {"security": "tls"} if wrong == "security" else {"listen_port": 0}
    options = LinkOptions(**LEAST, tls=files, **more)
    with pytest.raises(ValueError, match="carrier n: its TLS files cannot be used"):
        Mm4Carrier(options, Contents(Blobs.open("memory://")))
