"""What an invoice claims, by its type and the sign of its total."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.eximledger_chaincode.contracts import trade

from eximledger_chaincode.documents import CommercialInvoice, Money


@pytest.mark.parametrize(
    ("type_code", "total", "claim"),
    [
        (None, "100.00", "100.00"),
        ("380", "100.00", "100.00"),
        ("393", "-3.00", "-3.00"),
        ("381", "100.00", "-100.00"),
        ("81", "0.50", "-0.50"),
        ("261", "-7.00", "-7.00"),
        ("396", "7.00", "-7.00"),
    ],
)
def test_a_credit_note_takes_its_total_away_with_either_sign(type_code: str | None, total: str, claim: str) -> None:
    invoice = trade.invoice()
    amount = Money(currency=invoice.currency, amount=Decimal(total))
    totals = invoice.totals.model_copy(update={"with_tax": amount})
    noted = invoice.model_copy(update={"type_code": type_code, "totals": totals})
    assert isinstance(noted, CommercialInvoice)
    assert noted.claim == Money(currency=invoice.currency, amount=Decimal(claim))
