"""What bytes mean, without a running Magpie."""

import io
import json
from pathlib import Path

import pytest
from tests.pairs.carrier_smpp import address, receipt_for

from magpie.cli.entry import run
from magpie.cli.failed import Exit
from magpie.protocols import smpp

BIND = smpp.BindTransceiver(system_id="magpie", password="s3cret", sequence=1)
SUBMIT = smpp.SubmitSm(sequence=2, source=address("+15017122661"), short_message=b"hello")
RECEIPT = receipt_for("id42", smpp.MessageState.DELIVERED)
MM7 = b"""<env:Envelope xmlns:env="http://schemas.xmlsoap.org/soap/envelope/"><env:Header>
<TransactionID xmlns="http://www.3gpp.org/ftp/Specs/archive/23_series/23.140/schema/REL-6-MM7-1-4"
>t1</TransactionID></env:Header><env:Body>
<CancelReq xmlns="http://www.3gpp.org/ftp/Specs/archive/23_series/23.140/schema/REL-6-MM7-1-4">
<MM7Version>6.8.0</MM7Version><MessageID>m1</MessageID></CancelReq></env:Body></env:Envelope>"""


def test_pdus_one_after_the_other(capsys: pytest.CaptureFixture[str]) -> None:
    """As they stand in a capture; a password is not shown, a text and a receipt are read."""
    octets = b"".join(map(smpp.encode, (BIND, SUBMIT, RECEIPT)))
    assert run(["smpp", "decode", octets.hex(" ")]) == Exit.OK
    out = capsys.readouterr().out
    assert "BindTransceiver 1, ESME_ROK" in out
    assert "s3cret" not in out
    assert "source: 1/1 15017122661" in out
    assert "text: 'hello'" in out
    assert "state: DELIVERED" in out
    assert run(["smpp", "decode", smpp.encode(SUBMIT).hex(), "-o", "json"]) == Exit.OK
    [told] = json.loads(capsys.readouterr().out)
    assert (told["what"], told["text"]) == ("SubmitSm", "hello")


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("xyz", Exit.USAGE, "not hexadecimal"),
        (" ", Exit.USAGE, "nothing to decode"),
        ("00", Exit.FAILURE, "no PDU"),
        ("00000002000000150000000000000001", Exit.FAILURE, "its length says 2"),
        ("ffffffff000000150000000000000001", Exit.FAILURE, "16 octets are there"),
    ],
)
def test_what_is_no_pdu(
    text: str, code: int, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A sentence, and no traceback."""
    assert run(["smpp", "decode", text]) == code
    assert says in capsys.readouterr().err


@pytest.mark.parametrize(
    ("octets", "told"),
    [
        # Of 5.0, and of nobody.
        (bytes.fromhex("00000010000000990000000000000001"), ["0x00000099 1", "RINVCMDID"]),
        # A source of 30 digits, behind a service type.
        (
            bytes.fromhex("00000037000000040000000000000007")
            + b"CMT\0\1\1"
            + b"9" * 30
            + b"\0\1\1",
            ["submit_sm 7", "service type: CMT", "RINVSRCADR in submit_sm source"],
        ),
        # The end of a capture.
        (smpp.encode(SUBMIT)[:-3], ["submit_sm 2", "its length says", "source: 1/1 15017122661"]),
        (
            smpp.encode(smpp.EnquireLink(sequence=3)) + smpp.encode(SUBMIT)[:20],
            ["EnquireLink 3", "submit_sm 2", "20 octets are there"],
        ),
    ],
)
def test_a_broken_pdu(octets: bytes, told: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """It is told as far as it goes, with what is wrong; the command fails."""
    assert run(["smpp", "decode", octets.hex()]) == Exit.FAILURE
    out, err = capsys.readouterr()
    assert [one for one in told if one not in out] == []
    assert "a PDU is broken" in err


def test_pdus_from_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A capture is longer than a command line may be."""
    monkeypatch.setattr("sys.stdin", io.StringIO(smpp.encode(SUBMIT).hex("\n")))
    assert run(["smpp", "decode", "-"]) == Exit.OK
    assert "text: 'hello'" in capsys.readouterr().out


def test_a_message_of_mm1_in_hexadecimal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As `carriers trace --hex` shows it; what is none says so, and fails."""
    file = tmp_path / "send.hex"
    file.write_text("8c 80 98 54 00 8d 92 89 01 81\n97 2b 31 35 35 35 00\n")
    assert run(["mm1", "decode", str(file)]) == Exit.OK
    assert "send-req" in capsys.readouterr().out
    for content in (b"", b"no message\n", b"\xa4\x2d\x10"):
        file.write_bytes(content)
        assert run(["mm1", "decode", str(file)]) == Exit.FAILURE
        assert "it has no X-Mms-Message-Type" in capsys.readouterr().err


def test_a_message_of_mm7(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """From a file, and from standard input."""
    file = tmp_path / "cancel.xml"
    file.write_bytes(MM7)
    assert run(["mm7", "decode", str(file)]) == Exit.OK
    assert "CancelReq" in capsys.readouterr().out
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(MM7)))
    assert run(["mm7", "decode", "-"]) == Exit.OK
    assert "t1" in capsys.readouterr().out
    file.write_bytes(b"nothing of the kind")
    assert run(["mm7", "decode", str(file)]) == Exit.FAILURE
    assert "no message of MM7" in capsys.readouterr().err
    assert run(["mm7", "decode", str(tmp_path / "gone")]) != Exit.OK


def test_a_pdu_of_mm1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """X-Mms-Message-Type, transaction and version of an m-acknowledge-ind."""
    file = tmp_path / "ack.bin"
    file.write_bytes(bytes.fromhex("8c85 98 7431 00 8d92".replace(" ", "")))
    assert run(["mm1", "decode", str(file)]) == Exit.OK
    assert "t1" in capsys.readouterr().out


@pytest.mark.parametrize("kind", ["mm7", "mm1"])
def test_a_file_that_is_not_there(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    """It is said so; there is nothing to report to anybody."""
    assert run([kind, "decode", "/not/there"]) == Exit.NOT_FOUND
    told = capsys.readouterr().err
    assert "/not/there cannot be opened" in told
    assert "report" not in told
