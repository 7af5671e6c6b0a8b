"""What the documentation shows is done as it stands."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.docs import pages
from tests.docs.reader import LANGUAGES, RUN, WORDS, Reader, pictures
from tests.ports import free_port
from tests.sdk.world import Platform, until

BLOCKS = {pages.name_of(page): pages.blocks(page) for page in pages.PAGES}
WITH_BLOCKS = [page for page, blocks in BLOCKS.items() if blocks]


@pytest.fixture(scope="session")
def web() -> Iterator[str]:
    with pictures() as url:
        yield url


@pytest.mark.parametrize("page", WITH_BLOCKS)
def test_blocks_run(page: str, platform: Platform, web: str, tmp_path: Path) -> None:
    """Whoever follows a page from its top to its end meets no error."""
    replaced = {
        "http://127.0.0.1:8000": platform.base,
        "https://demo.twilio.com": web,
        "5000": str(free_port()),
    }
    done = Reader(tmp_path, platform, replaced).read(BLOCKS[page])
    until(lambda: _idle(platform))
    sys.stdout.write("\n".join(["", *done, ""]))


def _idle(platform: Platform) -> bool:
    """Nothing is under way that the next page could take for its own."""
    lanes = platform.ask("/magpie/v1/Lanes")["lanes"]
    return not any(lane["jobs"] for lane in lanes)


def test_every_block_says_what_it_is() -> None:
    """A language that nobody knows here would not be tried and nobody would notice."""
    strange = [
        block.where
        for blocks in BLOCKS.values()
        for block in blocks
        if block.language not in LANGUAGES or not block.words <= WORDS
    ]
    assert strange == []


def test_only_what_needs_another_machine_is_not_run() -> None:
    """Programs in the languages of our users and settings are always tried."""
    unrun = {
        block.language
        for blocks in BLOCKS.values()
        for block in blocks
        if "unrun" in block.words or block.language not in RUN
    }
    assert unrun <= {"sh", "text", "nginx"}


def test_files_of_a_page_are_used() -> None:
    """A program that a page has saved is also run by that page."""
    for blocks in BLOCKS.values():
        scripts = "".join(b.text for b in blocks if b.language == "sh" and "unrun" not in b.words)
        assert [b.where for b in blocks if b.file and b.file not in scripts] == []
