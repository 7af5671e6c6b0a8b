"""Bodies that were made to hurt. Each ends in a value or in our own error, and soon."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from magpie.protocols import mm7
from magpie.protocols.mm7 import read_capture, read_message

INNER = (
    "<Envelope>{}<Header><TransactionID>t</TransactionID></Header><Body><SubmitReq><Recipients><To>"
    "<Number>1</Number></To></Recipients><Subject>{}</Subject>{}</SubmitReq></Body></Envelope>"
)
XML = INNER.format("", "hi", "").encode()
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(10))
SPACES = " ".join(f'xmlns:n{n}="urn:{n}"' for n in range(10_000))
RELATED = 'multipart/related; boundary=b; type="text/xml"'


def nested(depth: int) -> bytes:
    body = b"".join(
        b"--%d.\r\nContent-Type: multipart/mixed; boundary=%d.\r\n\r\n" % (n, n + 1)
        for n in range(depth)
    )
    return body.replace(b"--0.", b"--b", 1)


REFUSED = {
    "nothing": b"",
    "no XML": b"hello",
    "cut short": XML[:-20],
    "billion laughs": f"<!DOCTYPE x [{LAUGHS}]>{INNER.format('', '&l9;', '')}".encode(),
    "quadratic": f'<!DOCTYPE x [<!ENTITY a "{"a" * 50_000}">]><x>{"&a;" * 50_000}</x>'.encode(),
    "external DTD": b'<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd">' + XML,
    "external entity": b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
    "parameter entity": b'<!DOCTYPE x [<!ENTITY % e SYSTEM "file:///etc/passwd"> %e;]><x/>',
    "undeclared entity": INNER.format("", "&e;", "").encode(),
    "1 MB attribute": f'<Envelope a="{"a" * 1_000_000}"/>'.encode(),
    "2 MB": INNER.format("", "a" * 2_000_000, "").encode(),
    "deep": b"<Envelope>" + b"<a>" * 100_000,
    "many": b"<Envelope>" + b"<a/>" * 100_000 + b"</Envelope>",
    "NUL": XML.replace(b"hi", b"\0"),
    "UTF-7 markup": b'<?xml version="1.0" encoding="UTF-7"?>+ADw-Envelope+AD4-',
    "UTF-16 declared only": '<?xml version="1.0" encoding="UTF-16"?>é'.encode("latin-1"),
    "UTF-16 cut": b"\xff\xfe<",
    "wrong root": b"<html><body>Error</body></html>",
    "prefix not bound": b"<e:Envelope/>",
    "attribute twice": b'<Envelope a="1" a="2"/>',
}
READ = {
    "XInclude": INNER.format(
        '<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>', "hi", ""
    ).encode(),
    "PI": b'<?xml-stylesheet href="file:///etc/passwd"?>' + XML.replace(b"hi", b"<?x y?>hi"),
    "10,000 namespaces": XML.replace(b"<SubmitReq>", f"<SubmitReq {SPACES}>".encode()),
    "UTF-7 declared": b'<?xml version="1.0" encoding="UTF-7"?>' + XML,
    "UTF-16 declared": b'<?xml version="1.0" encoding="UTF-16"?>' + XML,
    "UTF-16": ('<?xml version="1.0" encoding="UTF-16"?>' + XML.decode()).encode("utf-16"),
    "a codec that is no charset": b'<?xml version="1.0" encoding="bz2_codec"?>' + XML,
    "CDATA": XML.replace(b"hi", b"<![CDATA[hi]]>"),
    "schema location": XML.replace(
        b"<SubmitReq>", b'<SubmitReq xmlns:x="urn:x" x:schemaLocation="http://127.0.0.1/">'
    ),
}
BODIES = {
    "nested 1,000 deep": nested(1000),
    "only a boundary": b"--b\r\n",
    "closed at once": b"--b--",
    "boundaries alone": b"--b\r\n" * 100_000,
    "garbage in base64": b"--b\r\nContent-Transfer-Encoding: base64\r\n\r\n\xff\xff=\r\n--b--",
    "no envelope": b"--b\r\nContent-Type: image/gif\r\n\r\nGIF\r\n--b--",
    "headers without an end": b"--b\r\nX: " + b"y" * 1_000_000,
    "envelope too large": b"--b\r\n\r\n<a>" + b" " * 2_000_000,
}


def quickly(content_type: str, body: bytes) -> mm7.Message | mm7.ReadError:
    begun = time.process_time()
    try:
        return read_message(content_type, body)
    except mm7.ReadError as error:
        mm7.refusal(error, mm7.Role.RELAY)
        return error
    finally:
        assert time.process_time() - begun < 1


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    """No entity is expanded, no file and no address is opened, no limit passed."""
    assert isinstance(quickly("text/xml", REFUSED[name]), mm7.ReadError)


@pytest.mark.parametrize("name", READ)
def test_read_all_the_same(name: str) -> None:
    """What does no harm is not followed, and the message is read."""
    found = quickly("text/xml", READ[name])
    assert isinstance(found, mm7.Message)
    assert isinstance(found.operation, mm7.SubmitReq)
    assert found.operation.subject == "hi"


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("content_type", [RELATED, "multipart/related", "text/xml"])
def test_bodies(name: str, content_type: str) -> None:
    """Multipart bodies without a message in them."""
    assert isinstance(quickly(content_type, BODIES[name]), mm7.ReadError)


def test_duplicate_parts_and_wrong_ids() -> None:
    """The first envelope counts, and the content is what is left."""
    part = b"--b\r\nContent-ID: <a>\r\nContent-Type: text/xml\r\n\r\n%b\r\n"
    found = quickly(RELATED + "; start=nowhere", part % XML * 2 + part % b"x" + b"--b--")
    assert isinstance(found, mm7.Message)
    assert found.content is not None
    assert [one.body for one in mm7.leaves(found.content)] == [XML, b"x"]


@pytest.mark.parametrize("transaction", ["a&#13;&#10;X: 1", "&#10;", "a" * 100_000, "\u202e"])
def test_transaction_ids(transaction: str) -> None:
    """Whatever it says, an answer with it has clean headers and is read again."""
    document = XML.decode().replace(">t<", f">{transaction}<").encode()
    found = quickly("text/xml", document)
    if isinstance(found, mm7.ReadError):
        assert found.status == 2007
        return
    answer = mm7.write_message(
        mm7.SubmitRsp(status=mm7.Status.of(1000)), found.transaction_id, mm7.Dialect()
    )
    assert all("\n" not in value for _, value in answer.headers)
    again = quickly(answer.headers[0][1], b"".join(answer.chunks))
    assert isinstance(again, mm7.Message)
    assert again.transaction_id == found.transaction_id


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_mutations(data: st.DataObject) -> None:
    """A good message with octets changed, cut or doubled."""
    whole = bytearray(b"--b\r\nContent-Type: text/xml\r\n\r\n%b\r\n--b\r\n\r\nx\r\n--b--" % XML)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(whole) - 1))
        whole[at : at + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=4))
    quickly(RELATED, bytes(whole))


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_octets(octets: bytes) -> None:
    """As a capture, too."""
    for body in (octets, b"POST / HTTP/1.1\r\n" + octets, b"<?xml" + octets):
        with pytest.raises(mm7.ReadError):
            read_capture(body)
