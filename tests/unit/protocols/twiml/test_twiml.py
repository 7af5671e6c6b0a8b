from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.twiml.messaging_response import Message, MessagingResponse

from magpie.protocols.twiml import (
    MOST_BYTES,
    MOST_WARNINGS,
    Document,
    Redirect,
    SendReply,
    TwimlError,
    parse,
)

URL = "https://h.example/dir/sms?x=1"
XML = "text/xml"


def read(inner: str) -> Document:
    return parse(f"<Response>{inner}</Response>".encode(), XML, URL)


def reply(inner: str) -> SendReply:
    [only] = read(inner).actions
    assert isinstance(only, SendReply)
    return only


def codes(document: Document) -> list[int]:
    return [warning.code for warning in document.warnings]


def refusal(answer: bytes, content_type: str | None = XML) -> int:
    with pytest.raises(TwimlError) as raised:
        parse(answer, content_type, URL)
    return raised.value.code


@pytest.mark.parametrize(
    "content_type",
    ["text/xml", "application/xml", "text/html", "TEXT/XML", "text/xml; charset=utf-8"],
)
def test_three_types_are_twiml(content_type: str) -> None:
    """TwiML comes as XML or, as many frameworks have it, as HTML."""
    found = parse(b"<Response><Message>Hi</Message></Response>", content_type, URL)
    assert found == Document((SendReply("Hi"),))


def test_plain_text_is_a_reply() -> None:
    """What is no TwiML but plain text is sent as it is."""
    found = parse("Grüße <b>\n".encode(), "text/plain; charset=utf-8", URL)
    assert found.actions == (SendReply("Grüße <b>"),)


@pytest.mark.parametrize("content_type", [None, "", "text/xml", "application/json", "text/plain"])
@pytest.mark.parametrize("answer", [b"", b" \r\n\t"])
def test_an_empty_answer_does_nothing(answer: bytes, content_type: str | None) -> None:
    """Whoever does not want to reply answers with nothing, of whatever type."""
    assert parse(answer, content_type, URL) == Document()


@pytest.mark.parametrize(
    "answer", [b"<Response/>", b'<?xml version="1.0"?>\n<Response></Response>']
)
def test_an_empty_response_does_nothing(answer: bytes) -> None:
    """A Response without verbs is valid."""
    assert parse(answer, XML, URL) == Document()


def test_a_message_in_full() -> None:
    """All attributes and nouns are read, and relative addresses follow the document's."""
    found = reply(
        '<Message to="+15550001" from="+15550002" action="/done#rc=2" method="get" '
        'statusCallback="../status"><Body>Hello\n  there</Body>'
        "<Media>https://m.example/a.jpg</Media><Media> b.png </Media></Message>"
    )
    assert found == SendReply(
        body="Hello\n  there",
        media=("https://m.example/a.jpg", "https://h.example/dir/b.png"),
        to="+15550001",
        sender="+15550002",
        action="https://h.example/done#rc=2",
        method="GET",
        status_callback="https://h.example/status",
    )


@pytest.mark.parametrize(
    ("inner", "body"),
    [
        ("<Message>Hi</Message>", "Hi"),
        ("<Sms>Hi</Sms>", "Hi"),
        ("<Message>\n  Hi\n  you\n</Message>", "Hi\n  you"),
        ("<Message>a &lt; b &amp; c</Message>", "a < b & c"),
        ("<Message><![CDATA[<b>]]></Message>", "<b>"),
        ("<Message>a<!-- no -->b<?p i?>c</Message>", "abc"),
        ("<Message><Body>a</Body><Body>b</Body></Message>", "ab"),
        ("<Message>See<Media>https://m.example/a</Media> this</Message>", "See this"),
        ("<Message>&#128512;</Message>", "\N{GRINNING FACE}"),
    ],
)
def test_bodies(inner: str, body: str) -> None:
    """A body is text or a Body, without the white space around it."""
    found = read(inner)
    assert [action.body for action in found.actions if isinstance(action, SendReply)] == [body]
    assert found.warnings == ()


