"""A bank that has never written anything: its lists are empty, though nothing names them yet."""

from __future__ import annotations

import pytest
from tests.eximledger_chaincode.contracts import trade


@pytest.mark.parametrize("asked", [
    ("bank", "loans:list"), ("bank", "documents:list", "invoice"), ("customs", "documents:list", "declaration"),
], ids=" ".join)  # fmt: skip
async def test_the_lists_of_a_bank_that_wrote_nothing_are_empty(asked: tuple[str, ...]) -> None:
    ledger = await trade.founded()
    answer = await ledger.evaluate(trade.TRADEBANK, *asked)
    assert isinstance(answer, dict)
    assert answer.pop("bookmark") == ""
    assert list(answer.values()) == [[]]
