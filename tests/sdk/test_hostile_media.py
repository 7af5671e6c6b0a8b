"""Hostile and odd media through a whole platform: each message ends by itself, with its number."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests import pictures, vectors
from tests.sdk.world import Customer, Platform, until
from tests.vectors.vector import FINE, NEVER_FITS
from twilio.rest import Client

TO = "+15558675310"
ROOM = {"+15558675313": 600_000, "+15558675312": 300_000}
MOST = 5 * 1024 * 1024
END = {"delivered", "failed", "undelivered"}

Send = Callable[..., str]


@pytest.fixture
def send(client: Client, customer: Customer, sender: Any) -> Send:
    """Give the sid of a message with a file that is served under that path."""

    def sent(path: str, content_type: str, content: bytes, to: str = TO) -> str:
        customer.files[path] = (content_type, content)
        url = customer.url + path
        message = client.messages.create(from_=sender.phone_number, to=to, media_url=[url])
        return str(message.sid)

    return sent


@pytest.fixture
def code_of(client: Client) -> Callable[[str], int]:
    def code(sid: str) -> int:
        """What a message ended with; 0 when it was delivered."""
        until(lambda: client.messages(sid).fetch().status in END, 60)
        message = client.messages(sid).fetch()
        assert (message.error_code is None) == (message.status == "delivered")
        return int(message.error_code or 0)

    return code


def test_every_hostile_file_fails_its_own_message(
    platform: Platform, send: Send, code_of: Callable[[str], int]
) -> None:
    """All at once: each has its number, the platform is well, and an honest picture arrives."""
    hostile = [one for one in vectors.NAMED if FINE not in one.codes]
    assert len(hostile) > 80
    sids = [send(f"/hostile/{n}", one.content_type, one.make()) for n, one in enumerate(hostile)]
    honest = send("/honest.png", "image/png", pictures.png(60, 40, seed=77))
    told = {one.name: code_of(sid) for one, sid in zip(hostile, sids, strict=True)}
    assert {one.name: told[one.name] for one in hostile if told[one.name] not in one.codes} == {}
    assert code_of(honest) == FINE
    (hop,) = [one for one in platform.timeline(honest) if one["hop"] == "submitting"]
    assert hop["detail"]["waited_ms"] < 5_000  # none of those that failed took a turn
    assert platform.raw("/readyz")[0] == 200


@pytest.mark.parametrize(("to", "room"), ROOM.items())
@pytest.mark.parametrize("over", [0, 1])
def test_a_carriers_room_is_used_to_the_byte(
    platform: Platform, send: Send, code_of: Callable[[str], int], to: str, room: int, over: int
) -> None:
    """What nobody can shrink arrives when it fits exactly; with one byte more it is 30019."""
    content = b"%PDF-1.7\n".ljust(room + over, b"x")
    sid = send(f"/room/{room}/{over}.pdf", "application/pdf", content, to)
    assert code_of(sid) == (NEVER_FITS if over else FINE)
    sizes = [part["size"] for one in platform.handset(to) for part in one["parts"]]
    assert (room in sizes) or over


@pytest.mark.parametrize(("to", "room"), ROOM.items())
@pytest.mark.parametrize("over", [0, 1])
def test_a_picture_stays_if_it_fits_to_the_byte(
    platform: Platform, send: Send, code_of: Callable[[str], int], to: str, room: int, over: int
) -> None:
    """One byte more than there is room for, and it is made smaller."""
    content = _padded(pictures.photo(800, 600), room + over)
    assert len(content) == room + over
    sid = send(f"/picture/{room}/{over}.jpg", "image/jpeg", content, to)
    assert code_of(sid) == FINE
    (hop,) = [one for one in platform.timeline(sid) if one["hop"] == "adapted"]
    (part,) = hop["detail"]["parts"]
    assert part["action"] == ("shrink" if over else "keep")
    assert part.get("is", part["was"])["bytes"] <= room


@pytest.mark.parametrize(("size", "code"), [(MOST, NEVER_FITS), (MOST + 1, 11751)])
def test_five_megabytes_are_the_most(
    send: Send, code_of: Callable[[str], int], size: int, code: int
) -> None:
    """Exactly so much is fetched, and is then too much for the carrier; one byte more is 11751."""
    content = b"%PDF-1.7\n".ljust(size, b"x")
    assert code_of(send(f"/most/{size}.pdf", "application/pdf", content)) == code


def test_a_vcard_of_one_line_of_50_mb(send: Send, code_of: Callable[[str], int]) -> None:
    """It is not even read to its end."""
    content = b"BEGIN:VCARD\r\nVERSION:3.0\r\nNOTE:".ljust(50_000_000, b"x")
    assert code_of(send("/long.vcf", "text/vcard", content)) == 11751


def test_a_photo_in_a_vcard_is_not_fetched(
    customer: Customer, send: Send, code_of: Callable[[str], int]
) -> None:
    """Nor anything else that media point to."""
    card = vectors.others.vcard(f"PHOTO;VALUE=uri:{customer.url}/elsewhere.png")
    assert code_of(send("/photo.vcf", "text/vcard", card)) == FINE
    smil = vectors.others.smil(f"{customer.url}/elsewhere.png")
    assert code_of(send("/show.smil", "application/smil", smil)) == 12300
    assert [call for call in customer.calls if "elsewhere" in call.path] == []
    assert customer.fetches == 2


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/..%2f..%2fetc%2fpasswd.png", "passwd.png"),
        ("/a%00.png", "a_.png"),
        ("/%E2%80%AEgnp.exe", "gnp.exe"),
        ("/CON.png", None),
        ("/a%0d%0aX-Evil:%201.png", "a_X-Evil_1.png"),
        (f"/{'n' * 3_900}.png", "nnnnnnnnnnnnnnnn.png"),
    ],
    ids=["upwards", "NUL", "right to left", "device", "line ends", "4 KB"],
)
def test_tricks_of_names(
    platform: Platform, send: Send, code_of: Callable[[str], int], path: str, name: str | None
) -> None:
    """A file's name is harmless when it is stored and when it is fetched again."""
    sid = send(path, "image/png", pictures.png())
    assert code_of(sid) == FINE
    account = f"/2010-04-01/Accounts/{platform.auth[0]}/Messages/{sid}/Media"
    (media,) = json.loads(platform.raw(f"{account}.json")[2])["media_list"]
    _, headers, content = platform.raw(f"{account}/{media['sid']}")
    wanted = f'inline; filename="{name}"' if name else "inline"
    assert headers["content-disposition"] == wanted
    assert "x-evil" not in headers
    assert content == pictures.png()


def _padded(jpeg: bytes, size: int) -> bytes:
    """Restart markers' fill bytes (ITU-T T.81, B.1.1.2) before the end: no metadata, no pixels."""
    return jpeg[:-2] + b"\xff" * (size - len(jpeg)) + jpeg[-2:]
