"""`bench.corpora`: what a reader gets wrong is seen, whatever else is in the file."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from bench.corpora import comparing
from bench.corpora.comparing import compare
from bench.corpora.files import SUFFIXES
from tests.eximledger.filing.invoices import invoice
from tests.eximledger.formats.test_camt_natures import entry
from tests.eximledger.formats.test_camt_natures import statement as one_statement

from eximledger.formats import Reading, read
from eximledger_chaincode.documents import CommercialInvoice, FxReceipt, InvoiceTotals, Money

STATEMENT = """:20:STMT
:25:12345678
:28C:1/1
:60F:C260301USD100,00
:61:2603020302C1000,00NTRFINV-1//BANKREF1
:86:PAYMENT OF INV-1
:61:2603030303C20,00NTRFINV-2//BANKREF2
:62F:C260303USD1120,00
"""


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "invoice.xml"
    path.write_text(invoice("B-1"), encoding="utf-8")
    return path


@pytest.fixture
def statement(tmp_path: Path) -> Path:
    path = tmp_path / "statement.sta"
    path.write_text(STATEMENT, encoding="ascii")
    return path


def misread(monkeypatch: pytest.MonkeyPatch, change: Callable[[Reading], Reading]) -> None:
    monkeypatch.setattr(comparing, "read", lambda path: change(read(path)))


def test_what_is_read_rightly_is_read(paper: Path, statement: Path) -> None:
    assert (compare(paper).outcome, compare(paper).reasons) == ("read", ())
    assert (compare(statement).outcome, compare(statement).reasons) == ("read", ())


@pytest.mark.parametrize(
    "changes",
    [
        {"issued_on": date(2026, 3, 28)}, {"invoice_number": "B-2"}, {"payment_terms": "at sight"},
        {"due_on": date(2026, 4, 27)}, {"lines": ()}, {"currency": "EUR"}, {"type_code": "381"},
    ],
)  # fmt: skip
def test_an_invoice_read_wrongly_is_wrong(
    paper: Path, monkeypatch: pytest.MonkeyPatch, changes: dict[str, object]
) -> None:
    def change(reading: Reading) -> Reading:
        (found,) = reading.documents
        assert isinstance(found, CommercialInvoice)
        return replace(reading, documents=(found.model_copy(update=changes),))

    misread(monkeypatch, change)
    if "type_code" in changes:
        paper.write_text(
            paper.read_text().replace("<cbc:Doc", "<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode><cbc:Doc")
        )
    assert compare(paper).outcome == "wrong"


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": Money.of(Decimal("20.00"), "USD")}, {"amount": Money.of(Decimal("1000.00"), "EUR")},
        {"value_on": date(2026, 3, 3), "booked_on": date(2026, 3, 3)}, {"remittance": ("PAYMENT OF INV-3",)},
    ],
)  # fmt: skip
def test_a_receipt_read_wrongly_is_wrong(
    statement: Path, monkeypatch: pytest.MonkeyPatch, changes: dict[str, object]
) -> None:
    def change(reading: Reading) -> Reading:
        first, second = reading.documents
        assert isinstance(first, FxReceipt)
        return replace(reading, documents=(first.model_copy(update=changes), second))

    misread(monkeypatch, change)
    assert compare(statement).outcome == "wrong"


@pytest.mark.parametrize(
    "changes",
    [
        {"invoice_number": "B-2"}, {"issued_on": date(2026, 3, 28)}, {"currency": "EUR"}, {"lines": ()},
        {"totals": InvoiceTotals(payable=Money.of(22060, "USD"))},
    ],
)  # fmt: skip
def test_an_edifact_invoice_is_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changes: dict[str, object]
) -> None:
    path = tmp_path / "INVOIC.TXT"
    path.write_bytes((Path(__file__).parents[1] / "eximledger" / "formats" / "data" / "invoic.edi").read_bytes())
    assert (compare(path).outcome, compare(path).reasons) == ("read", ())

    def change(reading: Reading) -> Reading:
        (found,) = reading.documents
        return replace(reading, documents=(found.model_copy(update=changes),))

    misread(monkeypatch, change)
    assert compare(path).outcome == "wrong"


def test_statements_in_an_archive_and_without_a_suffix_are_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = one_statement(entry("4000.00"))
    plain, packed = tmp_path / "test-camt053", tmp_path / "test.zip"
    plain.write_bytes(content)
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.xml", content)
    assert "" in SUFFIXES
    assert [compare(path).outcome for path in (plain, packed)] == ["read", "read"]
    misread(monkeypatch, lambda reading: Reading(reading.format, (), ()))
    assert [compare(path).outcome for path in (plain, packed)] == ["wrong", "wrong"]


def test_a_receipt_that_is_dropped_in_silence_is_wrong(statement: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    misread(monkeypatch, lambda reading: Reading(reading.format, reading.documents[:1], ()))
    assert compare(statement).outcome == "wrong"


def test_a_refusal_of_what_is_claimed_is_told_from_what_is_not(tmp_path: Path, paper: Path) -> None:
    paper.write_text(invoice("B-1").replace("2026-03-27", "2026-02-31"), encoding="utf-8")
    assert compare(paper).outcome == "refused"
    other = tmp_path / "schema.xml"
    other.write_text("<schema/>")
    assert compare(other).outcome == "other"


def test_a_crash_is_wrong(paper: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(_reading: Reading) -> Reading:
        raise RuntimeError("lost")

    misread(monkeypatch, crash)
    assert compare(paper).reasons == ("crashed: RuntimeError('lost')",)
