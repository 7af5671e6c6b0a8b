"""`magpie media fit` says of files what the platform would."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests import pictures

from magpie.cli.kinds import kind_of
from magpie.cli.media import fit
from magpie.cli.terminal import Output


def told(
    capsys: pytest.CaptureFixture[str], *files: Path, save: Path | None = None
) -> list[dict[str, Any]]:
    fit(files, ["att", "video-rich"], "local", explain=True, save=save, output=Output.JSON)
    answer: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return answer


def test_a_picture_is_made_for_each_carrier(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is saved is as large as is told, and within what the carrier takes."""
    source = tmp_path / "a.jpg"
    source.write_bytes(pictures.photo(900, 700, quality=99))
    for verdict in told(capsys, source, save=tmp_path / "out"):
        made = (tmp_path / "out" / verdict["carrier"] / "1-a.jpg").read_bytes()
        assert len(made) == verdict["bytes"] < 1_000_000


@pytest.mark.parametrize(
    ("name", "content", "count", "code"),
    [
        ("a.jpg", b"", 1, 63019),
        ("a.txt", b"text", 1, 12300),
        ("a.png", b"\xff\xd8\xff\xe0", 1, 12300),
        ("a.jpg", b"\xff\xd8\xff" + bytes(3_000_000), 2, 11751),
        ("a.vcf", b"BEGIN:VCARD\r\n", 11, 21623),
    ],
)
def test_what_the_platform_refuses_no_carrier_takes(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    content: bytes,
    count: int,
    code: int,
) -> None:
    """Files that are empty, of no type that is sent, lying, too large or too many."""
    source = tmp_path / name
    source.write_bytes(content)
    assert [verdict["code"] for verdict in told(capsys, *[source] * count)] == [code, code]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.3gp", "video/3gpp"),
        ("A.HEIC", "image/heic"),
        ("a.amr", "audio/amr"),
        ("a.jpg", "image/jpeg"),
        ("a", "application/octet-stream"),
    ],
)
def test_a_file_is_known_by_its_ending(name: str, kind: str) -> None:
    """Whatever the system's own table says, or lacks."""
    assert kind_of(Path(name)) == kind
