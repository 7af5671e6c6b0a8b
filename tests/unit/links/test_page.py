"""The page as a document: escaped, titled, and each form of media."""

from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from magpie.links.page import kinds
from magpie.links.page.document import Item, headline, message_page, notice
from magpie.links.page.html import Html, element, joined
from magpie.links.page.style import CSS, POLICY
from magpie.links.page.vcard import Card, Entry

NOW = datetime(2026, 11, 24, tzinfo=UTC)
SENDER = "+15017122661"


def item(content_type: str = "image/png", state: str = "stored", **more: object) -> Item:
    values: dict[str, object] = {"at": "t/1", "state": state, "size": 1200, **more}
    return Item(content_type=content_type, **values)  # type: ignore[arg-type]


def page(*items: Item, body: str = "", sender: str | None = SENDER) -> str:
    return message_page(items, body=body, sender=sender, sent=NOW, until=NOW)


class Reader(HTMLParser):
    """Collects what a browser would make of a document."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.values: list[tuple[str, str]] = []
        self.text = ""
        self.feed(document)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.values += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_elements() -> None:
    """Text and values are escaped, our own markup is not; blank attributes are left out."""
    made = element("a", "<b>", Html("<i></i>"), None, class_="x", href='"&', hidden=True, id=None)
    assert made == '<a class="x" href="&quot;&amp;" hidden>&lt;b&gt;<i></i></a>'
    assert element("br") == "<br>"
    assert joined("a", Html("<br>"), None) == "a<br>"


@given(st.text(max_size=40))
def test_no_text_becomes_markup(text: str) -> None:
    """Whatever somebody writes, the page has the same elements, and shows the text."""

    def document(said: str) -> Reader:
        entry = Entry(said, None, None)
        card = Card(name=said, organisation=said, title=said, numbers=(entry,), mails=(entry,))
        items = (item(), item("application/pdf", file_name=said), item("text/vcard", cards=(card,)))
        return Reader(page(*items, body=said, sender=said))

    read = document(f"x{text}")
    assert read.tags == document("x").tags
    assert not [name for name, _ in read.values if name.startswith("on") or name == "style"]


@pytest.mark.parametrize(
    ("types", "title"),
    [
        (["image/png"], "Picture"),
        (["image/png", "image/jpeg"], "2 pictures"),
        (["video/mp4"], "Video"),
        (["audio/mpeg"], "Recording"),
        (["audio/mpeg", "audio/aac"], "2 recordings"),
        (["text/vcard"], "Contact"),
        (["text/calendar"], "Calendar entry"),
        (["application/pdf", "application/pdf"], "2 files"),
        (["image/png", "video/mp4"], "Message"),
        (["chemical/x"], "File"),
    ],
)
def test_headlines(types: list[str], title: str) -> None:
    """What it is, and from whom if that is known."""
    items = [item(one) for one in types]
    assert headline(items, SENDER) == f"{title} from {SENDER}"
    assert headline(items, None) == title


def test_what_is_not_there_yet() -> None:
    """Without stored media the title says only that there is a message."""
    assert headline([item("", "pending")], SENDER) == f"Message from {SENDER}"
    assert "still on its way" in page(item("", "pending"))
    assert "could not be loaded" in page(item("", "failed"))


def test_a_picture_opens_in_full_size_and_can_be_saved() -> None:
    """Every picture has words for those who do not see it; later ones load when needed."""
    document = page(*(item(at=f"t/{n}") for n in (1, 2, 3)))
    assert '<a class="view" href="t/2" aria-label="Picture 2 of 3 from' in document
    assert 'href="t/3/download"' in document
    assert document.count('loading="lazy"') == 1
    assert document.count("alt=") == 3


def test_a_page_without_text_or_sender() -> None:
    """No empty bubble, no dangling word."""
    document = page(item(), sender=None)
    assert 'class="text"' not in document
    assert "<title>Picture</title>" in document
    assert '<html lang="en">' in document


def test_an_empty_card_is_a_file() -> None:
    """A contact that cannot be read can still be added."""
    document = page(item("text/vcard", file_name="ann.vcf"))
    assert "ann.vcf" in document
    assert "Add to contacts" in document
    assert "VCF" in document


def test_a_notice_has_the_same_style() -> None:
    """Title and a sentence."""
    document = notice("Gone <b>", "It is & was.")
    assert "<h1>Gone &lt;b&gt;</h1>" in document
    assert CSS in document


def test_the_policy_names_the_style_and_no_script() -> None:
    """Nothing but pictures and media of ours, and one sheet by its hash."""
    rules = dict(rule.split(" ", 1) for rule in POLICY.split("; "))
    assert rules.pop("style-src").startswith("'sha256-")
    assert rules == {
        "default-src": "'none'",
        "img-src": "'self'",
        "media-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    assert "url(" not in CSS
    assert "@import" not in CSS


@pytest.mark.parametrize(
    ("content_type", "kind", "name", "ending"),
    [
        ("image/jpeg", kinds.Kind.IMAGE, "Picture", "jpg"),
        ("image/svg+xml", kinds.Kind.FILE, "Picture", ""),
        ("image/heic", kinds.Kind.FILE, "Picture", "heic"),
        ("video/3gpp", kinds.Kind.VIDEO, "Video", "3gp"),
        ("video/h263", kinds.Kind.FILE, "Video", "h263"),
        ("audio/mp4", kinds.Kind.AUDIO, "Audio", "m4a"),
        ("audio/amr", kinds.Kind.FILE, "Audio", "amr"),
        ("text/x-vcard", kinds.Kind.CARD, "Contact", "vcf"),
        ("text/html", kinds.Kind.FILE, "File", "html"),
        ("application/octet-stream", kinds.Kind.FILE, "File", ""),
        ("", kinds.Kind.FILE, "File", ""),
    ],
)
def test_types(content_type: str, kind: kinds.Kind, name: str, ending: str) -> None:
    """Shown if phones show it, called by a plain word."""
    assert kinds.kind_of(content_type) is kind
    assert kinds.name_of(content_type) == name
    assert kinds.ending_of(content_type) == ending


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1000, "1 kB"),
        (340_400, "340 kB"),
        (999_600, "1.0 MB"),
        (1_250_000, "1.2 MB"),
    ],
)
def test_sizes(count: int, said: str) -> None:
    """Rounded as a phone shows them."""
    assert kinds.size_of(count) == said
