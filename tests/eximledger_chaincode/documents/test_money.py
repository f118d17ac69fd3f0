"""Money takes nothing that is not exact."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pydantic import ValidationError

from eximledger_chaincode.documents import Money


@pytest.mark.parametrize("amount", ["12.50", Decimal("12.5")])
def test_exact_amounts_are_taken(amount: str | Decimal) -> None:
    assert str(Money.of(amount, "USD")) == "12.50 USD"
    assert Money.of(12, "USD") == Money.of("12.00", "USD")


@pytest.mark.parametrize("amount", [12.5, 0.0, 1e300, float("nan"), True])
def test_a_float_is_not_exact(amount: float) -> None:
    """12.5 happens to be exact; that the next float is not would be found out in production."""
    with pytest.raises(TypeError, match="a float is not exact"):
        Money.of(amount, "USD")  # type: ignore[arg-type]
    with pytest.raises(ValidationError, match="a float is not exact"):
        Money(amount=amount, currency="USD")


def test_of_the_largest_amount_nothing_is_lost_by_its_sign() -> None:
    """Python's own minus rounds to 28 digits."""
    largest = Money.of("9999999999999999999999999999.99", "USD")
    assert str((-largest).amount) == "-9999999999999999999999999999.99"
    assert largest + -largest == -Money.zero("USD") == Money.zero("USD")


def test_renminbi_outside_china_is_the_same_money() -> None:
    assert Money.of("8.80", "CNH") == Money.of("8.80", "CNY")


def test_more_decimals_than_the_currency_has_are_refused() -> None:
    with pytest.raises(ValueError, match="JPY has 0 decimals"):
        Money.of("12.5", "JPY")
