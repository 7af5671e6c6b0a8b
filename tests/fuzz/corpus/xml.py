"""Documents of MM7 and TwiML, and presentations that are hardly XML."""

from typing import Final

from tests.fuzz.outcome import Cases, Outcome

_MM7: Final = (
    b'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Header>'
    b"<TransactionID>T</TransactionID></e:Header><e:Body><SubmitReq><MM7Version>6.8.0</MM7Version>"
    b"<Recipients><To><Number>+15558675310</Number></To></Recipients><Subject>hi</Subject>"
    b"</SubmitReq></e:Body></e:Envelope>"
)
_LAUGHS: Final = b"".join(
    b'<!ENTITY l%d "%b">' % (n, b"&l%d;" % (n - 1) * 10 if n else b"ha") for n in range(10)
)
_INCLUDE: Final = (
    b'<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>'
)
_SPACES: Final = b" ".join(b'xmlns:n%d="urn:%d"' % (n, n) for n in range(10_000))
_TYPE: Final = b"text/xml\n"
_RELATED: Final = b'multipart/related; boundary=b; start="<a>"; type="text/xml"\n'
_ROOT: Final = b"--b\r\nContent-Type: text/xml\r\nContent-ID: <a>\r\n\r\n" + _MM7 + b"\r\n"
_IMAGE: Final = b"--b\r\nContent-Type: image/gif\r\nContent-ID: <c>\r\n\r\nGIF89a\r\n"
_LAST: Final = b"--b--\r\n"
_STATUS: Final = b"<Status><StatusCode>1000</StatusCode><StatusText>Success</StatusText></Status>"
_ANSWER: Final = _MM7.replace(b"SubmitReq", b"SubmitRsp").replace(b"<Subject>hi</Subject>", _STATUS)


def entities(document: bytes) -> dict[str, bytes]:
    """What no reader may expand, fetch or follow, before or inside of a document."""
    return {
        "billion laughs": b"<!DOCTYPE x [" + _LAUGHS + b"]>" + document.replace(b"hi", b"&l9;"),
        "quadratic": b'<!DOCTYPE x [<!ENTITY a "'
        + b"a" * 9000
        + b'">]><x>'
        + b"&a;" * 9000
        + b"</x>",
        "an external DTD": b'<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd">' + document,
        "an external entity": b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
        + document.replace(b"hi", b"&e;"),
        "a parameter entity": b'<!DOCTYPE x [<!ENTITY % e SYSTEM "file:///etc/passwd"> %e;]>'
        + document,
        "an entity that nobody declared": document.replace(b"hi", b"&e;"),
        "cut short": document[:-20],
        "no XML": b"hello",
        "NUL": document.replace(b"hi", b"\0"),
        "octets that are no UTF-8": document.replace(b"hi", b"\xc3\x28\xff"),
        "HTML": b"<html><body>502 Bad Gateway<br></body></html>",
        "a prefix that nobody bound": b"<e:Envelope/>",
        "an attribute twice": b'<Envelope a="1" a="2"/>',
        "markup in UTF-7": b'<?xml version="1.0" encoding="utf-7"?>+ADw-a/+AD4-',
    }


