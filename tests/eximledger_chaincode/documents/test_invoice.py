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
        *((code, "7.00", "-7.00") for code in ("83", "262", "296", "308", "420", "458", "502", "503", "532")),
    ],
)
def test_a_credit_note_takes_its_total_away_with_either_sign(type_code: str | None, total: str, claim: str) -> None:
    invoice = trade.invoice()
    amount = Money(currency=invoice.currency, amount=Decimal(total))
    totals = invoice.totals.model_copy(update={"with_tax": amount})
    noted = invoice.model_copy(update={"type_code": type_code, "totals": totals})
    assert isinstance(noted, CommercialInvoice)
    assert noted.claim == Money(currency=invoice.currency, amount=Decimal(claim))


@pytest.mark.parametrize(
    ("with_tax", "prepaid", "third", "payable", "total"),
    [(None, None, None, "550", "550"), (None, "165", None, "385", "550"), ("550", "165", None, "385", "550"),
     (None, "165", "20", "405", "550"), (None, "550", None, "0", "550")],
)  # fmt: skip
def test_what_is_prepaid_is_a_part_of_what_was_invoiced(
    with_tax: str | None, prepaid: str | None, third: str | None, payable: str, total: str
) -> None:
    """Without a total with tax the deposit was taken off twice: once here, once as prepaid."""
    invoice = trade.invoice()

    def money(amount: str | None) -> Money | None:
        return None if amount is None else Money(currency=invoice.currency, amount=Decimal(amount))

    stated = {"with_tax": with_tax, "prepaid": prepaid, "for_third_parties": third, "payable": payable}
    totals = invoice.totals.model_copy(update={field: money(amount) for field, amount in stated.items()})
    assert invoice.model_copy(update={"totals": totals}).total == money(total)


@pytest.mark.parametrize("beside", ["prepaid", "for_third_parties"])
def test_an_invoice_over_more_than_an_amount_can_be_is_refused(beside: str) -> None:
    """As it is read: no rule could say what it is over."""
    invoice = trade.invoice()
    most = Decimal("9" * 28 + ".99")
    said = {"payable": most if beside == "prepaid" else most.copy_negate(), beside: most}
    totals = {name: {"amount": str(amount), "currency": invoice.currency} for name, amount in said.items()}
    with pytest.raises(ValueError, match="more than an amount can be"):
        CommercialInvoice.model_validate(invoice.model_dump(exclude_none=True) | {"totals": totals})
    totals.pop(beside)
    CommercialInvoice.model_validate(invoice.model_dump(exclude_none=True) | {"totals": totals})
