"""Pictures arrive on every carrier, as good as its limit allows: by the official SDK."""

import io
from typing import Any

import av
import pytest
from PIL import Image
from tests import pictures
from tests.sdk.world import Customer, Platform, until
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

LIMITS = {"+15558675310": 1_000_000, "+15558675313": 600_000, "+15558675312": 300_000}
NO_MMS = "+15558675311"


class Sent:
    """A picture on its way to a phone, found there by its text."""

    def __init__(self, platform: Platform, client: Client, sid: str, to: str, body: str) -> None:
        self._platform, self._client = platform, client
        self.sid, self.to, self.body = sid, to, body

    def part(self) -> tuple[dict[str, Any], bytes]:
        """What the phone has got, and its bytes."""
        until(lambda: self._client.messages(self.sid).fetch().status == "delivered", 60)
        (got,) = [one for one in self._platform.handset(self.to) if one["body"] == self.body]
        (part,) = got["parts"]
        return part, self._platform.raw(part["url"])[2]

    def hops(self, name: str) -> list[dict[str, Any]]:
        return [hop["detail"] for hop in self._platform.timeline(self.sid) if hop["hop"] == name]


@pytest.fixture
def send(platform: Platform, client: Client, customer: Customer, sender: Any) -> Any:
    def sent(to: str, content_type: str, content: bytes, body: str, **options: Any) -> Sent:
        path = f"/{body.replace(' ', '-')}"
        customer.files[path] = (content_type, content)
        message = client.messages.create(
            from_=sender.phone_number,
            to=to,
            body=body,
            media_url=[customer.url + path],
            **options,
        )
        return Sent(platform, client, str(message.sid), to, body)

    return sent


@pytest.mark.parametrize(("to", "limit"), LIMITS.items())
def test_a_photo_fits_each_carrier(send: Any, to: str, limit: int) -> None:
    """A 12-megapixel JPEG uses at least 90 % of what each carrier takes, and no byte more."""
    sent = send(to, "image/jpeg", pictures.photo(4032, 3024), f"photo for {limit}")
    part, content = sent.part()
    assert part["content_type"] == "image/jpeg"
    assert limit * 0.9 <= part["size"] <= limit - len(sent.body)
    image = Image.open(io.BytesIO(content))
    image.load()
    assert image.width * 3 == pytest.approx(image.height * 4, rel=0.01)
    (adapted,) = sent.hops("adapted")
    (told,) = adapted["parts"]
    assert (told["action"], told["was"]["width"]) == ("shrink", 4032)
    assert told["is"]["bytes"] == part["size"]


@pytest.mark.parametrize(("to", "limit"), LIMITS.items())
def test_an_animation_keeps_moving(send: Any, to: str, limit: int) -> None:
    """A GIF that is too large is smaller afterwards, and still has its frames."""
    sent = send(to, "image/gif", pictures.animation(320, 240, 24), f"gif for {limit}")
    part, content = sent.part()
    assert part["content_type"] == "image/gif"
    assert limit * 0.9 <= part["size"] <= limit - len(sent.body)
    image = Image.open(io.BytesIO(content))
    assert getattr(image, "n_frames", 1) > 11


@pytest.mark.parametrize(("to", "limit"), LIMITS.items())
def test_a_film_fits_each_carrier(send: Any, to: str, limit: int) -> None:
    """Ten seconds of H.264 stay ten seconds of H.264 and AAC, in the bytes that there are."""
    sent = send(to, "video/mp4", pictures.clip(960, 540, 10), f"film for {limit}")
    part, content = sent.part()
    assert part["content_type"] == "video/mp4"
    assert limit * 0.9 <= part["size"] <= limit - len(sent.body)
    film: Any
    with av.open(io.BytesIO(content)) as film:
        codecs = {stream.codec_context.name for stream in film.streams}
        assert codecs == {"h264", "aac"}
        assert film.duration / av.time_base == pytest.approx(10, abs=0.3)


