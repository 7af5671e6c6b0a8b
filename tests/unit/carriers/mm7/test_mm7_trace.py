"""What an operator sees of requests and answers of MM7."""

from magpie.carriers.mm7.trace import Said, read, said
from magpie.protocols.mm7 import CancelReq, CancelRsp, Dialect, Status, StatusCode, write_message

BODY = b"""--b\r\nContent-Type: text/xml\r\n\r\n<e:Envelope><m:SubmitReq><m:Recipients><m:To>
<m:Number displayOnly="false">+15558675310</m:Number></m:To></m:Recipients>
<m:Subject>meet me</m:Subject></m:SubmitReq></e:Envelope>\r\n--b\r\n\r\nthe picture\r\n--b--"""


def test_the_envelope_without_people() -> None:
    """Numbers keep four digits, subjects their length; the content is not shown."""
    shown = read(Said("SubmitReq", "t1", "", BODY, len(BODY)), False)
    assert shown.octets.startswith(b"<e:Envelope>")
    assert shown.octets.endswith(b"</e:Envelope>")
    assert b'<m:Number displayOnly="false">********5310</m:Number>' in shown.octets
    assert b"<m:Subject>*******</m:Subject>" in shown.octets
    assert shown.fields == {"octets": len(BODY)}
    assert b"+15558675310" in read(Said("SubmitReq", "t1", "", BODY, len(BODY)), True).octets
    report = b"<e:Envelope><m:MessageID> m&amp;1 </m:MessageID></e:Envelope>"
    assert read(Said("DeliveryReportReq", "t2", "", report, 0), False).names == ("t2", "m&1")


def test_an_answer_has_its_status() -> None:
    """With the name of the operation, and the transaction by which the two are one."""
    answer = CancelRsp(status=Status.of(StatusCode.SUCCESS))
    body = b"".join(write_message(answer, "t1", Dialect()).chunks)
    shown = read(said(answer, "t1", body), False)
    assert (shown.what, shown.sequence) == ("CancelRsp", "t1")
    assert shown.status.startswith("1000")
    assert b"Envelope" in shown.octets
    assert read(said(CancelReq(message_id="m"), "t1", b"not XML"), False).octets == b""