def test_media_alone_is_a_message() -> None:
    """A picture needs no words."""
    found = reply("<Message><Media>https://m.example/a.jpg</Media></Message>")
    assert (found.body, found.media, found.refused) == ("", ("https://m.example/a.jpg",), None)


@pytest.mark.parametrize(
    ("inner", "redirect"),
    [
        ("<Redirect>https://o.example/x</Redirect>", Redirect("https://o.example/x")),
        ("<Redirect> next?a=1 </Redirect>", Redirect("https://h.example/dir/next?a=1")),
        ('<Redirect method="GET">//o.example/</Redirect>', Redirect("https://o.example/", "GET")),
        ("<Redirect>?y</Redirect>", Redirect("https://h.example/dir/sms?y")),
    ],
)
def test_redirects(inner: str, redirect: Redirect) -> None:
    """A redirect names the next document, absolute or relative."""
    assert read(inner) == Document((redirect,))


def test_nothing_follows_a_redirect() -> None:
    """Verbs after a redirect are unreachable, and so are their mistakes."""
    found = read("<Message>1</Message><Redirect>/x</Redirect><Message>2</Message><Play/>")
    assert found == Document((SendReply("1"), Redirect("https://h.example/x")))


def test_nothing_follows_a_message_with_an_action() -> None:
    """The answer of the action takes over from its document."""
    found = read('<Message action="/x">1</Message><Message>2</Message>')
    assert [type(action) for action in found.actions] == [SendReply]


@pytest.mark.parametrize(
    ("inner", "warnings", "actions"),
    [
        ("<Say>Hi</Say>", [14110], 0),
        ("<message>Hi</message>", [14110], 0),
        ("<Play/><Message>Hi</Message><Dial/>", [14110, 14110], 1),
        ('<x:Message xmlns:x="urn:x">Hi</x:Message>', [14110], 0),
        ("Hello", [12200], 0),
        ("<Message>Hi</Message>there", [12200], 1),
        ('<Message colour="red">Hi</Message>', [12200], 1),
        ('<Message To="+1555">Hi</Message>', [12200], 1),
        ("<Message>Hi<Image>x</Image></Message>", [12200], 1),
        ("<Message>Hi<Body>there</Body></Message>", [12200], 1),
        ("<Message><Body>Hi<b>!</b></Body></Message>", [12200], 1),
        ('<Message><Body lang="de">Hi</Body></Message>', [12200], 1),
        ("<Message>Hi<Media>ftp://m.example/a</Media></Message>", [12200], 1),
        ("<Message>Hi<Media></Media></Message>", [12200], 1),
        ("<Message>Hi<Media>http://[</Media></Message>", [12200], 1),
        ("<Message>Hi" + "<Media>a</Media>" * 11 + "</Message>", [12200], 1),
        ('<Message method="PUT">Hi</Message>', [14104], 1),
        ('<Message action="">Hi</Message>', [14105], 1),
        ('<Message action="mailto:a@b">Hi</Message>', [14105], 1),
        ('<Message statusCallback="http://">Hi</Message>', [14105], 1),
        ("<Message></Message>", [14103], 1),
        ("<Message>   </Message>", [14103], 1),
        ("<Message><Body/></Message>", [14103], 1),
        ("<Message>" + "a" * 1601 + "</Message>", [14103], 1),
        ("<Message>" + "a" * 1600 + "</Message>", [], 1),
        ("<Redirect></Redirect>", [11100], 0),
        ("<Redirect>javascript:x</Redirect><Message>Hi</Message>", [11100], 1),
        ('<Redirect method="PUT">/x</Redirect>', [14104], 1),
        ("<Message>Hi</Message>" * 10, [], 10),
        ("<Message>Hi</Message>" * 12, [14109], 10),
        ("<Message>Hi</Message>" * 12 + "<Redirect>/x</Redirect>", [14109], 11),
    ],
)
def test_mistakes_are_warnings(inner: str, warnings: list[int], actions: int) -> None:
    """What is wrong in one place is told and skipped, and the rest still counts."""
    found = read(inner)
    assert (codes(found), len(found.actions)) == (warnings, actions)


