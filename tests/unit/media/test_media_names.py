import pytest
from hypothesis import given
from hypothesis import strategies as st

from magpie.media.names import name_of, safe_name


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("photo.jpg", "photo.jpg"),
        ("my summer photo.jpg", "my_summer_photo.jpg"),
        ("a-very-long-name-of-a-file.jpeg", "a-very-long-nam.jpeg"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("CON", None),
        ("com1.txt", None),
        ("a\x00b.png", "a_b.png"),
        ("gpj\u202e.exe", "gpj_.exe"),
        (".htaccess", "htaccess"),
        ("a..b.gif", "a.b.gif"),
        ('x";evil=".png', "x_evil_.png"),
        ("фото.jpg", "jpg"),
        ("", None),
        (None, None),
        ("...", None),
    ],
)
def test_a_name_is_made_safe(given_name: str | None, kept: str | None) -> None:
    """Folders, controls, quotes, devices and what is not ASCII never reach a phone."""
    assert safe_name(given_name) == kept


@given(st.text(max_size=100))
def test_every_name_is_short_and_plain(name: str) -> None:
    """Whatever is given, at most 20 safe characters are kept."""
    kept = safe_name(name)
    assert kept is None or (0 < len(kept) <= 20 and kept.isascii() and "/" not in kept)


@pytest.mark.parametrize(
    ("disposition", "url", "name"),
    [
        ('inline; filename="cat.png"', "https://a.example/x", "cat.png"),
        ("attachment; filename*=UTF-8''b%C3%BCro.pdf", "https://a.example/x", "b_ro.pdf"),
        (None, "https://a.example/pics/owl.gif?size=1", "owl.gif"),
        ("inline", "https://a.example/pics/o%20w%20l.gif", "o_w_l.gif"),
        (None, "https://a.example/", None),
        ('inline; filename="a\r\nX: y.png"', "https://a.example/", "a_X_y.png"),
    ],
)
def test_a_file_is_named_by_its_header_or_its_url(
    disposition: str | None, url: str, name: str | None
) -> None:
    """Content-Disposition goes before the end of the path."""
    assert name_of(disposition, url) == name
