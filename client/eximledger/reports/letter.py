"""The letter to an exporter, in Chinese and English: as a page, and as a DOCX that a bank puts its seal to.

Nothing is loaded from elsewhere and no font is shipped: the reader's own are named. Equal letters are equal files.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import count
from pathlib import Path
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from eximledger.desk import Letter, Point
from eximledger.reports._files import write_whole
from eximledger.reports.wording.citations import cited
from eximledger_chaincode.documents import KINDS, Words, shown

__all__ = ["docx_letter", "html_letter", "write_letters"]

_WIDTHS: Final = (560, 3720, 2240, 3118)
"""Of the columns, in twentieths of a point."""
_HEADINGS: Final = ("#", "不符之处 What does not agree", "依据 Source", "请提供 What to bring")
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The date of every part of the DOCX: what time it is does not make another file."""


@dataclass(frozen=True, slots=True)
class _Paragraph:
    lang: str
    text: str


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    says: Words
    basis: Words
    bring: Words
    to_know: bool


@dataclass(frozen=True, slots=True)
class _Heading:
    zh: str
    en: str
    points: tuple[_Row, ...]


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("eximledger.reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_seen,
    )


def _seen(value: object) -> object:
    """What a paper says, as text that is seen and that XML allows: what steers or hides is written out."""
    if isinstance(value, Markup):
        return value
    return "".join("�" if ord(each) & 0xFFFE == 0xFFFE else each for each in shown(str(value)))


def html_letter(letter: Letter) -> str:
    """The page as text; every value of a paper is escaped."""
    return _rendered("letter.html.j2", letter)


def docx_letter(letter: Letter) -> bytes:
    """The document: five small parts in a ZIP, with no macro, no link and no property of who wrote it."""
    folder = files("eximledger.reports").joinpath("templates", "letter")
    parts = {
        "[Content_Types].xml": folder.joinpath("content_types.xml").read_text(encoding="utf-8"),
        "_rels/.rels": folder.joinpath("package.rels").read_text(encoding="utf-8"),
        "word/document.xml": _rendered("letter/document.xml.j2", letter),
        "word/_rels/document.xml.rels": folder.joinpath("document.rels").read_text(encoding="utf-8"),
        "word/styles.xml": folder.joinpath("styles.xml").read_text(encoding="utf-8"),
        "word/footer1.xml": _rendered("letter/footer.xml.j2", letter),
    }
    file = io.BytesIO()
    with ZipFile(file, "w") as package:
        for name, text in parts.items():
            package.writestr(ZipInfo(name, _EPOCH), text.encode(), ZIP_DEFLATED)
    return file.getvalue()


def write_letters(letter: Letter, folder: Path) -> tuple[Path, Path]:
    """Write both, each whole or not at all: `letter-LOAN.docx` and `letter-LOAN.html`. Raises OSError."""
    stem = f"letter-{letter.loan_id}"
    return (
        write_whole(folder / f"{stem}.docx", docx_letter(letter)),
        write_whole(folder / f"{stem}.html", html_letter(letter).encode()),
    )


def _rendered(template: str, letter: Letter) -> str:
    return (
        _environment()
        .get_template(template)
        .render(
            letter=letter,
            address=_address(letter),
            opening=_opening(letter),
            closing=_CLOSING,
            sections=_headings(letter),
            widths=_WIDTHS,
            headings=tuple(zip(_WIDTHS, _HEADINGS, strict=True)),
        )
    )


def _address(letter: Letter) -> str:
    place = letter.to.address
    if place is None:
        return ""
    parts = (*place.lines, place.city, place.region, place.postal_code, place.country)
    return ", ".join(part for part in parts if part)


def _opening(letter: Letter) -> Sequence[_Paragraph]:
    return (
        _Paragraph(
            "zh-CN",
            f"贵公司于 {letter.applied_on} 提交的出口融资申请，经我行审查，所附单据有下列不符之处。"
            f"请于 {letter.until}（含当日）前更正或说明，并提供所列材料。",
        ),
        _Paragraph(
            "en",
            f"We have examined the papers of your application for export financing of {letter.applied_on}. They do not "
            f"agree in the points below. Please correct or explain them, and bring what is named, by {letter.until} "
            f"(that day included).",
        ),
    )


_CLOSING: Final = (
    _Paragraph(
        "zh-CN",
        "逾期未答复的，我行可能无法继续办理该笔申请。本通知仅列明需由贵公司更正或说明的事项，不构成审批结论，亦不构成放款承诺。",
    ),
    _Paragraph(
        "en",
        "Without an answer by then we may be unable to go on with the application. This notice names what your company "
        "is to correct or explain; it is no decision on the loan, and no promise of one.",
    ),
)


def _headings(letter: Letter) -> tuple[_Heading, ...]:
    """The sections as they are read, their points numbered through."""
    number = count(1)
    found: list[_Heading] = []
    for section in letter.sections:
        words, paper = KINDS[section.paper.kind].words, section.paper.number
        rows = tuple(_row(next(number), point) for point in section.points)
        found.append(_Heading(f"{words.zh} {paper}", f"{_sentence(words.en)} {paper}", rows))
    return tuple(found)


def _row(number: int, point: Point) -> _Row:
    basis = Words(_sentence(point.basis), cited(point.basis))
    return _Row(number, point.says, basis, point.bring, point.to_know)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