def test_unknown_attributes_of_the_root_are_told() -> None:
    """The root has no attributes."""
    assert codes(parse(b'<Response a="1"/>', XML, URL)) == [12200]


@pytest.mark.parametrize("body", ["", "a" * 1601])
def test_a_refused_reply_still_names_its_action(body: str) -> None:
    """The action hears that the reply was invalid, so the reply is not simply left out."""
    found = reply(f'<Message action="/x">{body}</Message>')
    assert (found.refused, found.action) == (14103, "https://h.example/x")


def test_a_plain_text_too_long_is_refused() -> None:
    """Plain text has the limit of a body."""
    found = parse(b"a" * 1601, "text/plain", URL)
    assert codes(found) == [14103]


@pytest.mark.parametrize(
    ("answer", "content_type", "code"),
    [
        (b"<Response><Message>Hi</Response>", XML, 12100),
        (b"Hello", XML, 12100),
        (b"<Response/><Response/>", XML, 12100),
        (b' <?xml version="1.0"?><Response/>', XML, 12100),
        (b"<Response>&nbsp;</Response>", XML, 12100),
        (b"<Response>a & b</Response>", XML, 12100),
        (b"<Response>\x00</Response>", XML, 12100),
        (b"<Response>\x0b</Response>", XML, 12100),
        (b"<Response><Message>\xff</Message></Response>", XML, 12100),
        (b"\xed\xa0\x80<Response/>", XML, 12100),
        (b"<Response><x:Message/></Response>", XML, 12100),
        (b"<!DOCTYPE html><html><body>Not found</body></html>", "text/html", 12100),
        (b"<html><body><p>Sorry<br></body></html>", "text/html", 12100),
        (b"<html><body>Sorry</body></html>", "text/html", 12102),
        (b"<response/>", XML, 12102),
        (b"<Message>Hi</Message>", XML, 12102),
        (b'<Response xmlns="urn:x"/>', XML, 12102),
        (b'<?xml version="1.1"?><Response/>', XML, 12101),
        (b'<?xml version="2.0"?><Response/>', XML, 12101),
        (b"<Response/>", None, 12300),
        (b"<Response/>", "application/json", 12300),
        (b"<Response/>", "text/xmlish", 12300),
        (b"<Response/>", "image/png", 12300),
        (b"\xff\xfe\xfd", "text/plain; charset=utf-8", 12100),
        (b" " * (MOST_BYTES + 1), XML, 11750),
        (b"x" * (MOST_BYTES + 1), "image/png", 11750),
    ],
)
def test_unreadable_documents(answer: bytes, content_type: str | None, code: int) -> None:
    """A document which cannot be read at all says by its code why."""
    assert refusal(answer, content_type) == code


ENTITIES = [
    b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><Response><Sms>&x;</Sms></Response>',
    b'<!DOCTYPE r [<!ENTITY x SYSTEM "http://127.0.0.1:1/">]><Response><Sms>&x;</Sms></Response>',
    b'<!DOCTYPE r SYSTEM "http://127.0.0.1:1/x.dtd"><Response/>',
    b'<!DOCTYPE r [<!ENTITY % p SYSTEM "file:///dev/zero"> %p;]><Response/>',
    b'<!DOCTYPE r [<!ENTITY a "lol">'
    + b"".join(
        b'<!ENTITY %c "%s">' % (letter, b"&%c;" % (letter - 1) * 10) for letter in b"bcdefghij"
    )
    + b"]><Response><Message>&j;</Message></Response>",
    b'<!DOCTYPE r [<!ENTITY a "'
    + b"a" * 30000
    + b'">]><Response>'
    + b"&a;" * 9000
    + b"</Response>",
    b"<!DOCTYPE Response><Response/>",
]


@pytest.mark.parametrize("answer", ENTITIES)
def test_document_types_are_refused(answer: bytes) -> None:
    """No entity is ever expanded or fetched, since no document type is read."""
    assert refusal(answer) == 12100


