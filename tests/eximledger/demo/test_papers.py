"""The papers of the Dongyu case: the files are what their script writes, and everything in them is read."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from eximledger.formats import Cause, read
from eximledger_chaincode.documents import CommercialInvoice, ExportDeclaration, FxReceipt, LoanApplication, Money

DONGYU = Path(__file__).resolve().parents[3] / "examples" / "dongyu"
SOURCES = {".py", ".j2", ".md", ".pyc"}


def files_of(folder: Path) -> dict[str, bytes]:
    """The papers in a folder by their path, without what they are written from."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.suffix not in SOURCES)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


PAPERS = sorted(files_of(DONGYU))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the script has written the papers."""
    folder = tmp_path_factory.mktemp("papers")
    subprocess.run([sys.executable, "-B", DONGYU / "write_papers.py", folder], check=True, timeout=60)
    return folder


def test_the_files_are_what_the_script_writes(written: Path) -> None:
    assert sorted(files_of(written)) == PAPERS


@pytest.mark.parametrize("name", PAPERS)
def test_a_file_is_what_the_script_writes(written: Path, name: str) -> None:
    if name.endswith(".xlsx"):  # another version of openpyxl may pack the same cells in other XML
        assert read(written / name).documents == read(DONGYU / name).documents
    else:
        assert (written / name).read_bytes() == (DONGYU / name).read_bytes()


@pytest.mark.parametrize("name", PAPERS)
def test_everything_in_a_paper_is_read(name: str) -> None:
    reading = read(DONGYU / name)
    assert reading.documents
    if name == "safe/statement-2025.camt053.xml":  # a statement has balances and payments, which are no receipts
        assert {entry.cause for entry in reading.unmapped} == {Cause.NOT_MODELLED, Cause.SKIPPED}
    else:
        assert reading.unmapped == ()


def test_the_real_formats_are_all_there() -> None:
    formats = {read(DONGYU / name).format for name in PAPERS}
    assert formats >= {
        "table-csv", "table-xlsx", "ubl-order-2.1", "ubl-invoice-2.1", "cii-invoice",
        "ubl-bill-of-lading-2.1", "ubl-waybill-2.1", "ubl-despatch-advice-2.1", "camt.053.001.08", "camt.054.001.08",
        "json",
    }  # fmt: skip


def test_the_declarations_open_with_a_byte_order_mark() -> None:
    assert (DONGYU / "customs" / "declarations-2026.csv").read_bytes().startswith("\ufeff报关单号,".encode())


def test_papers_carry_both_languages() -> None:
    (invoice,) = read(DONGYU / "eximbank" / "invoice-DY-CI-260327-01.xml").documents
    assert isinstance(invoice, CommercialInvoice)
    assert tuple(invoice.seller.names) == ("Guizhou Dongyu Electric Co., Ltd.", "贵州东裕电气有限公司")
    assert invoice.lines[0].name == "Oil-immersed distribution transformer 400 kVA"
    assert "油浸式配电变压器" in (invoice.lines[0].description or "")


def test_the_application_is_for_7_760_000_yuan_on_six_declarations() -> None:
    for name in ("application.json", "corrected/application.json"):
        (application,) = read(DONGYU / name).documents
        assert isinstance(application, LoanApplication)
        assert application.amount == Money.of("7760000.00", "CNY")
        assert len(application.declarations) == 6


def test_a_receipt_names_its_invoice_and_declaration() -> None:
    declared = {
        declaration.declaration_number: declaration.total
        for declaration in read(DONGYU / "customs" / "declarations-2026.csv").documents
        if isinstance(declaration, ExportDeclaration)
    }
    receipts = read(DONGYU / "receipt" / "credits-2026-04.camt054.xml").documents
    assert len(receipts) == 6
    for receipt in receipts:
        assert isinstance(receipt, FxReceipt)
        assert receipt.exporter == "91520600MA6DYEK78F"
        (allocation,) = receipt.allocations
        assert allocation.amount == receipt.amount == declared[allocation.declaration_number]
        assert "invoice" in {reference.kind for reference in receipt.references}
