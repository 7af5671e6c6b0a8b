import pytest

from magpie.carriers.door import Door, Knock
from magpie.carriers.mm7 import LinkOptions, Mm7Carrier, options_of
from magpie.carriers.mms import Callers, Contents
from magpie.kit.blobs import Blobs
from magpie.kit.egress import Policy
from magpie.protocols.mm7 import REL_6, Dialect, StatusClass
from magpie.settings import Mm7Settings, Secret


def test_the_least_that_settings_say() -> None:
    """A name and a URL make a link; everything else has a value that most relays take."""
    found = options_of(Mm7Settings(name="n", url="https://relay.example/mm7"))
    assert found == LinkOptions(name="n", url="https://relay.example/mm7")
    assert found.dialect == Dialect(namespace=REL_6)


def test_all_that_settings_say() -> None:
    """Each setting is where the link looks for it."""
    found = options_of(
        Mm7Settings(
            name="n",
            url="https://relay.example/mm7",
            username="u",
            password=Secret("p"),
            headers={"X": "1"},
            schema="REL-5-MM7-1-0",
            version="5.3.0",
            prefix="mm7",
            qualified=False,
            soap_action="a",
            plus_sign=False,
            typed_numbers=True,
            country_code="1",
            status_classes={"3510": "throttle"},
            status_codes={"2101": 30007},
            message_class="Advertisement",
            charged_party="Sender",
            read_reply=True,
            number="+15017122661",
            window=3,
            rate=5.0,
            dedupes=True,
            on_unknown="hold",
            max_bytes=300_000,
            timeout=9.0,
            peers=("10.0.0.0/8",),
        )
    )
    assert found.dialect.release == 5
    assert (found.dialect.prefix, found.dialect.qualified, found.dialect.soap_action) == (
        "mm7",
        False,
        "a",
    )
    assert (found.addresses.plus, found.addresses.typed, found.addresses.country_code) == (
        False,
        True,
        "1",
    )
    assert (found.classes, found.codes) == ({3510: StatusClass.THROTTLE}, {2101: 30007})
    assert (found.message_class, found.charged_party) == ("Advertisement", "Sender")
    assert (found.read_reply, found.number) == (True, "+15017122661")
    assert (found.window, found.rate, found.dedupes, found.on_unknown) == (3, 5.0, True, "hold")
    assert (found.max_bytes, found.timeout, found.peers) == (300_000, 9.0, ("10.0.0.0/8",))
    assert "'p'" not in repr(found)


def test_a_link_is_a_door() -> None:
    """The API hands it what its relay posts."""
    options = LinkOptions(name="n", url="https://relay.example/mm7")
    carrier = Mm7Carrier(options, Contents(Blobs.open("memory://")), Policy())
    assert isinstance(carrier, Door)


@pytest.mark.parametrize(
    ("networks", "peer", "status"),
    [
        ((), "", None),
        (("10.0.0.0/8",), "10.1.2.3", None),
        (("10.0.0.0/8",), "::ffff:10.1.2.3", None),
        (("10.0.0.0/8",), "11.1.2.3", 403),
        (("10.0.0.0/8",), "unix:", 403),
        (("2001:db8::/32",), "2001:db8::1", None),
        (("2001:db8::/32",), "10.1.2.3", 403),
    ],
)
def test_networks(networks: tuple[str, ...], peer: str, status: int | None) -> None:
    """Who calls from elsewhere is refused; without a list everybody may."""
    knock = Knock(method="POST", path="", query="", headers={}, body=b"", peer=peer, url="")
    answer = Callers(networks).refusal(knock)
    assert (answer.status if answer else None) == status
