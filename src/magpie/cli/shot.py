"""A picture of a phone, drawn from what it got: the same messages give the same picture."""

import io
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from magpie.cli.client import Client, segment
from magpie.cli.failed import Exit, Failed
from magpie.cli.running import needed
from magpie.cli.terminal import put

if TYPE_CHECKING:
    from PIL import Image, ImageDraw

_WIDTH, _HEIGHT, _EDGE = 390, 780, 16
_LINE, _PAD, _CHARS = 20, 10, 34
_GROUND, _CARD, _TEXT, _MINE, _LINE_COLOUR = "#ffffff", "#eef0f3", "#1a2028", "#1f5fd0", "#d5dae1"
_MOST: Final = 8


def shot(number: str, file: Path, data: Path | None) -> None:
    if file.suffix.lower() != ".png":
        raise Failed(f"{file} is no PNG", fix=f"{file.with_suffix('.png')}", code=Exit.USAGE)
    client = Client(needed(data))
    at = f"/simulator/v1/Handsets/{segment(number)}"
    phone = client.get(at)
    got = [
        one
        for direction in ("received", "sent")
        for one in client.get(f"{at}/Messages", PageSize="20", direction=direction)["messages"]
    ]
    newest = sorted(got, key=lambda one: one["received_at"], reverse=True)[:_MOST]
    _draw(phone, newest, client).save(file, "PNG")
    put(str(file))


def _draw(phone: dict[str, Any], newest: list[dict[str, Any]], client: Client) -> "Image.Image":
    """From the bottom up, until the screen is full."""
    from PIL import Image, ImageDraw

    screen = Image.new("RGB", (_WIDTH, _HEIGHT), _GROUND)
    draw = ImageDraw.Draw(screen)
    bottom = _HEIGHT - _EDGE
    for message in newest:
        bottom = _bubble(screen, draw, message, bottom, client)
        if bottom < _EDGE * 4:
            break
    draw.rectangle((0, 0, _WIDTH, _EDGE * 3), fill=_GROUND)
    draw.text((_EDGE, _EDGE), f"{phone['carrier']}   {phone['number']}", fill=_TEXT, font_size=15)
    draw.line((0, _EDGE * 3, _WIDTH, _EDGE * 3), fill=_LINE_COLOUR)
    return screen


def _bubble(
    screen: "Image.Image",
    draw: "ImageDraw.ImageDraw",
    message: dict[str, Any],
    bottom: int,
    client: Client,
) -> int:
    """Draw one that ends at `bottom`; gives where it begins."""
    pictures = [one for part in message["parts"] if (one := _picture(part, client)) is not None]
    lines = [line for text in message["body"].splitlines() for line in textwrap.wrap(text, _CHARS)]
    height = 2 * _PAD + _LINE * len(lines) + sum(one.height + _PAD for one in pictures)
    width = int(_WIDTH * 0.8)
    mine = message["direction"] == "sent"
    left = _WIDTH - _EDGE - width if mine else _EDGE
    top = bottom - height
    draw.rounded_rectangle((left, top, left + width, bottom), 14, fill=_MINE if mine else _CARD)
    at = top + _PAD
    for one in pictures:
        screen.paste(one, (left + _PAD, at))
        at += one.height + _PAD
    for line in lines:
        draw.text((left + _PAD, at), line, fill=_GROUND if mine else _TEXT, font_size=15)
        at += _LINE
    return top - _PAD


def _picture(part: dict[str, Any], client: Client) -> "Image.Image | None":
    from urllib.parse import urlsplit

    from PIL import Image, UnidentifiedImageError

    if not part["content_type"].startswith("image/"):
        return None
    _, content = client.answer("GET", urlsplit(part["url"]).path)
    try:
        with Image.open(io.BytesIO(content)) as opened:
            shown = opened.convert("RGB")
    except (UnidentifiedImageError, OSError):
        return None
    shown.thumbnail((int(_WIDTH * 0.8) - 2 * _PAD, 240))
    return shown
