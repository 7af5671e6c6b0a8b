import pytest

from magpie.media.fetch import Copy, FetchFailed, Trace, shown
from magpie.media.model import MOST_BYTES
from magpie.media.outcome import Again, Decision, Whole, Wrong, decide

TRACE = Trace(url="http://a.example/x", ms=1.0)
LASTING = FetchFailed(12300, "content type text/html", TRACE)
PASSING = FetchFailed(11202, "refused", TRACE, passing=True)


def copy(size: int = 10) -> Copy:
    return Copy(content_type="image/png", size=size, digest="d", file_name=None, trace=TRACE)


@pytest.mark.parametrize(
    ("results", "stored", "tries", "decision"),
    [
        ([copy(), copy()], 0, 1, Whole()),
        ([], 100, 1, Whole()),
        ([copy(MOST_BYTES)], 0, 1, Whole()),
        ([copy(MOST_BYTES)], 1, 1, Wrong(code=11751, detail=f"{MOST_BYTES + 1} bytes in all")),
        ([copy(), LASTING], 0, 1, Wrong(code=12300, detail=LASTING.detail, url=TRACE.url)),
        ([PASSING, LASTING], 0, 1, Wrong(code=12300, detail=LASTING.detail, url=TRACE.url)),
        ([copy(), PASSING], 0, 1, Again(delay=1.0)),
        ([PASSING], 0, 2, Again(delay=4.0)),
        ([PASSING], 0, 3, Wrong(code=11202, detail="refused", url=TRACE.url)),
    ],
)
def test_what_becomes_of_a_message(
    results: list[Copy | FetchFailed], stored: int, tries: int, decision: Decision
) -> None:
    """What may pass is tried three times in all; what lasts, or is too large, fails at once."""
    assert decide(results, stored, tries, 0.0) == decision


def test_tries_are_spread() -> None:
    """Chance makes a wait up to a quarter longer, so that messages do not come back together."""
    assert decide([PASSING], 0, 1, 1.0) == Again(delay=1.25)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://user:secret@a.example:8443/p.png?token=1#x", "https://a.example:8443/p.png"),
        ("http://a.example", "http://a.example"),
    ],
)
def test_a_url_is_shown_without_its_secrets(url: str, told: str) -> None:
    """Userinfo, query and fragment never reach a timeline."""
    assert shown(url) == told
