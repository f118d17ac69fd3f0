"""The ledger's keys: what tells two things apart is in the key of each, or one would stand in the other's place."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from datetime import date
from itertools import product

import pytest

from eximledger_chaincode.contracts.state import keys
from eximledger_chaincode.contracts.state.sums.parts import parts_of
from eximledger_chaincode.lending.allowance import SLOTS

VALUES: dict[str, tuple[object, ...]] = {
    "str": ("2026/1-11", "2026/1-12", "A"),
    "int": (1, 11, 111),
    "date": (date(2026, 1, 11), date(2026, 11, 1), date(2027, 1, 11)),
}
IN_PARTS: dict[Callable[..., str], Callable[..., str]] = {
    keys.received_key: keys.received_parts_key,
    keys.declared_key: keys.declared_parts_key,
    keys.contract_invoices_key: keys.contract_invoices_parts_key,
}
"""What is one part of a sum, by the key that tells which of its parts stand."""


def made() -> Iterator[Callable[..., str]]:
    """Every function that makes one key."""
    for name in keys.__all__:
        if name.endswith("_key"):
            yield getattr(keys, name)


def arguments(of: Callable[..., object]) -> Iterator[tuple[object, ...]]:
    """All that tells something apart, each with each other."""
    said = [str(each.annotation) for each in inspect.signature(of).parameters.values()]
    yield from product(*(VALUES[each] for each in said))


WHOLE = [each for each in made() if each not in IN_PARTS]


@pytest.mark.parametrize("of", WHOLE, ids=lambda of: of.__name__)
def test_whatever_is_named_apart_stands_apart(of: Callable[..., str]) -> None:
    """Whose it is, what it is, which one: an exporter's, a bank's, a loan's is nobody else's."""
    named = [*arguments(of)]
    assert len({of(*each) for each in named}) == len(named)


@pytest.mark.parametrize("of", IN_PARTS, ids=lambda of: of.__name__)
def test_of_a_sum_in_parts_every_part_is_read_and_none_of_anothers(of: Callable[..., str]) -> None:
    """Each thing falls into one of sixteen parts, and into others by what it is a sum of."""
    every = IN_PARTS[of]
    parts = {whole: parts_of(every(*whole), b"0123456789abcdef") for whole in arguments(every)}
    told = [part for each in parts.values() for part in each]
    assert len(told) == len(set(told)) == 16 * len(parts)
    for whole, each in parts.items():
        assert {of(*whole, f"ID-{number}") for number in range(300)} == set(each)


def test_a_day_s_count_is_all_of_its_slots() -> None:
    assert keys.presented_count_keys("2026-01-11") == [keys.presented_count_key("2026-01-11", n) for n in range(SLOTS)]


def test_no_two_kinds_of_things_share_a_key() -> None:
    plain = {getattr(keys, name) for name in keys.__all__ if name.endswith("_KEY")}
    of_kinds = [of(*next(arguments(of))) for of in made()]
    assert len({*of_kinds, *plain}) == len(of_kinds) + len(plain)


def test_numbers_are_compared_as_papers_write_them() -> None:
    """Spaces and case tell no two apart, in what is looked up by a bare number."""
    for of in (keys.numbered_key, keys.consent_number_key, keys.revoked_key, keys.referred_key):
        assert of("X", "lc 26/9") == of("X", "LC26/9")
    assert keys.contract_invoices_parts_key("X:LC 26/9") == keys.contract_invoices_parts_key("X:lc26/9")


def test_a_ledger_that_stands_is_read_by_the_same_parts() -> None:
    """What was summed up under one part stays there, whatever release reads it."""
    assert keys.received_key("X", date(2026, 1, 11), "A") == "\x00received\x00X\x002026-01\x005\x00"
    assert keys.presented_count_key("2026-01-11", 3) == "\x00presented-count\x002026-01-11\x000003\x00"


def test_a_month_is_written_so_that_months_sort() -> None:
    assert "2026-01" in keys.unallocated_key("X", date(2026, 1, 31))
    assert keys.unallocated_key("X", date(2026, 1, 1)) == keys.unallocated_key("X", date(2026, 1, 31))
