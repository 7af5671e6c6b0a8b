"""The page that a link to media opens, and the one that says why there is none."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from magpie.links.page.html import Html, element, joined
from magpie.links.page.kinds import Kind, ending_of, kind_of, name_of, size_of
from magpie.links.page.style import CSS, ICON_PATH
from magpie.links.page.vcard import Card, Entry
from magpie.media.model import State

_STYLE: Final = element("style", Html(CSS))
_EAGER: Final = 2
_PLURALS: Final = {
    "Picture": "pictures",
    "Video": "videos",
    "Audio": "recordings",
    "Contact": "contacts",
}
_SINGLE: Final = {"Audio": "Recording"}


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One media of a message; `at` is the page's own relative URL of its bytes."""

    at: str
    state: str
    content_type: str
    size: int
    file_name: str | None = None
    cards: Sequence[Card] = ()


def message_page(
    items: Sequence[Item], *, body: str, sender: str | None, sent: datetime, until: datetime
) -> Html:
    title = headline(items, sender)
    body_text = element("p", body, class_="text", dir="auto") if body.strip() else None
    shown = [_shown(item, number, len(items), sender) for number, item in enumerate(items, 1)]
    return _document(
        title,
        element("header", element("h1", title), element("p", _day(sent))),
        element("main", body_text, *shown),
        element(
            "footer",
            element("p", "Whoever has this link can open this page until ", _day(until), "."),
        ),
    )


def notice(title: str, text: str) -> Html:
    """Says nothing of a message, not even whether there is one."""
    icon = element("img", src=ICON_PATH, alt="", width="56", height="56")
    main = element("main", icon, element("h1", title), element("p", text))
    return _document(title, main, class_="notice")


def headline(items: Sequence[Item], sender: str | None) -> str:
    names = {name_of(item.content_type) for item in items if item.state == State.STORED}
    name = names.pop() if len(names) == 1 else "Message"
    if len(items) == 1 or name == "Message":
        what = _SINGLE.get(name, name)
    else:
        what = f"{len(items)} {_PLURALS.get(name, 'files')}"
    return f"{what} from {sender}" if sender else what


def _document(title: str, *content: Html, class_: str | None = None) -> Html:
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="robots", content="noindex, nofollow, noarchive"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", title),
        element("link", rel="icon", href=ICON_PATH, type="image/svg+xml"),
        _STYLE,
    )
    page = element("html", head, element("body", *content, class_=class_), lang="en")
    return joined(Html("<!doctype html>\n"), page, Html("\n"))


def _shown(item: Item, number: int, count: int, sender: str | None) -> Html:
    if item.state != State.STORED:
        return _waiting(item)
    match kind_of(item.content_type):
        case Kind.IMAGE:
            return _image(item, number, count, sender)
        case Kind.VIDEO:
            return _played("video", item, playsinline=True)
        case Kind.AUDIO:
            return _played("audio", item)
        case Kind.CARD if item.cards:
            return _cards(item)
    return _file(item)


def _image(item: Item, number: int, count: int, sender: str | None) -> Html:
    which = f"Picture {number} of {count}" if count > 1 else "Picture"
    alt = f"{which} from {sender}" if sender else which
    lazy = "lazy" if number > _EAGER else None
    image = element("img", src=item.at, alt=alt, loading=lazy, decoding="async")
    label = f"{alt}: open in full size"
    view = element("a", image, class_="view", href=item.at, aria_label=label)
    return element("figure", view, _about(item), class_="item")


def _played(kind: str, item: Item, *, playsinline: bool = False) -> Html:
    player = element(
        kind,
        "Your browser cannot play this. You can save it instead.",
        src=item.at,
        controls=True,
        preload="metadata",
        playsinline=playsinline,
        aria_label=name_of(item.content_type),
    )
    return element("figure", player, _about(item), class_="item")


def _about(item: Item) -> Html:
    name = name_of(item.content_type)
    save = element(
        "a",
        "Save",
        class_="save",
        href=f"{item.at}/download",
        aria_label=f"Save {item.file_name or name.lower()}",
    )
    told = element("span", f"{name}, {size_of(item.size)}")
    return element("figcaption", told, save, class_="about")


def _cards(item: Item) -> Html:
    shown = [_card(card) for card in item.cards]
    add = _download(item, "Add to contacts")
    return element("section", *shown, add, class_="item card")


def _card(card: Card) -> Html:
    who = card.name or (card.numbers or card.mails)[0].text
    under = ", ".join(filter(None, (card.title, card.organisation)))
    entries = [_entry(entry, "Phone") for entry in card.numbers]
    entries += [_entry(entry, "Mail") for entry in card.mails]
    return joined(
        _head(_initials(who), who, under),
        element("dl", *entries) if entries else None,
    )


def _entry(entry: Entry, usual: str) -> Html:
    shown = element("a", entry.text, href=entry.link) if entry.link else entry.text
    return element("div", element("dt", entry.kind or usual), element("dd", shown))


def _file(item: Item) -> Html:
    name = name_of(item.content_type)
    badge = (ending_of(item.content_type) or "file").upper()
    told = f"{name}, {size_of(item.size)}"
    head = _head(badge, item.file_name or name, told)
    what = "Add to contacts" if kind_of(item.content_type) is Kind.CARD else "Download"
    return element("section", head, _download(item, what), class_="item file")


def _head(badge: str, title: str, under: str) -> Html:
    return element(
        "div",
        element("span", badge, class_="badge", aria_hidden="true"),
        element(
            "div",
            element("h2", title, dir="auto"),
            element("p", under, dir="auto") if under else None,
        ),
        class_="head",
    )


def _download(item: Item, what: str) -> Html:
    return element("a", what, class_="button", href=f"{item.at}/download")


def _waiting(item: Item) -> Html:
    coming = "is still on its way. Try again in a moment."
    said = coming if item.state == State.PENDING else "could not be loaded."
    return element("section", element("p", f"This part of the message {said}"), class_="item wait")


def _initials(name: str) -> str:
    letters = [word[0] for word in name.split() if word[0].isalpha()]
    return "".join([*letters[:1], *letters[1:][-1:]]).upper() or "#"


def _day(at: datetime) -> Html:
    return element("time", f"{at.day} {at:%B %Y}", datetime=at.date().isoformat())
