"""The papers of the case dated from another day: every date in them moves alike, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from eximledger.demo import PAPERS_DAY, papers_folder, write_papers
from eximledger.formats import read
from eximledger_chaincode.documents import Document, ExportDeclaration, LoanApplication
from hlf_client.errors import InvalidDocument, Refused

ENDINGS = {".csv", ".json", ".xml", ".xlsx"}


def documents_in(folder: Path) -> dict[str, tuple[Document, ...]]:
    files = (path for path in sorted(folder.rglob("*")) if path.suffix in ENDINGS)
    return {path.relative_to(folder).as_posix(): tuple(read(path).documents) for path in files}


ORIGINAL = documents_in(papers_folder())
DECLARED = {
    one.declaration_number: one.declared_on
    for documents in ORIGINAL.values()
    for one in documents
    if isinstance(one, ExportDeclaration)
}


def renamed(step: timedelta) -> dict[str, str]:
    return {number: number[:4] + str((day + step).year) + number[8:] for number, day in DECLARED.items()}


def moved(value: object, step: timedelta, numbers: Mapping[str, str]) -> object:
    """What a value of a document must be: dates moved, declarations renamed, also where free text names either."""
    match value:
        case datetime() | date():
            return value + step
        case BaseModel():
            return {name: moved(getattr(value, name), step, numbers) for name in type(value).model_fields}
        case tuple() | list():
            return [moved(one, step, numbers) for one in value]
        case Mapping():
            return {moved(key, step, numbers): moved(one, step, numbers) for key, one in value.items()}
        case str():
            for old, new in numbers.items():
                value = value.replace(old, new)
            on = re.fullmatch(r"(CLEAN ON BOARD |)(\d{4}-\d\d-\d\d)(T\S+|)", value)
            return f"{on[1]}{date.fromisoformat(on[2]) + step}{on[3]}" if on else value
        case _:
            return value


def plain(document: Document) -> object:
    return moved(document, timedelta(), {})


@settings(max_examples=8, deadline=None)
@given(st.dates(date(2001, 1, 1), date(2099, 12, 31)))
@example(PAPERS_DAY)
@example(date(2001, 1, 1))
@example(date(2026, 12, 31))
@example(date(2027, 1, 1))
@example(date(2028, 2, 29))
@example(date(2028, 3, 1))
@example(date(2099, 12, 31))
def test_every_date_of_every_paper_moves_alike_and_nothing_else(day: date) -> None:
    step = day - PAPERS_DAY
    with TemporaryDirectory() as folder:
        dated = documents_in(write_papers(Path(folder) / "papers", day))
    numbers = renamed(step)
    assert dated.keys() == ORIGINAL.keys()
    for name, documents in ORIGINAL.items():
        assert [plain(one) for one in dated[name]] == [moved(one, step, numbers) for one in documents], name


def test_the_walk_sees_dates_numbers_and_text() -> None:
    """Else the test above would hold of papers that nobody moved."""
    step = timedelta(days=300)
    for name, documents in ORIGINAL.items():
        if name.endswith("policy.json"):
            continue
        assert any(moved(one, step, renamed(step)) != plain(one) for one in documents), name
    (bill,) = ORIGINAL["eximbank/bill-POLU-YTN-0417705.xml"]
    assert "CLEAN ON BOARD 2027-02-01" in str(moved(bill, step, {}))


def test_no_date_that_was_there_is_left(tmp_path: Path) -> None:
    """In the files themselves, so also where no document reads it."""
    papers = papers_folder()
    folder = write_papers(tmp_path / "papers", date(2031, 4, 21))
    for path in folder.rglob("*.xml"):
        old = re.findall(r">\s*(20\d\d-?\d\d-?\d\d)", (papers / path.relative_to(folder)).read_text())
        assert old
        assert not set(old) & set(re.findall(r"20\d\d-?\d\d-?\d\d", path.read_text())), path.name
    (sheet,) = openpyxl.load_workbook(folder / "customs" / "declarations-2025.xlsx").worksheets
    days = [value for row in sheet.iter_rows(values_only=True) for value in row if isinstance(value, datetime)]
    assert {day.year for day in days} == {2030, 2031}


def test_papers_of_their_own_day_are_the_same_bytes(tmp_path: Path) -> None:
    papers = papers_folder()
    folder = write_papers(tmp_path / "papers", PAPERS_DAY)
    for path in (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".xlsx"):
        assert path.read_bytes() == (papers / path.relative_to(folder)).read_bytes()


def test_what_the_papers_tell_has_happened_by_their_day() -> None:
    for name, documents in ORIGINAL.items():
        for one in documents:
            if isinstance(one, LoanApplication):
                assert timedelta() <= PAPERS_DAY - one.applied_on <= timedelta(days=1), name
            else:
                assert one.dated is None or one.dated <= PAPERS_DAY, name


def test_a_folder_with_something_in_it_and_a_day_too_far_off_are_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(Refused, match="has something in it"):
        write_papers(tmp_path, PAPERS_DAY)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
    for day in (date(2000, 12, 31), date(2100, 1, 1)):
        with pytest.raises(InvalidDocument, match="from 2001-01-01 to 2099-12-31"):
            write_papers(tmp_path / "papers", day)
    assert not (tmp_path / "papers").exists()
