"""What of a receipt may repay loans."""

from __future__ import annotations

import pytest
from tests.eximledger_chaincode.rules.cases import NUMBER, cny, naming, usd

from eximledger_chaincode.documents import Money
from eximledger_chaincode.lending.accounts.offers import OfferedReceipt
from eximledger_chaincode.lending.collecting.naming import Order


def test_what_was_taken_back_repays_no_loan() -> None:
    receipt = naming(usd(980), [NUMBER], returned=usd(500))
    assert OfferedReceipt.of(receipt, {"L-1": usd(80)}).left == usd(400)
    assert OfferedReceipt.of(receipt, {"L-1": usd(481)}).left == usd(0)


@pytest.mark.parametrize("ordered", [usd(1), usd(1_000_000), cny(7_100_000)])
def test_no_more_is_offered_than_was_credited(ordered: Money) -> None:
    """What never came in, or what its payer only wrote, repays no loan."""
    receipt = naming(usd(980), [NUMBER], ordered=Order(amount=ordered))
    offer = OfferedReceipt.of(receipt, {"L-1": usd(80)})
    assert (offer.amount, offer.left) == (usd(980), usd(900))
