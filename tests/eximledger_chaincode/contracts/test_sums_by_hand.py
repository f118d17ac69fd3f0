"""Sums by hand: what a filing changes under one key, to the digit, and what several keys say together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

import pytest
from tests.eximledger_chaincode.contracts import trade
from tests.eximledger_chaincode.contracts.seen.test_versions import difference
from tests.eximledger_chaincode.contracts.trade import DONGYU, usd

from eximledger_chaincode.contracts.state.indexes import index_rows, list_of, sum_keys, summed
from eximledger_chaincode.contracts.state.keys import (
    classes_key,
    contract_invoices_key,
    contract_invoices_parts_key,
    credit_key,
    declared_key,
    declared_parts_key,
    differences_key,
    numbered_key,
    received_key,
    received_parts_key,
    referred_key,
    unallocated_key,
)
from eximledger_chaincode.contracts.state.sums.amounts import (
    SumChanges,
    Sums,
    amounts_in,
    counts_in,
    items_in,
    names_in,
)
from eximledger_chaincode.contracts.state.sums.parts import kept_parts, read_parts, standing_parts, telling_keys
from eximledger_chaincode.documents import Document, Money
from eximledger_chaincode.lending.collecting.credits import lookups
from eximledger_chaincode.lending.valuation import most

NOTHING: Final = Sums()
EUR_5: Final = Money.of("5.00", "EUR")


def changed(before: Sums, after: Sums, stored: Mapping[str, bytes | None] = {}) -> dict[str, bytes | None]:
    changes = SumChanges()
    changes.replace("D", before, after)
    found = changes.over(stored)
    assert changes.keys == sorted(found)
    return found


@pytest.mark.parametrize(
    ("before", "after", "stored", "left"),
    [
        (None, usd("30.00"), None, b'{"USD":"30.00"}'),
        (None, usd("30.00"), b'{"USD":"100"}', b'{"USD":"130.00"}'),
        (usd("30.00"), None, b'{"USD":"100"}', b'{"USD":"70.00"}'),
        (usd("30.00"), usd("50.00"), b'{"USD":"100"}', b'{"USD":"120.00"}'),
        (usd("30.00"), EUR_5, b'{"EUR":"1.5","USD":"30"}', b'{"EUR":"6.50"}'),
        (usd("30.00"), None, b'{"USD":"30"}', None),
        (Money(amount=most("USD"), currency="USD"), None, f'{{"USD":"{most("USD")}"}}'.encode(), None),
        (None, usd("-30.00"), b'{"EUR":"5"}', b'{"EUR":"5","USD":"-30.00"}'),
    ],
)  # fmt: skip
def test_a_version_takes_the_place_of_the_one_before(
    before: Money | None, after: Money | None, stored: bytes | None, left: bytes | None
) -> None:
    was, now = (Sums(amounts={} if each is None else {"K": each}) for each in (before, after))
    assert changed(was, now, {"K": stored, "other": b'{"USD":"7"}'}) == {"K": left}


def test_what_stays_as_it_was_is_not_written() -> None:
    same = Sums(items={"I": True}, amounts={"K": usd("30.00")}, names={"K": ("hs 85",)})
    assert changed(same, same) == {}


def test_of_several_currencies_what_moved_is_written() -> None:
    """One sum comes to nothing and another does not."""
    changes = SumChanges()
    changes.replace("A", Sums(amounts={"K": usd("30.00")}), Sums(amounts={"K": EUR_5}))
    changes.replace("B", NOTHING, Sums(amounts={"K": usd("30.00")}))
    assert changes.over({"K": b'{"USD":"30"}'}) == {"K": b'{"EUR":"5.00","USD":"30.00"}'}


def test_several_documents_add_under_one_key() -> None:
    changes = SumChanges()
    for id_ in ("A", "B", "C"):
        changes.replace(id_, NOTHING, Sums(amounts={"K": usd("10.00")}, names={"K": ("hs 85", "to DE")}))
    changes.replace("C", Sums(names={"K": ("hs 85",)}), NOTHING)
    assert changes.over({}) == {"K": b'{"USD":"30.00","hs 85":"2","to DE":"3"}'}


def test_what_documents_count_as_is_counted_and_taken_back() -> None:
    was, now = Sums(names={"K": ("hs 84", "to DE")}), Sums(names={"K": ("hs 85", "to DE")})
    assert changed(was, now, {"K": b'{"hs 84":"1","to DE":"4"}'}) == {"K": b'{"hs 85":"1","to DE":"4"}'}


def test_an_item_stands_under_its_document() -> None:
    one, two = Sums(), Sums()
    one.item("K", usd("1.00"))
    two.item("K", usd("2.00"))
    stored = b'{"A":{"amount":"9.00","currency":"USD"},"D":{"amount":"1.00","currency":"USD"}}'
    (written,) = changed(one, two, {"K": stored}).values()
    assert names_in(written) == ["A", "D"]
    assert items_in(Money, written) == (usd("9.00"), usd("2.00"))
    assert changed(one, NOTHING, {"K": written}) == {"K": b'{"A":{"amount":"9.00","currency":"USD"}}'}
    assert changed(one, NOTHING, {"K": b"{}"}) == {"K": None}  # taken out where it never stood
    assert items_in(Money, None) == ()
    assert names_in(None) == []


def test_several_keys_are_read_together() -> None:
    stored = [b'{"USD":"30","hs 85":"2"}', None, b'{"EUR":"5","USD":"12.5","hs 85":"1","to DE":"1"}']
    assert amounts_in(stored) == (EUR_5, usd("42.50"))
    assert counts_in(stored) == {"hs 85": 3, "to DE": 1}
    assert amounts_in([]) == ()


@pytest.mark.parametrize("bound", [most("USD"), most("USD").copy_negate()])
def test_a_sum_beyond_what_money_can_say_is_the_most_that_it_can(bound: Decimal) -> None:
    whole = f'{{"USD":"{bound}"}}'.encode()
    assert amounts_in([whole]) == amounts_in([whole, whole]) == (Money(amount=bound, currency="USD"),)


class Reader:
    """Values by their keys, and how often it was asked."""

    def __init__(self, values: Mapping[str, bytes]) -> None:
        self._values = values
        self.asked = 0

    async def get_many(self, keys: Sequence[str]) -> list[bytes | None]:
        self.asked += 1
        return [self._values.get(key) for key in keys]


async def test_the_parts_that_stand_are_read_by_the_key_that_tells_of_them() -> None:
    july, august = (received_parts_key("X", date(2026, month, 1)) for month in (7, 8))
    part = {each: received_key("X", date(2026, 7, 1), each) for each in ("A", "B", "C")}
    digits = "".join(sorted(key.removesuffix("\x00")[-1] for key in part.values())).encode()
    values = {july: digits, part["A"]: b"1", part["B"]: b"2"}
    reader = Reader(values)
    read = await read_parts(reader, [july, august, july])
    assert (sorted(read[july]), read[august], len(read), reader.asked) == ([b"1", b"2"], [], 2, 2)
    assert sorted(await standing_parts(reader, [july, august])) == sorted(part.values())


MONTH: Final = date(2026, 7, 1)


@pytest.mark.parametrize(
    ("part", "told_by"),
    [
        (received_key("X", MONTH, "A"), received_parts_key("X", MONTH)),
        (declared_key("X", MONTH, "A"), declared_parts_key("X", MONTH)),
        (contract_invoices_key("X:SC-1", "A"), contract_invoices_parts_key("X:SC-1")),
    ],
)
def test_a_part_that_comes_or_goes_is_told_of(part: str, told_by: str) -> None:
    """Or what is summed up there is never read."""
    digit = part.removesuffix("\x00")[-1].encode()
    others = bytes(sorted(b"05f".replace(digit, b"")))
    for before, after, told, tells in (
        (None, b"1", None, digit),
        (None, b"1", others, bytes(sorted(others + digit))),
        (b"1", None, bytes(sorted(others + digit)), others),
        (b"1", None, digit, None),
    ):
        assert telling_keys({part: before}, {part: after}) == [told_by]
        assert kept_parts({part: before}, {part: after}, {told_by: told}) == {told_by: tells}
    assert telling_keys({part: b"1"}, {part: b"2", classes_key("X"): b"{}"}) == []


def test_one_sum_a_currency() -> None:
    assert summed([usd("1.00"), EUR_5, usd("2.00"), EUR_5]) == (Money.of("10.00", "EUR"), usd("3.00"))
    assert summed([]) == ()


def test_what_each_paper_adds_to_which_sums() -> None:
    """And that all of these are read along with what stands of it."""
    declaration, receipt, invoice = trade.declaration(), trade.receipt(serial=None), trade.invoice()
    added: list[tuple[Document, set[str], dict[str, Decimal]]] = [
        (declaration, set(), {declared_key(DONGYU.uscc or "", trade.EXPORTED, declaration.id): Decimal(100_000)}),
        (trade.classification(), {classes_key(DONGYU.uscc or "")}, {}),
        (difference(), {differences_key(DONGYU.uscc or "")}, {}),
        (
            receipt,
            {numbered_key("receipt", receipt.number), unallocated_key(DONGYU.uscc or "", receipt.dated)}
            | {referred_key(DONGYU.uscc or "", receipt.number)}
            | {credit_key(each) for each in lookups(receipt)},
            {received_key(DONGYU.uscc or "", receipt.dated, receipt.id): receipt.amount.amount},
        ),
        (
            invoice,
            {numbered_key("invoice", invoice.number)}
            | {contract_invoices_key(f"{DONGYU.uscc}:{invoice.contract_number}", invoice.id)},
            {},
        ),
    ]
    for document, items, amounts in added:
        rows = index_rows(document)
        assert rows.lists == (list_of(document.KIND), list_of(document.KIND, DONGYU.uscc or ""))
        assert {key for key in rows.sums.items if key in items} == items
        assert {key: money.amount for key, money in rows.sums.amounts.items()} == amounts
        assert set(sum_keys(document)) == {*rows.sums.items, *rows.sums.amounts}
        assert False not in rows.sums.items.values()