_MM7_KEPT: Final = {
    "SubmitReq": _MM7,
    "SubmitRsp": _ANSWER,
    "a fault": _MM7.replace(b"SubmitReq", b"Fault"),
    "a processing instruction": b"<?xml-stylesheet href='a'?>" + _MM7.replace(b"hi", b"<?x y?>hi"),
    "XInclude": _MM7.replace(b"<e:Header>", b"<e:Header>" + _INCLUDE),
    "10,000 namespaces": _MM7.replace(b"<SubmitReq>", b"<SubmitReq " + _SPACES + b">"),
    "an attribute of 900 kB": _MM7.replace(
        b"<SubmitReq>", b"<SubmitReq a='" + b"x" * 900_000 + b"'>"
    ),
    "UTF-7 declared": b'<?xml version="1.0" encoding="UTF-7"?>' + _MM7,
    "UTF-16 declared": b'<?xml version="1.0" encoding="UTF-16"?>' + _MM7,
    "UTF-16": ('<?xml version="1.0" encoding="UTF-16"?>' + _MM7.decode()).encode("utf-16"),
    "a codec that is no charset": b'<?xml version="1.0" encoding="bz2"?>' + _MM7,
    "CDATA": _MM7.replace(b"hi", b"<![CDATA[<hi>]]>"),
    "CR and LF in the transaction": _MM7.replace(b">T<", b">T&#13;&#10;X: 1<"),
    "1,000 recipients": _MM7.replace(b"<To>", b"<To>" + b"<Number>+1</Number>" * 999),
    "numbers that are none": _ANSWER.replace(b"1000", b"9" * 500),
    "moments that are none": _MM7.replace(
        b"<Subject>", b"<ExpiryDate>P9999999Y</ExpiryDate><TimeStamp>tomorrow</TimeStamp><Subject>"
    ),
    "no namespace, no case": _MM7.replace(b"SubmitReq", b"SUBMITREQ"),
}
_MM7_REFUSED: Final = {
    **entities(_MM7),
    "an attribute of 1 MB": b"<a b='" + b"x" * 2**20 + b"'/>",
    "500 deep": b"<a>" * 500,
    "100,000 elements": b"<Envelope>" + b"<a/>" * 100_000 + b"</Envelope>",
    "no transaction": _MM7.replace(b"TransactionID", b"Other"),
    "no recipients": _MM7.replace(b"Recipients", b"Other"),
    "an operation of no table": _MM7.replace(b"SubmitReq", b"WhatReq"),
    "nothing": b"",
}
MM7_SOAP: Final[Cases] = {
    Outcome.KEPT: {
        **{name: _TYPE + document for name, document in _MM7_KEPT.items()},
        "a picture beside it": _RELATED + _ROOT + _IMAGE + _LAST,
        "a picture before it": _RELATED + _IMAGE + _ROOT + _LAST,
        "two pictures": _RELATED + _ROOT + _IMAGE * 2 + _LAST,
        "two envelopes": _RELATED + _ROOT * 2 + _LAST,
        "a wrong Content-ID": _RELATED.replace(b"<a>", b"nowhere") + _ROOT + _IMAGE + _LAST,
        "no boundary in the header": b"multipart/related\n" + _ROOT + _IMAGE + _LAST,
        "no multipart in the header": _TYPE + _ROOT + _IMAGE + _LAST,
        "a boundary in the picture": _RELATED + _ROOT + _IMAGE.replace(b"89a", b"--b") + _LAST,
        "CR and LF in a Content-ID": _RELATED
        + _ROOT
        + _IMAGE.replace(b"<c>", b"<c\n X: 1>")
        + _LAST,
        "base64 of garbage": _RELATED
        + _ROOT
        + b"--b\r\nContent-Transfer-Encoding: base64\r\n\r\n\xff=\xff=a\r\n"
        + _LAST,
    },
    Outcome.REFUSED: {
        **{name: _TYPE + document for name, document in _MM7_REFUSED.items()},
        "no envelope among the parts": _RELATED + _IMAGE + _LAST,
        "a multipart without a part": _RELATED + _LAST,
        "parts 1,000 deep": b"multipart/related; boundary=0.\n"
        + b"".join(
            b"--%d.\r\nContent-Type: multipart/mixed; boundary=%d.\r\n\r\n" % (n, n + 1)
            for n in range(1000)
        ),
    },
    Outcome.READ: {
        "a carriage return in a Content-ID": _RELATED
        + _ROOT
        + _IMAGE.replace(b"<c>", b"<c\rX: 1>")
        + _LAST,
    },
}