@pytest.mark.parametrize(
    ("answer", "content_type", "body"),
    [
        ("é".encode("latin-1"), "text/xml; charset=iso-8859-1", "é"),
        ("\u20ac".encode("cp1252"), 'text/xml; charset="windows-1252"', "\u20ac"),
        ("é".encode(), "text/xml; charset=made-up", "é"),
        ("é".encode(), "text/xml; charset=unicode_escape", "é"),
        ("é".encode(), "text/xml", "é"),
    ],
)
def test_character_sets_of_the_header(answer: bytes, content_type: str, body: str) -> None:
    """The header's character set counts; what is none is read as UTF-8."""
    found = parse(b"<Response><Sms>" + answer + b"</Sms></Response>", content_type, URL)
    assert found.actions == (SendReply(body),)


@pytest.mark.parametrize("encoding", ["iso-8859-1", "utf-8", "windows-1252", "utf-16"])
def test_character_sets_of_the_declaration(encoding: str) -> None:
    """Without a character set in the header the declaration or the byte order mark counts."""
    text = f"<?xml version='1.0' encoding='{encoding}'?><Response><Sms>é</Sms></Response>"
    assert parse(text.encode(encoding), XML, URL).actions == (SendReply("é"),)


def test_the_header_wins_over_the_declaration() -> None:
    """A document that was transcoded on its way is read as it came."""
    text = "<?xml version='1.0' encoding='iso-8859-1'?><Response><Sms>é</Sms></Response>"
    found = parse(text.encode(), "text/xml; charset=utf-8", URL)
    assert found.actions == (SendReply("é"),)


def test_ten_thousand_verbs_are_few_actions_and_few_warnings() -> None:
    """The size of what is kept does not follow the size of a hostile document."""
    found = read("<A/>" * 10_000 + "<Sms>a</Sms>" * 1000)
    assert (len(found.warnings), len(found.actions)) == (MOST_WARNINGS, 10)


def test_deep_nesting_is_survived() -> None:
    """A document that only goes deeper is read, or refused, without harm."""
    depth = 9000
    with suppress(TwimlError):
        assert read("<a>" * depth + "</a>" * depth).actions == ()


texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=40)


@given(st.lists(st.tuples(texts, st.sampled_from([None, "/x", "https://o.example/y"])), max_size=5))
def test_what_the_official_sdk_writes_is_read(messages: list[tuple[str, str | None]]) -> None:
    """Documents made with the SDK's own builder come back as they were meant."""
    response = MessagingResponse()
    for body, media in messages:
        message = Message()
        message.body(body)
        if media:
            message.media(media)
        response.append(message)
    found = parse(str(response).encode(), XML, URL)
    assert [action.body for action in found.actions if isinstance(action, SendReply)] == [
        body.strip() for body, _ in messages
    ]
    assert set(codes(found)) <= {14103}


@given(st.binary(max_size=300), st.sampled_from([None, XML, "text/plain", "text/html;charset=x"]))
def test_any_answer_is_read_or_refused(answer: bytes, content_type: str | None) -> None:
    """No answer of a customer's server makes the parser fail otherwise than by its own error."""
    with suppress(TwimlError):
        parse(answer, content_type, URL)


FRAGMENTS = """
<Message> </Message> <Body> </Body> <Media> </Media> <Redirect> </Redirect> <Sms/> <Message&#32;
action=" " to=' '> <![CDATA[ ]]> <!-- --> &#0; &lt; <?xml?> http:// [ text \ufffe <!DOCTYPE&#32;x>
"""
pieces = st.lists(
    st.sampled_from([one.replace("&#32;", " ") for one in FRAGMENTS.split()]), max_size=20
).map("".join)


@given(pieces)
def test_any_document_is_read_or_refused(inner: str) -> None:
    """Whatever the verbs are put together from, at most ten replies come out, each sendable."""
    with suppress(TwimlError):
        for action in read(inner).actions:
            assert (
                not isinstance(action, SendReply) or action.refused or action.body or action.media
            )
