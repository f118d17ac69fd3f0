"""Small inputs that once went wrong, each with its right value; they stand beside the checkout."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from eximledger.formats import read
from eximledger_chaincode.documents import ExportDeclaration, Money
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
