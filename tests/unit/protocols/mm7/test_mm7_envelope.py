from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from tests.unit.protocols.mm7.mm7_messages import DIALECTS, OPERATIONS

from magpie.protocols import mm7
from magpie.protocols.mm7 import Address, AddressKind, Dialect, read_envelope, write_envelope

REL5 = Dialect(namespace=mm7.REL_5, version="5.3.0")


def wrapped(body: str, transaction: str = "<TransactionID>t1</TransactionID>") -> bytes:
    return (
        f'<e:Envelope xmlns:e="{"http://schemas.xmlsoap.org/soap/envelope/"}">'
        f"<e:Header>{transaction}</e:Header><e:Body>{body}</e:Body></e:Envelope>"
    ).encode()


def submit_req(inner: str, attributes: str = "") -> mm7.SubmitReq:
    found = read_envelope(wrapped(f"<SubmitReq {attributes}>{inner}</SubmitReq>")).operation
    assert isinstance(found, mm7.SubmitReq)
    return found


TO = "<Recipients><To><Number>+15551</Number></To></Recipients>"


@given(OPERATIONS, DIALECTS)
@settings(max_examples=300, deadline=None)
def test_what_is_written_is_read(operation: mm7.Operation, dialect: Dialect) -> None:
    """Every operation, in every style of prefix and namespace."""
    found = read_envelope(write_envelope(operation, "t <&> 1", dialect))
    assert found.operation == operation
    assert found.transaction_id == "t <&> 1"
    if not isinstance(operation, mm7.Fault):
        assert (found.version, found.namespace) == (dialect.version, dialect.namespace)


def test_a_submit_as_it_is_written() -> None:
    """Schema order, one default namespace, the transaction in the header."""
    operation = mm7.SubmitReq(
        sender=mm7.Identification("v", "s", Address("7255", AddressKind.SHORT_CODE)),
        recipients=mm7.Recipients(
            (Address("+15551"),), bcc=(Address("a@b", AddressKind.EMAIL, True),)
        ),
        service_code="gold",
        expiry_date=timedelta(days=1, hours=12),
        delivery_report=True,
        priority="Normal",
        subject="A & B\0",
        content=(mm7.Content("cid:c", adaptations=False),),
    )
    assert write_envelope(operation, "t1", Dialect()).decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<env:Envelope xmlns:env="http://schemas.xmlsoap.org/soap/envelope/"><env:Header>'
        f'<TransactionID xmlns="{mm7.REL_6}" env:mustUnderstand="1">t1</TransactionID>'
        f'</env:Header><env:Body><SubmitReq xmlns="{mm7.REL_6}"><MM7Version>6.8.0</MM7Version>'
        "<SenderIdentification><VASPID>v</VASPID><VASID>s</VASID>"
        "<SenderAddress><ShortCode>7255</ShortCode></SenderAddress></SenderIdentification>"
        "<Recipients><To><Number>+15551</Number></To><Bcc>"
        '<RFC2822Address displayOnly="true">a@b</RFC2822Address></Bcc></Recipients>'
        "<ServiceCode>gold</ServiceCode><ExpiryDate>P1DT12H0M0S</ExpiryDate>"
        "<DeliveryReport>true</DeliveryReport><Priority>Normal</Priority>"
        "<Subject>A &amp; B\N{REPLACEMENT CHARACTER}</Subject>"
        '<Content href="cid:c" allowAdaptations="false" /></SubmitReq></env:Body></env:Envelope>'
    )


