"""Papers on the table: a folder reconciled without a ledger."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.dongyu import DONGYU

from eximledger.desk import check_papers, read_folder
from eximledger_chaincode.documents import Document
from eximledger_chaincode.rules import Decision
from hlf_client.errors import InvalidDocument

PAPERS = DONGYU / "papers-only"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(PAPERS, tmp_path / "papers")
    return tmp_path / "papers"


def test_a_folder_is_read_and_its_mistakes_are_found(folder: Path) -> None:
    papers = read_folder(folder)
    verdict = check_papers(papers.application, papers.documents)
    assert verdict.verdict is Decision.REFER
    assert {finding.rule for finding in verdict.findings} == {"BL-LATEST", "INV-DECL-GOODS", "PAPERS-ONLY"}


def test_the_order_of_papers_does_not_matter(folder: Path) -> None:
    papers, now = read_folder(folder), datetime.now(UTC)
    first = check_papers(papers.application, papers.documents, now=now)
    assert check_papers(papers.application, papers.documents[::-1], now=now) == first


def test_a_missing_paper_is_missed(folder: Path) -> None:
    next(folder.glob("packing-list*")).unlink()
    papers = read_folder(folder)
    rules = {finding.rule for finding in check_papers(papers.application, papers.documents).findings}
    assert "PAPERS" in rules


def test_a_folder_without_application_or_with_two_is_refused(folder: Path) -> None:
    shutil.copy(folder / "application.json", folder / "application-2.json")
    with pytest.raises(InvalidDocument, match="2 are there"):
        read_folder(folder)
    for file in folder.glob("application*"):
        file.unlink()
    with pytest.raises(InvalidDocument, match="0 are there"):
        read_folder(folder)


def test_a_file_that_is_no_paper_is_named(folder: Path) -> None:
    (folder / "notes.txt").write_text("call the exporter")
    with pytest.raises(InvalidDocument, match=r"notes\.txt"):
        read_folder(folder)


def test_two_papers_that_differ_under_one_number_are_refused(folder: Path) -> None:
    papers = read_folder(folder)
    invoice = next(one for one in papers.documents if one.KIND == "invoice")
    other: Document = invoice.model_copy(update={"notes": ("another",)})
    with pytest.raises(InvalidDocument, match="differ"):
        check_papers(papers.application, [*papers.documents, other])


def test_a_paper_that_the_application_does_not_name_is_said_to_be_left_out(folder: Path) -> None:
    papers = read_folder(folder)
    invoice = next(one for one in papers.documents if one.KIND == "invoice")
    other = invoice.model_copy(update={"invoice_number": "UNASKED-1"})
    verdict = check_papers(papers.application, [*papers.documents, other])
    (finding,) = (each for each in verdict.findings if each.rule == "PAPERS-ONLY")
    assert "UNASKED-1" in finding.message.en
    assert "UNASKED-1" in finding.message.zh
