"""The table of formats: what is documented, told and read is what stands in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from eximledger.formats import detect, read
from eximledger.formats._known import FORMATS, known_formats
from eximledger_chaincode.documents import KINDS
from hlf_chaincode.errors import InvalidDocument

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "formats.md"
PAPERS = sorted(
    path
    for folder in ("customs", "safe", "eximbank", "tradebank", "receipt")
    for path in (ROOT / "examples" / "dongyu" / folder).iterdir()
)


def documented() -> dict[str, str]:
    """What the page says that each format becomes, by the format's name without a version."""
    rows = [line.split("|") for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    names = {name: becomes for _, cell, _, becomes, _ in rows for name in re.findall(r"`([a-z][^`]*)`", cell)}
    return {re.sub(r"-2\.\d$|\.\d\d$", "", name): becomes for name, becomes in names.items()}


def test_the_page_lists_the_formats_that_are_read() -> None:
    page = documented()
    assert page.keys() == FORMATS.keys()
    for name, row in FORMATS.items():
        assert set(row.kinds) <= KINDS.keys()
        if row.kinds != tuple(KINDS):
            assert all(kind in page[name] for kind in row.kinds), name


def test_the_error_names_every_format() -> None:
    with pytest.raises(InvalidDocument) as told:
        detect(b"<letter/>")
    assert told.value.message.endswith(f"; known are: {known_formats()}")
    for row in FORMATS.values():
        assert row.word in known_formats()
        assert known_formats().count(row.family) == 1


@pytest.mark.parametrize("path", PAPERS, ids=lambda path: path.name)
def test_a_paper_is_of_a_kind_that_its_format_has(path: Path) -> None:
    reading = read(path)
    row = next(row for name, row in FORMATS.items() if reading.format.startswith(name))
    assert reading.format == detect(path)
    assert {document.KIND for document in reading.documents} <= set(row.kinds)