@pytest.mark.parametrize(
    ("dialect", "written"),
    [
        (Dialect(prefix="mm7"), "<mm7:CancelReq xmlns:mm7="),
        (Dialect(prefix="mm7"), "<mm7:MessageID>m</mm7:MessageID>"),
        (Dialect(qualified=False), "<mm7:CancelReq xmlns:mm7="),
        (Dialect(qualified=False), "<MessageID>m</MessageID>"),
        (Dialect(namespace=""), "<CancelReq><MM7Version>6.8.0</MM7Version>"),
        (Dialect(namespace="", prefix="mm7"), "<CancelReq>"),
        (Dialect(envelope_prefix="SOAP-ENV"), "<SOAP-ENV:Body>"),
        (REL5, "<MM7Version>5.3.0</MM7Version>"),
    ],
)
def test_dialects(dialect: Dialect, written: str) -> None:
    """Each peer gets the style that it wants."""
    assert written in write_envelope(mm7.CancelReq(message_id="m"), "t", dialect).decode()


def test_release_5_gets_nothing_of_release_6() -> None:
    """Such a peer would refuse elements that its schema lacks."""
    operation = mm7.SubmitReq(
        recipients=mm7.Recipients((Address("1"),)),
        subject="kept",
        applic_id="a",
        content_class="text",
        drm_content=False,
        charged_party_id="x",
        message_extra_data=(mm7.Tree("MessageExtraData"),),
    )
    found = read_envelope(write_envelope(operation, "t", REL5)).operation
    assert found == mm7.SubmitReq(recipients=operation.recipients, subject="kept")


@pytest.mark.parametrize(
    "attributes",
    ["", f'xmlns="{mm7.REL_5}"', f'xmlns="{mm7.SCHEMAS}REL-5-MM7-1-5"', 'xmlns="urn:what"'],
)
def test_any_namespace_is_read(attributes: str) -> None:
    """Peers mix releases, and some have no namespace at all."""
    assert submit_req(TO, attributes).recipients.to == (Address("+15551"),)


def test_strict_readers_want_their_namespace() -> None:
    """Where an operator asks for it, another one is an unsupported version."""
    document = write_envelope(mm7.CancelReq(message_id="m"), "t", REL5)
    assert read_envelope(document, namespace=mm7.REL_5).namespace == mm7.REL_5
    with pytest.raises(mm7.ReadError) as raised:
        read_envelope(document, namespace=mm7.REL_6)
    assert (raised.value.status, raised.value.transaction_id) == (4002, "t")
    assert mm7.refusal(raised.value, mm7.Role.RELAY) == mm7.CancelRsp(
        status=mm7.Status(4002, f"the namespace is '{mm7.REL_5}'")
    )


def test_children_in_any_order_and_unknown_ones() -> None:
    """What we do not know is nobody's business."""
    found = submit_req(
        f"<Subject>\n Hi <b>you</b> </Subject><Vendor><Deep/></Vendor>{TO}"
        "<mm7version>5.3.0</mm7version><PRIORITY>hIGH</PRIORITY><DeliveryReport>Yes</DeliveryReport>"
        "<ReadReply>0</ReadReply><ExpiryDate>tomorrow</ExpiryDate><TimeStamp>P1D</TimeStamp>"
    )
    assert (found.subject, found.priority) == ("Hi you", "High")
    assert (found.delivery_report, found.read_reply) == (True, False)
    assert (found.expiry_date, found.time_stamp) == (None, None)


@pytest.mark.parametrize(
    ("inner", "address"),
    [
        ("<Number>+15551</Number>", Address("+15551")),
        ("<Number> +15551/TYPE=PLMN </Number>", Address("+15551")),
        ("<ShortCode>7255/TYPE=PLMN</ShortCode>", Address("7255", AddressKind.SHORT_CODE)),
        (
            "<RFC2822Address>+1555/TYPE=PLMN@mms.example</RFC2822Address>",
            Address("+1555", AddressKind.EMAIL),
        ),
        ('<Number displayOnly="1" id="7">1</Number>', Address("1", display_only=True, id="7")),
        ("+15551234567", Address("+15551234567")),
        ("7255", Address("7255", AddressKind.SHORT_CODE)),
        ("bob@example.com", Address("bob@example.com", AddressKind.EMAIL)),
    ],
)
def test_addresses(inner: str, address: Address) -> None:
    """Three kinds, with or without a type behind them, or bare text."""
    found = read_envelope(wrapped(f"<DeliverReq><Sender>{inner}</Sender></DeliverReq>")).operation
    assert isinstance(found, mm7.DeliverReq)
    assert found.sender == address


