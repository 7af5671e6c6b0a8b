import pytest

from magpie.console.linked import linked

URL = "http://a.example/x?y=1&amp;z=2"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("no link", "no link"),
        ("a\nb", "a<br>b"),
        (
            "see http://a.example/x?y=1&z=2.",
            f'see <a href="{URL}" rel="noopener noreferrer" target="_blank">{URL}</a>.',
        ),
        ("<b>", "&lt;b&gt;"),
        ('javascript:alert(1) http://"onclick=x', "javascript:alert(1) http://&#34;onclick=x"),
    ],
)
def test_addresses_become_links(text: str, shown: str) -> None:
    """Only of the web, without what ends a sentence; all else is escaped."""
    assert str(linked(text)) == shown
