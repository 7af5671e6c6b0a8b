from uuid import UUID

from magpie.alerts.model import alert
from magpie.errors import text_of
from magpie.sids import is_sid


def test_an_alert_says_what_the_catalogue_says() -> None:
    """The code's sentence comes first, what is special about this case after it."""
    made = alert("AC1", 11200, level="error", text="404 from a.example", resource=UUID(int=5))
    assert made.text == f"{text_of(11200)} 404 from a.example"
    assert made.resource_sid == UUID(int=5).hex
    assert is_sid(made.sid, "NO")
    assert made.detail == {}