def test_several_recipients_keep_their_order() -> None:
    """In one To or in several, of whatever kinds."""
    found = submit_req(
        "<Recipients><To><ShortCode>1</ShortCode><Number>2</Number><ShortCode>3</ShortCode></To>"
        "<Cc><Number displayOnly='true'>4</Number></Cc><To><Number>5</Number></To></Recipients>"
    )
    assert [one.value for one in found.recipients.to] == ["1", "2", "3", "5"]
    assert [one.value for one in found.recipients.everybody] == ["1", "2", "3", "5"]


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("retrieved", "Retrieved"),
        ("Unrecognized", "Unrecognised"),
        ("canceled", "Cancelled"),
        ("notsupported", "NotSupported"),
        ("Lost", "Lost"),
    ],
)
def test_spellings_of_the_field(written: str, status: str) -> None:
    """States are known in any case and spelling; unknown ones stay as they are."""
    found = read_envelope(
        wrapped(
            f"<DeliveryReportReq><MessageID>m</MessageID><MMStatus>{written}</MMStatus>"
            "</DeliveryReportReq>"
        )
    ).operation
    assert isinstance(found, mm7.DeliveryReportReq)
    assert found.mm_status == status


@pytest.mark.parametrize(
    ("code", "read"), [("1000", 1000), (" 2004 ", 2004), ("OK", 0), ("", 0), ("9" * 5000, 0)]
)
def test_status_codes(code: str, read: int) -> None:
    """What is no number of four digits says nothing."""
    body = f"<SubmitRsp><Status><StatusCode>{code}</StatusCode></Status></SubmitRsp>"
    found = read_envelope(wrapped(body, "")).operation
    assert found == mm7.SubmitRsp(status=mm7.Status(read))


@pytest.mark.parametrize(
    ("body", "transaction", "status", "answer"),
    [
        ("<SubmitReq/>", "<TransactionID>t</TransactionID>", 4004, mm7.SubmitRsp),
        (f"<SubmitReq>{TO}</SubmitReq>", "", 2007, mm7.Fault),
        (
            "<CancelReq><MessageID> </MessageID></CancelReq>",
            "<TransactionID>t</TransactionID>",
            4004,
            mm7.CancelRsp,
        ),
        ("<QueryStatusReq/>", "<TransactionID>t</TransactionID>", 4003, mm7.Fault),
        ("<SubmitRsp/>", "", 4004, mm7.Fault),
        ("", "", 2007, mm7.Fault),
    ],
)
def test_bad_requests(body: str, transaction: str, status: int, answer: type) -> None:
    """A known operation gets its own response, all else a fault."""
    with pytest.raises(mm7.ReadError) as raised:
        read_envelope(wrapped(body, transaction))
    assert raised.value.status == status
    found = mm7.refusal(raised.value, mm7.Role.VASP)
    assert isinstance(found, answer)
    if isinstance(found, mm7.Fault):
        assert found.code == "Client"
        assert isinstance(found.error, mm7.VaspErrorRsp)
        assert found.error.status.code == status


def test_a_fault_in_full() -> None:
    """SOAP 1.1 with the status of MM7 in its detail."""
    fault = mm7.Fault(reason="no", error=mm7.RsErrorRsp(status=mm7.Status.of(2007)))
    document = write_envelope(fault, "", Dialect())
    assert b"<faultcode>env:Client</faultcode><faultstring>no</faultstring><detail>" in document
    assert b"<StatusCode>2007</StatusCode><StatusText>Format corrupt</StatusText>" in document
    assert read_envelope(document).operation == fault


