"""Receipts of a past case: those of its time, where the recorded hash says that it is just these."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.eximledger_chaincode.rules import cases
from tests.eximledger_chaincode.rules.cases import NUMBER, naming, unallocated, usd

from eximledger.rulebook._collected import receipts_then
from eximledger_chaincode.rules import reconcile

DAY = date(2026, 4, 2)
days = st.lists(st.integers(-5, 5), unique=True, max_size=5)


@given(days, st.integers(-6, 6), st.booleans())
@settings(deadline=None, max_examples=40)
def test_what_came_later_is_left_out_by_its_day_or_its_filing(found: list[int], last: int, known: bool) -> None:
    named = [naming(usd(1), [NUMBER], receipt_id=f"R{day}", dated=DAY + timedelta(days=day)) for day in found]
    nothing = [unallocated(usd(1), receipt_id=f"U{day}", dated=DAY + timedelta(days=day)) for day in found]
    until = DAY + timedelta(days=last)
    sound = cases.case(namings=tuple(named), unallocated=tuple(nothing))
    then = replace(
        sound,
        namings=tuple(each for each in named if each.dated <= until),
        unallocated=tuple(each for each in nothing if each.dated <= until),
    )
    later = {each.receipt_id for each in named if each.dated > until} | {
        each.receipt_id for each in nothing if each.dated > until
    }
    again = receipts_then(sound, reconcile(then), later if known else set())
    assert (again.namings, again.unallocated) == (then.namings, then.unallocated)


def test_where_no_guess_has_the_recorded_hash_the_present_ones_stay() -> None:
    sound = cases.case(namings=(naming(usd(1), [NUMBER], dated=DAY),))
    other = reconcile(cases.case(namings=(naming(usd(2), [NUMBER], dated=DAY),)))
    assert receipts_then(sound, other, set()).namings == sound.namings