_TWIML: Final = b"<Response><Message><Body>hi</Body><Media>/a.png</Media></Message></Response>"
_FULL: Final = (
    b'<Response><Message to="+1" from="+2" method="GET" statusCallback="/s">a&#13;b</Message>'
    b'<Redirect method="GET">http://customer.example/again</Redirect></Response>'
)
_TWIML_KEPT: Final = {
    "a reply": _TWIML,
    "all that there is": _FULL,
    "nothing": b"",
    "no verb": b"<Response/>",
    "a redirect to itself": b"<Response><Redirect>/in</Redirect></Response>",
    "10,000 verbs": b"<Response>" + b"<Sms/>" * 10_000 + b"</Response>",
    "a thousand verbs of speech": b"<Response>" + b"<Say>hi</Say>" * 1000 + b"</Response>",
    "a text of 60 kB": _TWIML.replace(b"hi", b"x" * 60_000),
    "a URL that is none": _TWIML.replace(b"/a.png", b"http://["),
    "a URL with a line feed": _TWIML.replace(b"/a.png", b"/a&#10;Host: b"),
    "XInclude": _TWIML.replace(b"<Message>", _INCLUDE + b"<Message>"),
    "a processing instruction": b"<?php x?>" + _TWIML,
    "UTF-16": ('<?xml version="1.0" encoding="UTF-16"?>' + _TWIML.decode()).encode("utf-16"),
    "UTF-7 declared": b'<?xml version="1.0" encoding="utf-7"?>' + _TWIML,
    "deep": b"<Response>" + b"<Message>" * 500 + b"</Message>" * 500 + b"</Response>",
}
TWIML_ANSWER: Final[Cases] = {
    Outcome.KEPT: {name: _TYPE + document for name, document in _TWIML_KEPT.items()},
    Outcome.REFUSED: {
        **{name: _TYPE + document for name, document in entities(_TWIML).items()},
        "66 kB": _TYPE + _TWIML.replace(b"hi", b"x" * 66_000),
        "another root": _TYPE + b"<response/>",
        "XML 1.1": _TYPE + b'<?xml version="1.1"?>' + _TWIML,
        "a picture": b"image/png\n\x89PNG",
        "no content type": b"\n" + _TWIML,
        "JSON": b'application/json\n{"body": "hi"}',
    },
    Outcome.READ: {
        "a text": b"text/plain\nhi",
        "a text of octets": b"text/plain; charset=latin1\n\xff\xfe",
        "XML that calls itself HTML": b"text/html\n" + _TWIML,
    },
}

_SMIL: Final = (
    b'<smil><head><layout><region id="Image"/></layout></head><body>'
    b'<par dur="5s"><img src="a.jpg" region="Image"/><text src="cid:b"/></par></body></smil>'
)
_IMG: Final = b'<img src="a.jpg"/>'
SMIL_SLIDES: Final[Cases] = {
    Outcome.KEPT: {
        "a slide": _SMIL,
        "a byte order mark": b"\xef\xbb\xbf" + _SMIL,
        "UTF-16": _SMIL.decode().encode("utf-16"),
        "octets that are no UTF-8": _SMIL.replace(b"a.jpg", b"a\xff.jpg"),
        "an ampersand alone": _SMIL.replace(b"a.jpg", b"a&b.jpg"),
        "tags that stay open": b"<par>" + _IMG[:-2] + b">" + b"<par><text src=b>",
        "an entity": b'<!DOCTYPE smil [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
        + _SMIL.replace(b"a.jpg", b"&e;"),
        "a source outside": _SMIL.replace(b"a.jpg", b"http://127.0.0.1/a.jpg"),
        "a path upwards": _SMIL.replace(b"a.jpg", b"../../etc/passwd"),
        "a script": _SMIL.replace(b"a.jpg", b"&#34;&gt;&lt;script&gt;"),
        "a control character": _SMIL.replace(b"a.jpg", b"a&#1;&#xFFFE;.jpg"),
        "a surrogate": _SMIL.replace(b"a.jpg", b"a&#xD800;.jpg"),
        "a slide of a hundred years": _SMIL.replace(b"5s", b"999999999s"),
        "101 slides": b"<par>" + b"</par><par>".join([_IMG] * 101) + b"</par>",
        "1,000 media in a slide": b"<par>" + _IMG * 1000 + b"</par>",
    },
    Outcome.READ: {
        "nothing": b"",
        "no slide": b"<smil/>",
        "no tag": b"hello",
        "a comment that stays open": b"<!--" + _SMIL,
        "65 kB": _SMIL + b" " * 65_536,
        "angle brackets": b"<" * 60_000,
        "quotation marks": b'<img src="' * 6_000,
    },
}