@pytest.mark.parametrize(
    ("charset", "declared", "codec"),
    [
        ("", "euc-kr", "euc_kr"),
        ("", "shift_jis", "cp932"),
        ("gb2312", "gb2312", "gb18030"),
        ("utf-8", "utf-8", "utf-8"),
        ("", "utf-8", "utf-8-sig"),
        ("utf-8", "euc-kr", "euc_kr"),
        ("", "UTF-16", "utf-16"),
        ("utf-16", "UTF-16", "utf-16"),
    ],
)
def test_charsets(charset: str, declared: str, codec: str) -> None:
    """Asian charsets are read, whether the header or the document names them."""
    text = (
        f'<?xml version="1.0" encoding="{declared}"?>'
        + wrapped(f"<SubmitReq>{TO}<Subject>中</Subject></SubmitReq>").decode()
    )
    found = read_envelope(text.encode(codec), charset).operation
    assert isinstance(found, mm7.SubmitReq)
    assert found.subject == "中"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-27T18:00:00Z", datetime(2026, 11, 27, 18, tzinfo=UTC)),
        ("2026-11-27T18:00:00+09:00", datetime(2026, 11, 27, 9, tzinfo=UTC)),
        ("2026-11-27T18:00:00", datetime(2026, 11, 27, 18, tzinfo=UTC)),
        ("P1DT12H", timedelta(hours=36)),
        ("-PT5M", timedelta(minutes=-5)),
        ("P1Y2M", timedelta(days=425)),
        ("PT1.5S", timedelta(seconds=1)),
        ("P999999Y", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("soon", None),
        ("", None),
    ],
)
def test_moments(text: str, moment: datetime | timedelta | None) -> None:
    """Dates and spans; what is neither is nothing."""
    assert mm7.read_moment(text) == moment


@pytest.mark.parametrize(
    ("number", "rules", "address"),
    [
        ("+15551234567", mm7.AddressRules(), Address("+15551234567")),
        ("+15551234567", mm7.AddressRules(plus=False), Address("15551234567")),
        ("+15551234567", mm7.AddressRules(typed=True), Address("+15551234567/TYPE=PLMN")),
        ("7255", mm7.AddressRules(), Address("7255", AddressKind.SHORT_CODE)),
        ("a@b.example", mm7.AddressRules(typed=True), Address("a@b.example", AddressKind.EMAIL)),
    ],
)
def test_numbers_become_addresses(number: str, rules: mm7.AddressRules, address: Address) -> None:
    """Each carrier has its own way."""
    assert mm7.to_address(number, rules) == address


@pytest.mark.parametrize(
    ("address", "code", "number"),
    [
        (Address("+15551234567"), "", "+15551234567"),
        (Address("15551234567"), "", "+15551234567"),
        (Address("15551234567"), "1", "+15551234567"),
        (Address("5551234567"), "1", "+15551234567"),
        (Address("+1 (555) 123-4567"), "", "+15551234567"),
        (Address("7255"), "1", "7255"),
        (Address("7255", AddressKind.SHORT_CODE), "1", "7255"),
        (Address("a@b.example", AddressKind.EMAIL), "1", "a@b.example"),
        (Address("15551234567", AddressKind.EMAIL), "", "+15551234567"),
    ],
)
def test_addresses_become_numbers(address: Address, code: str, number: str) -> None:
    """E.164 wherever it can be one."""
    assert mm7.to_number(address, mm7.AddressRules(country_code=code)) == number


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (1000, "accepted"),
        (1100, "partial"),
        (2004, "permanent"),
        (2501, "permanent"),
        (3000, "temporary"),
        (3002, "permanent"),
        (3510, "throttle"),
        (3520, "temporary"),
        (4001, "configuration"),
        (4006, "temporary"),
        (0, "unknown"),
        (9999, "unknown"),
    ],
)
def test_status_classes(code: int, kind: str) -> None:
    """By the carrier's table, ours, then the first digit."""
    assert mm7.classify(code, {3510: mm7.StatusClass.THROTTLE}) == kind
