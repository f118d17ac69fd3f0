"""INV-MATH on published invoices: what adds up passes, and what does not is wrong on the paper itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.eximledger_chaincode.rules import cases

from eximledger.formats import read
from eximledger_chaincode.documents import CommercialInvoice
from eximledger_chaincode.rules import RULES

SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "samples"
FILES = sorted(SAMPLES.rglob("*.xml"))

RETURN = {"lines[20].amount"}
"""Goods returned: 6 x 18.33 EUR is stated as -109.98; the quantity lacks its sign."""
CHARGED = {"lines[1].amount", "totals.with_tax", "totals.payable"}
"""The line's own charge and allowance are left out of its amount; the rounding is counted into the total with tax."""
WRONG = {
    "CII_business_example_01.xml": {f"lines[{number}].amount" for number in range(1, 6)},  # 0.75 for each 0.75 m
    "CII_example1.xml": RETURN,
    "ubl-tc434-example1.xml": RETURN,
    "ubl-tc434-example3.xml": {"lines[1].amount", "lines[2].amount"},  # 2 x 800.00 is stated as 800.00
    "UBL-Invoice-2.1-Example.xml": CHARGED,
    "UBL-FreightInvoice-2.1-Example.xml": CHARGED,
}
"""Invoices that do not add up, by the fields that are wrong on the paper."""


def invoices_in(file: Path) -> list[CommercialInvoice]:
    return [document for document in read(file).documents if isinstance(document, CommercialInvoice)]


@pytest.mark.skipif(not FILES, reason="the published samples are not here")
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_published_invoice_adds_up_or_is_wrong_by_name(file: Path) -> None:
    found: set[str] = set()
    for invoice in invoices_in(file):
        findings = RULES["INV-MATH"].findings(cases.case(invoice))
        found |= {statement.field for finding in findings for statement in finding.statements}
    assert found == WRONG.get(file.name, set())


@pytest.mark.skipif(not FILES, reason="the published samples are not here")
def test_samples_hold_invoices_enough_to_mean_something() -> None:
    assert sum(bool(invoices_in(file)) for file in FILES) >= 10
