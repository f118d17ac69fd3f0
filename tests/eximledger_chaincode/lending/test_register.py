"""The register's values: what is held in all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eximledger_chaincode.documents import Money
from eximledger_chaincode.lending.register import HeldPosition
from hlf_chaincode.errors import FabricError

EMPTY = HeldPosition(declaration_number="224820260000418836")


def usd(amount: str | int) -> Money:
    return Money.of(amount, "USD")


def eur(amount: str | int) -> Money:
    return Money.of(amount, "EUR")


def test_what_is_held_and_freed_leaves_nothing_but_a_count() -> None:
    held = EMPTY.plus(usd("10.05")).plus(usd("0.95"))
    assert (held.held, held.version) == ((usd("11.00"),), 2)
    freed = held.less(usd("11.00"))
    assert (freed.held, freed.version) == ((), 3)


def test_currencies_are_kept_apart_and_in_order() -> None:
    held = EMPTY.plus(usd(5)).plus(eur(7)).plus(usd(1))
    assert held.held == (eur(7), usd(6))
    assert held.less(usd(6)).held == (eur(7),)


@pytest.mark.parametrize("freed", [usd("11.01"), eur("0.01"), usd("999999999999")])
def test_no_more_is_freed_than_is_held(freed: Money) -> None:
    with pytest.raises(FabricError, match="less held than is freed"):
        EMPTY.plus(usd("11.00")).less(freed)
    with pytest.raises(FabricError):
        EMPTY.less(freed)


amounts = st.builds(
    lambda cents, make: make(f"{cents // 100}.{cents % 100:02}"), st.integers(1, 10**12), st.sampled_from((usd, eur))
)


@given(st.lists(amounts, max_size=8), st.data())
def test_in_whatever_order_all_that_was_held_is_freed(held: list[Money], data: st.DataObject) -> None:
    position = EMPTY
    for amount in held:
        position = position.plus(amount)
    for amount in data.draw(st.permutations(held)):
        position = position.less(amount)
    assert (position.held, position.version) == ((), 2 * len(held))
