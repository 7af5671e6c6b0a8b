"""HTML that is safe by the way it is made: what is not an element is text, and escaped."""

from html import escape
from typing import Final

_VOID: Final = frozenset(("br", "img", "link", "meta"))


class Html(str):
    """Markup of ours. Everything that came from outside is a plain str."""

    __slots__ = ()


def element(_name: str, *children: str | None, **attributes: str | bool | None) -> Html:
    """`class_` is the attribute class, `http_equiv` http-equiv; None and False leave one out."""
    opened = f"<{_name}{''.join(_attribute(*one) for one in attributes.items())}>"
    if _name in _VOID:
        return Html(opened)
    return Html(f"{opened}{''.join(map(_child, children))}</{_name}>")


def joined(*children: str | None) -> Html:
    return Html("".join(map(_child, children)))


def _child(child: str | None) -> str:
    if child is None:
        return ""
    return child if isinstance(child, Html) else escape(child)


def _attribute(name: str, value: str | bool | None) -> str:  # noqa: FBT001 - HTML has such
    if value is None or value is False:
        return ""
    said = name.rstrip("_").replace("_", "-")
    return f" {said}" if value is True else f' {said}="{escape(value)}"'
