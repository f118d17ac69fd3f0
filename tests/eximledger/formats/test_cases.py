"""Small inputs that once went wrong, each with its right value; they stand beside the checkout."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.eximledger_chaincode.rules import cases

from eximledger.formats import detect, read
from eximledger_chaincode.documents import CommercialInvoice, ExportDeclaration, FxReceipt, Money, TransportDocument
from eximledger_chaincode.lending.verdict import Severity
from eximledger_chaincode.rules import RULES
from hlf_chaincode.errors import InvalidDocument

CASES = Path(__file__).resolve().parents[4] / "shared" / "cases"
pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="the cases are not here")
EXPORTER = "91520690MA6DX12344"


def declaration(name: str) -> ExportDeclaration:
    (found,) = read(CASES / name, exporter=EXPORTER).documents
    assert isinstance(found, ExportDeclaration)
    return found


def test_k2_tables() -> None:
    assert declaration("k2-freight-in-rmb.csv").freight == Money.of("7180", "CNY")
    assert declaration("k2-price-per-hundred.csv").lines[0].unit_price == Decimal(200)
    heavy = declaration("k2-weights-in-tonnes.csv")
    assert (heavy.gross_weight_kg, heavy.net_weight_kg) == (Decimal(5000), Decimal(4800))
    with pytest.raises(InvalidDocument, match="总价（人民币）"):
        read(CASES / "k2-total-in-rmb.csv", exporter=EXPORTER)


def test_k19_names_of_columns() -> None:
    found = declaration("k19-declared-unit-columns.csv")
    line = found.lines[0]
    assert (line.unit, line.hs_code, line.amount.currency) == ("台", "8504409999", "USD")


def test_k6_k7_k13_credits() -> None:
    def receipts(name: str) -> list[FxReceipt]:
        return [each for each in read(CASES / name, exporter=EXPORTER).documents if isinstance(each, FxReceipt)]

    batch = receipts("k6-batch-in-cny.xml")
    assert [(str(each.amount), each.instructed_amount) for each in batch] == [
        ("7,000.00 CNY", None),
        ("14,000.00 CNY", None),
    ]
    (credit,) = receipts("k7-zero-instructed.xml")
    assert (str(credit.amount), credit.instructed_amount) == ("885.00 USD", None)
    assert [each.reference for each in receipts("k13-pending-entry-without-dates.xml")] == ["C1"]


@pytest.mark.parametrize("path", sorted(CASES.glob("k8-*.xml")), ids=lambda path: path.stem)
def test_k8_what_the_standards_accept_is_not_rejected(path: Path) -> None:
    (found,) = read(path, exporter=EXPORTER).documents
    assert isinstance(found, CommercialInvoice)
    said = RULES["INV-MATH"].findings(cases.case(found))
    assert {finding.severity for finding in said} <= {Severity.INFORM}


def test_k9_group_lines() -> None:
    (found,) = read(CASES / "k9-group-and-details.xml", exporter=EXPORTER).documents
    assert isinstance(found, CommercialInvoice)
    assert [(line.number, str(line.quantity)) for line in found.lines] == [("101", "300"), ("102", "200")]
    assert RULES["INV-MATH"].findings(cases.case(found)) == ()


def test_k11_k14_k15_k18_papers() -> None:
    def only(name: str) -> object:
        (found,) = read(CASES / name, exporter=EXPORTER).documents
        return found

    allowance, bill, terms, enveloped = (
        only(f"{name}.xml")
        for name in ("k11-one-per-cent", "k14-loading-event", "k15-loss-risk-cfr", "k18-peppol-envelope")
    )
    assert isinstance(allowance, CommercialInvoice)
    assert allowance.allowances_charges[0].percent == 1
    assert isinstance(bill, TransportDocument)
    assert bill.on_board_on == date(2026, 3, 21)
    assert isinstance(terms, CommercialInvoice)
    assert terms.incoterm == "CFR"
    assert isinstance(enveloped, CommercialInvoice)
    assert (enveloped.number, enveloped.total) == ("CI-0001", Money.of("100000", "USD"))


@pytest.mark.parametrize(
    "path", [path for path in sorted(CASES.glob("k12-*")) if path.suffix != ".md"], ids=lambda path: path.stem
)
def test_k12_statements(path: Path) -> None:
    (found,) = read(path, exporter=EXPORTER).documents
    assert isinstance(found, FxReceipt)
    assert (str(found.amount), found.value_on) == ("1,000.00 USD", date(2026, 3, 2))


@pytest.mark.parametrize(
    ("name", "form"), [("html-as-xls.html", "table-html"), ("spreadsheetml.xml", "table-spreadsheetml")]
)
def test_k19_types_of_files(name: str, form: str) -> None:
    """They are read now; these two hold nothing but one heading."""
    assert detect(CASES / f"k19-{name}") == form
    with pytest.raises(InvalidDocument, match="has no header row"):
        read(CASES / f"k19-{name}")
