"""How each kind of value stands in XML. Readers take the elements of one name, at least one."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from xml.etree.ElementTree import Element

from magpie.protocols.mm7.addresses import bare, guess_address
from magpie.protocols.mm7.scribe import Scribe
from magpie.protocols.mm7.times import read_date, read_moment, write_moment
from magpie.protocols.mm7.values import (
    Address,
    AddressKind,
    Capabilities,
    Content,
    Identification,
    Moment,
    Recipients,
    ReplyCharging,
    Status,
    Tree,
)


class Form(NamedTuple):
    read: Callable[[Sequence[Element]], Any]
    write: Callable[[Scribe, Element, str, Any], object]


class Field(NamedTuple):
    """Stands beside each property of an operation. `since`: the release that brought it."""

    name: str
    form: Form
    since: int = 5
    required: bool = False


def local(name: str) -> str:
    return name.rpartition("}")[2]


def children(element: Element, name: str) -> list[Element]:
    return [child for child in element if local(child.tag).lower() == name.lower()]


def text_in(element: Element) -> str:
    return "".join(element.itertext()).strip()


def _child_text(element: Element, name: str) -> str:
    return next(map(text_in, children(element, name)), "")


def _attribute(element: Element, name: str) -> str:
    found = (v for key, v in element.attrib.items() if local(key).lower() == name.lower())
    return next(found, "").strip()


def _text(elements: Sequence[Element]) -> str:
    return text_in(elements[0])


def _truth(text: str) -> bool | None:
    return {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}.get(
        text.lower()
    )


def _flag(elements: Sequence[Element]) -> bool | None:
    return _truth(text_in(elements[0]))


def _write_flag(scribe: Scribe, parent: Element, name: str, value: bool) -> None:  # noqa: FBT001
    scribe.add(parent, name, str(value).lower())


def _moment(elements: Sequence[Element]) -> Moment | None:
    return read_moment(text_in(elements[0]))


def _date(elements: Sequence[Element]) -> datetime | None:
    return read_date(text_in(elements[0]))


def _write_moment(scribe: Scribe, parent: Element, name: str, value: Moment) -> None:
    scribe.add(parent, name, write_moment(value))


def _addresses(elements: Sequence[Element]) -> Iterator[Address]:
    """Inside of a Sender, a Recipient or a To; early peers write the bare text."""
    for element in elements:
        found = [(kind, one) for kind in AddressKind for one in children(element, kind)]
        if len(found) > 1:
            order = {one: place for place, one in enumerate(element)}
            found.sort(key=lambda pair: order[pair[1]])
        for kind, one in found:
            yield Address(
                bare(text_in(one)),
                kind,
                display_only=bool(_truth(_attribute(one, "displayOnly"))),
                coding=_attribute(one, "addressCoding"),
                id=_attribute(one, "id"),
            )
        if not found and (text := text_in(element)):
            yield guess_address(text)


def _address(elements: Sequence[Element]) -> Address | None:
    return next(_addresses(elements), None)


def _write_address(scribe: Scribe, parent: Element, name: str, value: Address) -> None:
    _write_addresses(scribe, parent, name, (value,))


def _write_addresses(scribe: Scribe, parent: Element, name: str, values: Sequence[Address]) -> None:
    inside = scribe.add(parent, name)
    for one in values:
        only = "true" if one.display_only else ""
        scribe.add(
            inside, one.kind, one.value, displayOnly=only, addressCoding=one.coding, id=one.id
        )


def _recipients(elements: Sequence[Element]) -> Recipients:
    kinds = ([one for e in elements for one in children(e, kind)] for kind in ("To", "Cc", "Bcc"))
    return Recipients(*(tuple(_addresses(found)) for found in kinds))


def _write_recipients(scribe: Scribe, parent: Element, name: str, value: Recipients) -> None:
    inside = scribe.add(parent, name)
    for kind, addresses in (("To", value.to), ("Cc", value.cc), ("Bcc", value.bcc)):
        if addresses:
            _write_addresses(scribe, inside, kind, addresses)


def _identification(elements: Sequence[Element]) -> Identification:
    first = elements[0]
    address = next(_addresses(children(first, "SenderAddress")), None)
    return Identification(_child_text(first, "VASPID"), _child_text(first, "VASID"), address)


def _write_identification(
    scribe: Scribe, parent: Element, name: str, value: Identification
) -> None:
    inside = scribe.add(parent, name)
    for child, text in (("VASPID", value.vasp_id), ("VASID", value.vas_id)):
        if text:
            scribe.add(inside, child, text)
    if value.address:
        _write_address(scribe, inside, "SenderAddress", value.address)


def _contents(elements: Sequence[Element]) -> tuple[Content, ...]:
    return tuple(
        Content(
            _attribute(one, "href"),
            adaptations=_truth(_attribute(one, "allowAdaptations")) is not False,
            kind=_attribute(one, "type"),
        )
        for one in elements
    )


def _write_contents(scribe: Scribe, parent: Element, name: str, values: Sequence[Content]) -> None:
    for one in values:
        allowed = "" if one.adaptations else "false"
        scribe.add(parent, name, href=one.href, allowAdaptations=allowed, type=one.kind)


def _reply_charging(elements: Sequence[Element]) -> ReplyCharging:
    size = _attribute(elements[0], "replyChargingSize")
    return ReplyCharging(
        int(size) if size.isascii() and size.isdigit() and len(size) < len(str(2**63)) else None,
        read_moment(_attribute(elements[0], "replyDeadline")),
    )


def _write_reply_charging(scribe: Scribe, parent: Element, name: str, value: ReplyCharging) -> None:
    deadline = "" if value.deadline is None else write_moment(value.deadline)
    size = "" if value.size is None else str(value.size)
    scribe.add(parent, name, replyChargingSize=size, replyDeadline=deadline)


def _capabilities(elements: Sequence[Element]) -> Capabilities:
    moment = read_date(_attribute(elements[0], "TimeStamp"))
    return Capabilities(_attribute(elements[0], "UAProf"), moment)


def _write_capabilities(scribe: Scribe, parent: Element, name: str, value: Capabilities) -> None:
    moment = write_moment(value.time_stamp) if value.time_stamp else ""
    scribe.add(parent, name, UAProf=value.profile, TimeStamp=moment)


def _status(elements: Sequence[Element]) -> Status:
    code = _child_text(elements[0], "StatusCode")
    return Status(
        int(code) if code.isascii() and code.isdigit() and len(code) == len("1000") else 0,
        _child_text(elements[0], "StatusText"),
        _child_text(elements[0], "Details"),
    )


def _write_status(scribe: Scribe, parent: Element, name: str, value: Status) -> None:
    inside = scribe.add(parent, name)
    scribe.add(inside, "StatusCode", str(value.code))
    scribe.add(inside, "StatusText", value.text)
    if value.details:
        scribe.add(inside, "Details", value.details)


def _tree(element: Element) -> Tree:
    """No deeper than the document may be."""
    return Tree(
        local(element.tag),
        (element.text or "").strip(),
        tuple((local(key), value) for key, value in element.attrib.items()),
        tuple(_tree(child) for child in element),
    )


def _trees(elements: Sequence[Element]) -> tuple[Tree, ...]:
    return tuple(map(_tree, elements))


def _write_trees(scribe: Scribe, parent: Element, name: str, values: Sequence[Tree]) -> None:
    for tree in values:
        inside = scribe.add(parent, name, tree.text, **dict(tree.attributes))
        for child in tree.children:
            _write_trees(scribe, inside, child.name, (child,))


TEXT: Final = Form(_text, Scribe.add)
FLAG: Final = Form(_flag, _write_flag)
DATE: Final = Form(_date, _write_moment)
MOMENT: Final = Form(_moment, _write_moment)
ADDRESS: Final = Form(_address, _write_address)
RECIPIENTS: Final = Form(_recipients, _write_recipients)
IDENTIFICATION: Final = Form(_identification, _write_identification)
CONTENTS: Final = Form(_contents, _write_contents)
REPLY_CHARGING: Final = Form(_reply_charging, _write_reply_charging)
CAPABILITIES: Final = Form(_capabilities, _write_capabilities)
STATUS: Final = Form(_status, _write_status)
TREES: Final = Form(_trees, _write_trees)


def words(*known: str, **spellings: str) -> Form:
    """One of some words, in any case; another stays as it is. `spellings` are the field's."""
    table = {word.lower(): word for word in known} | spellings

    def read(elements: Sequence[Element]) -> str:
        text = text_in(elements[0])
        return table.get(text.lower(), text)

    return Form(read, Scribe.add)
