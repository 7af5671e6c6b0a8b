from pathlib import Path

import pytest

from magpie.carriers.smpp import Host, LinkOptions, SmppCarrier, options_of
from magpie.protocols.smpp import Alphabet, LongText, MessageState, Notation, Receipt, StatusClass
from magpie.settings import Secret, SmppSettings, TlsFiles


def settings(**more: object) -> SmppSettings:
    values = {
        "name": "north",
        "host": "a.example",
        "port": 2775,
        "system_id": "magpie",
    }
    return SmppSettings(**values | more)  # type: ignore[arg-type]


def test_the_usual() -> None:
    """A carrier that says nothing more gets one transceiver and no vendor's parameter."""
    options = options_of(settings(password=Secret("secret")))
    assert options.hosts == (Host("a.example", 2775),)
    assert (options.bind, options.tls, options.text.reference_tag) == ("trx", None, None)
    assert "secret" not in repr(options)
    capabilities = SmppCarrier(options).capabilities
    assert (capabilities.deduplicates, capabilities.on_unknown) == (False, "resend")


def test_all_that_can_be_said() -> None:
    """What an operator sets reaches the link."""
    options = options_of(
        settings(
            host="a.example, b.example:2776, [::1]:2777, ::2",
            tls=True,
            bind="tx+rx",
            default_alphabet="latin1",
            long_text="sar",
            plus_sign=True,
            receipt_ids="response-hex",
            reference_tlv=0x1400,
            dedupes=True,
            country_code="1",
            source_ton_npi={"short-code": (6, 0)},
            dest_ton_npi={"e164": (0, 1)},
            response_timeout=4,
            tls_files=TlsFiles(ca=Path("/ca.pem")),
            address_range="^44",
            service_type="CMT",
            validity="absolute",
            unmarked_receipts=True,
            status_classes={"0x401": "throttle", "1026": "session"},
            status_codes={"0x403": 30007},
            receipt_codes={"0D1": 30005},
        )
    )
    assert [str(host) for host in options.hosts] == [
        "a.example:2775",
        "b.example:2776",
        "::1:2777",
        "::2:2775",
    ]
    assert options.tls == TlsFiles(ca=Path("/ca.pem"))
    assert (options.response_ids, options.receipt_ids) == (Notation.HEXADECIMAL, Notation.DECIMAL)
    assert (options.text.default_alphabet, options.text.long_text) == (
        Alphabet.LATIN_1,
        LongText.SAR,
    )
    assert (options.text.addresses.short_code, options.destinations.e164) == ((6, 0), (0, 1))
    assert options.text.addresses.plus
    assert options.text.reference_tag == 0x1400
    assert options.control_timeout == 4
    assert (options.address_range, options.text.service_type) == ("^44", "CMT")
    assert (options.validity, options.unmarked_receipts) == ("absolute", True)
    assert options.classes == {0x401: StatusClass.THROTTLE, 1026: StatusClass.SESSION}
    assert (options.codes, options.receipt_codes) == ({0x403: 30007}, {"0D1": 30005})
    assert options.dedupes


def test_a_password_that_servers_would_cut() -> None:
    """More than eight characters are refused here, with the carrier's name and not the password."""
    with pytest.raises(ValueError, match=r"^carrier north: an SMPP password has at most 8") as told:
        options_of(settings(password=Secret("ninechars")))
    assert "ninechars" not in str(told.value)


def test_timers_are_looked_at_often_enough() -> None:
    """No timer is late by more than a quarter of itself."""
    options = LinkOptions(
        name="n", hosts=(Host("a", 1),), system_id="x", response_timeout=1.0, enquire_link=0.4
    )
    assert options.beat == pytest.approx(0.1)


def test_ids_can_be_folded() -> None:
    """Only where the settings say so: elsewhere a and A are two messages."""
    usual, folding = options_of(settings()), options_of(settings(fold_case=True, fold_zeros=True))
    assert (usual.fold_case, usual.fold_zeros) == (False, False)
    assert (folding.fold_case, folding.fold_zeros) == (True, True)


@pytest.mark.parametrize(
    ("parameter", "text", "id_"),
    [
        ("3EB", "1003", "1003"),
        ("1003", "1003", "1003"),
        ("1003", "", "1003"),
        ("1004", "1003", "1004"),
        ("", "1003", "1003"),
    ],
)
def test_the_parameter_of_a_receipt_may_be_written_as_answers_are(
    parameter: str, text: str, id_: str
) -> None:
    """Its text tells: both mean the same number, each in its own notation."""
    options = options_of(settings(receipt_ids="response-hex"))
    receipt = Receipt(parameter or text, MessageState.DELIVERED, final=True, text_id=text)
    assert options.response_id("3EB") == "1003"
    assert options.receipt_id(receipt) == id_


@pytest.mark.parametrize(("setting", "meant"), [("gsm7-packed", "GSM_PACKED"), ("gsm7", "GSM")])
def test_alphabets(setting: str, meant: str) -> None:
    """Septets may be packed, as over the air."""
    assert options_of(settings(default_alphabet=setting)).text.default_alphabet is Alphabet[meant]


def test_a_reference_of_two_octets() -> None:
    """Asked for where many long texts are under way to one phone."""
    assert options_of(settings(long_text="udh16")).text.long_text is LongText.UDH_16


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"host": ","}, ":2775 is no host"),
        ({"host": "a.example,"}, ":2775 is no host"),
        ({"host": "a example"}, "a example:2775 is no host"),
        ({"host": "a.example:99999"}, "a.example:99999 is no host"),
        ({"host": "a.example:0"}, "a.example:0 is no host"),
        ({"password": Secret("g\u00fcnther")}, "in ASCII only"),
        ({"system_id": "magpi\u00e9"}, "in ASCII only"),
    ],
)
def test_what_no_bind_can_be_made_with(given: dict[str, object], says: str) -> None:
    """It is said at once, not at each try to connect."""
    with pytest.raises(ValueError, match=f"^carrier north: .*{says}") as told:
        options_of(settings(**given))
    assert "nther" not in str(told.value)
