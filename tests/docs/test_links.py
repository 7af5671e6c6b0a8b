"""The pages find each other, and each is found."""

from pathlib import Path

import pytest
from tests.docs import pages


def _outside(link: str) -> bool:
    return link.startswith(("https://", "http://", "mailto:"))


@pytest.mark.parametrize("page", pages.PAGES, ids=pages.name_of)
def test_links_lead_somewhere(page: Path) -> None:
    """A link names a file that is there, and a heading that it has."""
    broken = []
    for link in filter(lambda one: not _outside(one), pages.links(page)):
        file, _, anchor = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        if not target.exists() or (anchor and anchor not in pages.anchors(target)):
            broken.append(link)
    assert broken == []


def test_every_page_can_be_reached() -> None:
    """From the README a reader gets to every page by links alone."""
    reached, ahead = set(), [pages.ROOT / "README.md"]
    while ahead:
        page = ahead.pop()
        if page in reached or not page.exists():
            continue
        reached.add(page)
        inner = [link.partition("#")[0] for link in pages.links(page) if not _outside(link)]
        targets = [(page.parent / link).resolve() for link in inner if link]
        ahead += [one for one in targets if one.suffix == ".md"]
        ahead += [child for one in targets if one.is_dir() for child in one.glob("*.md")]
    assert [pages.name_of(page) for page in pages.PAGES if page not in reached] == []
