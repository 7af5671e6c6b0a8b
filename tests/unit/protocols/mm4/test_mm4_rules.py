from datetime import UTC, datetime

import pytest

from magpie.protocols import mm4
from magpie.protocols.mm4 import Address, AddressKind, AddressRules, StatusClass

AT = datetime(2026, 1, 2, tzinfo=UTC)
US = AddressRules(country_code="1")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("+1555/TYPE=PLMN@mms.example", Address("+1555", AddressKind.NUMBER, "mms.example")),
        ("<+1555/Type=plmn>", Address("+1555")),
        ("Bob <12345/TYPE=PLMN>", Address("12345", AddressKind.SHORT_CODE)),
        ("+1555@mms.example", Address("+1555", AddressKind.NUMBER, "mms.example")),
        ("bob@mail.example", Address("bob@mail.example", AddressKind.EMAIL)),
        ("1.2.3.4/TYPE=IPv4@x", Address("1.2.3.4", AddressKind.IPV4, "x")),
        ("::1/TYPE=IPV6", Address("::1", AddressKind.IPV6)),
        ("15558675310", Address("15558675310")),
        ("<>", None),
        ("  ", None),
    ],
)
def test_addresses(text: str, address: Address | None) -> None:
    """With or without type, domain, brackets and a name."""
    assert mm4.parse_address(text) == address


@pytest.mark.parametrize(
    ("number", "rules", "written"),
    [
        ("+15558675310", AddressRules(), "+15558675310/TYPE=PLMN@d"),
        ("+15558675310", AddressRules(plus=False), "15558675310/TYPE=PLMN@d"),
        ("72345", AddressRules(), "72345/TYPE=PLMN@d"),
        ("a@b.example", AddressRules(), "a@b.example"),
        ("192.0.2.1", AddressRules(), "192.0.2.1/TYPE=IPv4@d"),
        ("2001:db8::1", AddressRules(), "2001:db8::1/TYPE=IPv6@d"),
        ("MAGPIE", AddressRules(), "MAGPIE/TYPE=PLMN@d"),
    ],
)
def test_numbers_of_ours(number: str, rules: AddressRules, written: str) -> None:
    """As one carrier wants them."""
    assert mm4.write_address(mm4.to_address(number, rules, "d")) == written


@pytest.mark.parametrize(
    ("address", "rules", "number"),
    [
        (Address("+15558675310"), AddressRules(), "+15558675310"),
        (Address("1 (555) 867-5310"), AddressRules(), "+15558675310"),
        (Address("5558675310"), US, "+15558675310"),
        (Address("15558675310"), US, "+15558675310"),
        (Address("72345", AddressKind.SHORT_CODE), US, "72345"),
        (Address("a@b", AddressKind.EMAIL), US, "a@b"),
        (Address("MAGPIE"), US, "MAGPIE"),
    ],
)
def test_numbers_of_theirs(address: Address, rules: AddressRules, number: str) -> None:
    """E.164 where it is one."""
    assert mm4.to_number(address, rules) == number


@pytest.mark.parametrize(
    "address", [Address("a b"), Address("a>"), Address(""), Address("1", domain="x,y")]
)
def test_addresses_that_cannot_be_written(address: Address) -> None:
    """They would be read as something else."""
    with pytest.raises(mm4.WriteError):
        mm4.write_address(address)


@pytest.mark.parametrize(
    ("status", "found"),
    [
        ("ok", StatusClass.ACCEPTED),
        ("Error-network-problem", StatusClass.TEMPORARY),
        ("ERROR-UNSPECIFIED", StatusClass.TEMPORARY),
        ("Error-vendor", StatusClass.TEMPORARY),
        ("Error-service-denied", StatusClass.PERMANENT),
        ("Error-message-format-corrupt", StatusClass.PERMANENT),
        ("Error-sending-address-unresolved", StatusClass.PERMANENT),
        ("Error-message-not-found", StatusClass.PERMANENT),
        ("Error-content-not-accepted", StatusClass.PERMANENT),
        ("Error-unsupported-message", StatusClass.PERMANENT),
    ],
)
def test_statuses(status: str, found: StatusClass) -> None:
    """What may pass and what does not."""
    assert mm4.classify(status) is found


SYSTEM, SENDER = Address("system@x", AddressKind.EMAIL), Address("sender@x", AddressKind.EMAIL)


@pytest.mark.parametrize(
    ("system", "sender", "envelope", "found"),
    [
        (SYSTEM, SENDER, "<e@x>", SYSTEM),
        (None, SENDER, "<e@x>", SENDER),
        (None, None, "<e@x>", Address("e@x", AddressKind.EMAIL)),
        (None, None, "<>", None),
    ],
)
def test_where_an_answer_goes(
    system: Address | None, sender: Address | None, envelope: str, found: Address | None
) -> None:
    """To the system that is named, else the sender, else the envelope's."""
    request = mm4.ForwardReq(originator_system=system, sender=sender)
    assert mm4.answer_address(mm4.asked(request), envelope) == found


@pytest.mark.parametrize(
    ("request_", "answer"),
    [
        (mm4.ForwardReq, mm4.ForwardRes),
        (mm4.DeliveryReportReq, mm4.DeliveryReportRes),
        (mm4.ReadReplyReq, mm4.ReadReplyRes),
    ],
)
def test_an_answer_has_the_ids_of_its_request(
    request_: type[mm4.Request], answer: type[mm4.Response]
) -> None:
    """To the letter, quotes and all."""
    asked = mm4.asked(request_(transaction_id='"t"', message_id="<m>", ack_request=True))
    found = mm4.answer(asked, to=SYSTEM, date=AT)
    assert found == answer(
        transaction_id='"t"', message_id="<m>", status="Ok", to=(SYSTEM,), date=AT
    )


@pytest.mark.parametrize("ack", [None, False])
def test_who_asks_for_no_answer_gets_none(ack: bool | None) -> None:
    """Silence and No are the same."""
    assert mm4.answer(mm4.asked(mm4.ForwardReq(transaction_id="t", ack_request=ack))) is None


def test_from_centre_to_centre() -> None:
    """A new transaction each time, the same message; not for ever."""
    request: mm4.ForwardReq | None = mm4.ForwardReq(transaction_id="t0", message_id="m")
    for hop in range(1, mm4.MOST_HOPS + 1):
        assert request is not None
        request = mm4.next_hop(request, f"t{hop}", by=SYSTEM, at=AT)
    assert request is not None
    assert (request.transaction_id, request.message_id) == ("t10", "m")
    assert request.forward_counter == mm4.MOST_HOPS
    assert request.previously_sent_by[:2] == ("1, system@x", "2, system@x")
    assert not mm4.looped(request)
    assert mm4.next_hop(request, "t", by=SYSTEM, at=AT) is None


@pytest.mark.parametrize(
    ("text", "bare"), [('"a"', "a"), (" <a> ", "a"), ("a", "a"), ('"<a>"', "a")]
)
def test_ids_are_compared_bare(text: str, bare: str) -> None:
    """Peers put quotes round them, or take them away."""
    assert mm4.bare_id(text) == bare
