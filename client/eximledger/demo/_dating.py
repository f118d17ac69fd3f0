"""The papers of a case, written anew with every date moved by one number of days.

A ledger judges an application on the day of the transaction, so papers of a fixed day go stale. Dates are told by their
form: days in XML, JSON and tables, a cell's own date, the 8 digits of UN/CEFACT's format 102, the 6 digits of SWIFT's
fields. The year in a declaration's number goes with its date, wherever the number is named. Other numbers, loans and
files keep their names.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

import openpyxl

from eximledger.demo._papers import DONGYU, papers_folder
from eximledger.formats import read
from eximledger_chaincode.documents import ExportDeclaration
from hlf_client.errors import InvalidDocument, Refused

__all__ = ["PAPERS_DAY", "write_papers"]

PAPERS_DAY: Final = date(2026, 4, 21)
"""The day on which the case happens in the papers as they are installed: nothing that they tell lies after it."""

_FIRST, _LAST = date(2001, 1, 1), date(2099, 12, 31)
"""Numbers of declarations can name the years from 2000 to 2099, and the oldest declarations are ten months old."""

_DAY: Final = re.compile(r"(?<![0-9A-Za-z-])[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9-])")
_FORMAT_102: Final = re.compile(r'(?<= format="102">)[0-9]{8}(?=<)')
_SWIFT_DAY: Final = re.compile(r"(?m)^(:(?:30|31C|31D|44C):|:6[02]F:[CD])([0-9]{6})")
_SWIFT_ENTRY: Final = re.compile(r"(?m)^(:61:)([0-9]{6})[0-9]{4}")
_DECLARATION: Final = re.compile(r"(?<![0-9])[0-9]{18}(?![0-9])")
_DECLARING: Final = {".csv", ".xlsx", ".json"}


def write_papers(to: Path, day: date, case: str = DONGYU) -> Path:
    """Write the papers as they would be had the case happened on `day`, under the same names, and return the folder.

    `to` is made, and must be empty where it exists. An application dates from `day` or the day before, receipts from
    `day`. Raises `InvalidDocument` for a day outside 2001 to 2099, `Refused` for a folder with something in it.
    """
    if not _FIRST <= day <= _LAST:
        raise InvalidDocument(f"the papers can be dated from {_FIRST} to {_LAST}", field="day")
    to.mkdir(parents=True, exist_ok=True)
    if any(to.iterdir()):
        raise Refused(f"{to} has something in it: name a new folder for the papers")
    papers = papers_folder(case)
    dating = _Dating.by(day - PAPERS_DAY, papers)
    for name in _names(papers):
        path = to / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_WRITERS[name.suffix](dating, (papers / name).read_bytes()))
    return to


@dataclass(frozen=True, slots=True)
class _Dating:
    """By how much dates move, and how that renames declarations."""

    step: timedelta
    numbers: Mapping[str, str]

    @classmethod
    def by(cls, step: timedelta, papers: Path) -> _Dating:
        files = (papers / name for name in _names(papers) if name.suffix in _DECLARING)
        declared = {
            one.declaration_number: one.declared_on
            for path in files
            for one in read(path).documents
            if isinstance(one, ExportDeclaration)
        }
        return cls(step, {old: f"{old[:4]}{(day + step).year}{old[8:]}" for old, day in declared.items()})

    def text(self, text: str) -> str:
        text = _DAY.sub(lambda found: (date.fromisoformat(found[0]) + self.step).isoformat(), text)
        text = _FORMAT_102.sub(lambda found: f"{date.fromisoformat(found[0]) + self.step:%Y%m%d}", text)
        return _DECLARATION.sub(lambda found: self.numbers.get(found[0], found[0]), text)

    def swift(self, content: bytes) -> bytes:
        """SWIFT messages: the day of a statement line stands there twice."""
        text = _SWIFT_DAY.sub(lambda found: f"{found[1]}{self._six_digits(found[2])}", content.decode())
        text = _SWIFT_ENTRY.sub(lambda found: f"{found[1]}{(day := self._six_digits(found[2]))}{day[2:]}", text)
        return self.text(text).encode()

    def _six_digits(self, digits: str) -> str:
        return f"{date(2000 + int(digits[:2]), int(digits[2:4]), int(digits[4:])) + self.step:%y%m%d}"

    def file(self, content: bytes) -> bytes:
        """A file of text; the byte order mark and the ends of lines stay as they are."""
        return self.text(content.decode()).encode()

    def workbook(self, content: bytes) -> bytes:
        book = openpyxl.load_workbook(io.BytesIO(content))
        for cell in (cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row):
            if isinstance(cell.value, datetime):
                cell.value += self.step
            elif isinstance(cell.value, str):
                cell.value = self.text(cell.value)
        packed = io.BytesIO()
        book.save(packed)
        return packed.getvalue()


_WRITERS: Final[Mapping[str, Callable[[_Dating, bytes], bytes]]] = {
    ".csv": _Dating.file,
    ".json": _Dating.file,
    ".xml": _Dating.file,
    ".xlsx": _Dating.workbook,
    ".mt": _Dating.swift,
    ".sta": _Dating.swift,
}
"""By the ending of a paper's name; a checkout's folder has other files too, which are no papers."""


def _names(papers: Path) -> Iterator[Path]:
    return (path.relative_to(papers) for path in sorted(papers.rglob("*")) if path.suffix in _WRITERS)