def test_what_was_made_once_is_not_made_again(send: Any, customer: Customer) -> None:
    """A second message with the same picture costs no fetch and no adaptation."""
    content = pictures.photo(2000, 1500, seed=7)
    first = send("+15558675312", "image/jpeg", content, "once")
    size = first.part()[0]["size"]
    fetches = customer.fetches
    again = send("+15558675312", "image/jpeg", content, "once")
    until(lambda: len(again.hops("adapted")) == 1)
    assert again.hops("adapted")[0]["parts"][0]["cached"] is True
    assert again.hops("adapted")[0]["parts"][0]["is"]["bytes"] == size
    assert customer.fetches == fetches


def test_what_fits_is_left_as_it_is(send: Any) -> None:
    """A picture without metadata that needs no change arrives byte for byte."""
    content = pictures.photo(640, 480)
    part, got = send("+15558675312", "image/jpeg", content, "as it is").part()
    assert got == content
    assert part["content_type"] == "image/jpeg"


def test_places_and_cameras_are_nobodys_business(send: Any) -> None:
    """Metadata go, and the picture keeps each of its pixels."""
    exif = Image.Exif()
    exif[0x010F], exif[0x8825] = "A camera", {1: "N", 2: (51.0, 30.0, 0.0)}
    content = pictures.photo(640, 480, exif=exif.tobytes())
    _, got = send("+15558675312", "image/jpeg", content, "stripped").part()
    before, after = Image.open(io.BytesIO(content)), Image.open(io.BytesIO(got))
    assert len(before.getexif()) == 2
    assert len(after.getexif()) == 0
    assert before.tobytes() == after.tobytes()


def test_a_bomb_has_a_number(platform: Platform, client: Client, send: Any) -> None:
    """Twenty kilobytes that would be 169 megapixels fail their message with 11751."""
    bomb = pictures.encoded(Image.new("1", (13_000, 13_000)), "png")
    assert len(bomb) < 25_000
    sent = send("+15558675310", "image/png", bomb, "bomb")
    until(lambda: client.messages(sent.sid).fetch().status == "failed")
    assert client.messages(sent.sid).fetch().error_code == 11751
    assert platform.raw("/readyz")[0] == 200


def test_a_text_can_travel_as_an_mms(platform: Platform, client: Client, sender: Any) -> None:
    """SendAsMms makes one MMS of a text of 1600 characters."""
    message = client.messages.create(
        from_=sender.phone_number, to="+15558675310", body="x" * 1600, send_as_mms=True
    )
    assert (message.sid[:2], message.num_segments, message.num_media) == ("MM", "1", "0")
    until(lambda: client.messages(str(message.sid)).fetch().status == "delivered")
    (got,) = [one for one in platform.handset() if one["body"] == "x" * 1600]
    assert (got["type"], got["parts"]) == ("mms", [])


def test_a_heavy_file_is_refused_by_the_carriers_limit(client: Client, send: Any) -> None:
    """What nobody can shrink fails with 30019 before a carrier is asked."""
    sent = send("+15558675312", "application/pdf", b"%PDF-1.7\n" + b"x" * 400_000, "heavy")
    until(lambda: client.messages(sent.sid).fetch().status == "failed")
    assert client.messages(sent.sid).fetch().error_code == 30019


def test_without_a_converter_the_api_says_no(
    platform: Platform, client: Client, customer: Customer, sender: Any
) -> None:
    """With the account's converter off a picture to a carrier without MMS is 21612 with 400."""
    path = "/magpie/v1/Settings"
    assert platform.form(path, MmsConverter="false")["mms_converter"] is False
    try:
        with pytest.raises(TwilioRestException) as refused:
            client.messages.create(
                from_=sender.phone_number, to=NO_MMS, media_url=[f"{customer.url}/a.png"]
            )
        assert (refused.value.status, refused.value.code) == (400, 21612)
    finally:
        assert platform.form(path, MmsConverter="true")["mms_converter"] is True
