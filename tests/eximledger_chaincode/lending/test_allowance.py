"""A bank's allowance for a day: dealt out whole over slots, and walked by each transaction in an order of its own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eximledger_chaincode.lending.allowance import SLOTS, share_of, slots_in_turn


@given(limit=st.integers(16, 16_000_000))
def test_the_shares_are_the_limit(limit: int) -> None:
    assert sum(share_of(slot, limit) for slot in range(SLOTS)) == limit


@given(lower=st.integers(16, 100_000), more=st.integers(0, 100_000))
def test_a_greater_limit_gives_no_slot_less(lower: int, more: int) -> None:
    """So what was taken under one limit is never more than the slots have under a greater one."""
    assert all(share_of(slot, lower) <= share_of(slot, lower + more) for slot in range(SLOTS))


@given(transaction=st.text(max_size=64), limit=st.integers(16, 3_000), wanted=st.integers(1, 500))
def test_every_slot_that_has_a_share_comes_once(transaction: str, limit: int, wanted: int) -> None:
    walked = [slot for slots in slots_in_turn(transaction, limit, wanted) for slot in slots]
    assert sorted(walked) == [slot for slot in range(SLOTS) if share_of(slot, limit)]


@pytest.mark.parametrize(("wanted", "first"), [(1, 1), (15, 1), (16, 2), (30, 2), (31, 3)])
def test_first_come_as_many_as_are_enough(wanted: int, first: int) -> None:
    sizes = [len(slots) for slots in slots_in_turn("tx", 16_000, wanted)]
    assert sizes[0] == first
    assert sizes[1:3] == [first, 2 * first]
    assert len(sizes) <= 11


def test_transactions_begin_at_slots_of_their_own() -> None:
    begun = {next(slots_in_turn(f"tx-{number}", 16_000, 1))[0] for number in range(64)}
    assert len(begun) >= 58


def test_every_release_walks_the_same_slots() -> None:
    """Peers of two releases endorse one application: where they write other keys, none counts."""
    assert [*slots_in_turn("tx", 16_000, 40)][:2] == [[203, 416, 629], [842, 31, 244]]
    assert [*slots_in_turn("another", 20, 3)][:2] == [[16, 11, 6], [1, 19, 14]]


def test_who_wants_nothing_is_given_one_slot_to_look_at() -> None:
    assert len(next(slots_in_turn("tx", 16_000, 0))) == 1
