"""Which entries of banks' reports are one credit, and what the book keeps of several reports of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from hashlib import sha256
from typing import Any, Final

import pytest
from tests.eximledger_chaincode.contracts.credits import at, bank, credit, from_payer, reversal
from tests.eximledger_chaincode.contracts.trade import DONGYU, OTHER, usd
from tests.eximledger_chaincode.rules.cases import BUYER, NUMBER, OTHER_NUMBER, THIRD_PARTY, eur

from eximledger_chaincode.documents import (
    Allocation,
    AllowanceCharge,
    CurrencyExchange,
    FxReceipt,
    Identifier,
    Money,
    ReceiptStatus,
    Reference,
    ReferenceKind,
)
from eximledger_chaincode.lending.collecting.credits import (
    CreditBook,
    Likeness,
    Outcome,
    likeness,
    lookups,
    return_lookups,
)
from hlf_chaincode.errors import Refused

SAME, ALIKE, DIFFERENT = Likeness
DAY, NEXT = date(2026, 8, 20), date(2026, 8, 21)
PENDING, BOOKED, REVERSED = ReceiptStatus.PENDING, ReceiptStatus.BOOKED, ReceiptStatus.REVERSED
STATEMENT, NOTICE = at("S1", form="camt.053"), at("N1")


def ids(**schemes: str) -> tuple[Identifier, ...]:
    """Identifiers by scheme: `E` end to end, `U` UETR, `T` transaction, `I` instruction, `A` of the account's bank."""
    names = {"E": "EndToEndId", "U": "UETR", "T": "TxId", "I": "InstrId", "A": "AcctSvcrRef"}
    return tuple(Identifier(scheme=names[name[0]], value=value) for name, value in schemes.items())


def placed(**changes: Any) -> FxReceipt:
    """A credit for which nobody gave a reference."""
    return credit("S1-1", reference_kind=ReferenceKind.PLACE, **changes)


def banks(uetr: str, report: str = "N1", payers: str = "P-1", **changes: Any) -> FxReceipt:
    """A credit that the payer and the banks along the way gave references."""
    kind = ReferenceKind.PAYER
    return credit(payers, reference_kind=kind, statement=at(report), identifiers=ids(E=payers, U=uetr), **changes)


# -- by what a credit is looked for ------------------------------------------------------------------------------------


def found_by(*values: str, amount: str = "4000.00", account: str = "NRA77008811") -> tuple[str, ...]:
    """The text that is hashed, by hand: what an earlier release filed must be found."""
    return tuple(sha256(f'["{account}","USD","{amount}","{value}"]'.encode()).hexdigest()[:40] for value in values)


def test_a_credit_is_looked_for_by_each_reference_its_place_and_its_day() -> None:
    paper = credit("trx 9", statement=STATEMENT, identifiers=ids(E="e-5", U="u-6"), reverses=("old 1",))
    assert lookups(paper) == found_by("TRX 9", "E-5", "U-6", "OLD 1", "at camt.053 S1 1", f"on {DAY}")


def test_what_is_only_announced_is_not_looked_for_by_its_day() -> None:
    """The bank may expect it on another."""
    assert lookups(credit("TRX-9A", status=PENDING)) == found_by("TRX-9A", "as TRX-9A")
    assert lookups(credit("TRX-9A", status=REVERSED)) == found_by("TRX-9A", "as TRX-9A", f"on {DAY}")
    assert lookups(credit("TRX-9A", amount="7.10", account="1")) == found_by(
        "TRX-9A", "as TRX-9A", f"on {DAY}", amount="7.10", account="1"
    )


def test_one_reference_said_twice_is_one_lookup() -> None:
    assert lookups(credit("TRX-9A", reverses=("trx-9a",), identifiers=ids(A="TRX-9A"))) == found_by(
        "TRX-9A", "as TRX-9A", f"on {DAY}"
    )


# -- one credit or two -------------------------------------------------------------------------------------------------

PAIRS: Final = {
    "the same words": (credit("NONE"), credit("NONE"), SAME),
    "the same words and what the ledger added": (
        credit("NONE"), credit("NONE", filed_as="a" * 40, alike=("b" * 40,), reversed_by="c" * 40,
                               reversed_receipt="d" * 40), SAME),
    "a bank's own reference": (credit(), credit(remittance=()), SAME),
    "another amount": (credit(), credit(amount="4000.01"), DIFFERENT),
    "another currency": (credit(), credit().model_copy(update={"amount": Money.of("4000.00", "EUR")}), DIFFERENT),
    "another account": (credit(), credit(account="NRA 7700 8812"), DIFFERENT),
    "the account spelt otherwise": (credit(), credit(account="nra-77008811"), SAME),
    "one takes back": (credit(), credit(reverses=("X-1",)), DIFFERENT),
    "both take back, by other names": (credit(reverses=("X-1",)), credit(reverses=("X-2",)), SAME),
    "one came back": (credit(), credit(reversal=True), DIFFERENT),
    "both came back": (credit(reversal=True), credit(reversal=True, remittance=()), SAME),
    "accounts of two banks": (
        credit(account_bank=bank("BKCHCNBJ300")), credit(account_bank=bank("ICBKCNBJGZU")), DIFFERENT),
    "accounts of two branches": (
        credit(account_bank=bank("BKCHCNBJ300")), credit(account_bank=bank("BKCHCNBJ400")), SAME),
    "the account's bank said once": (credit(account_bank=bank("BKCHCNBJ300")), credit(), SAME),
    # days
    "booked on two days": (credit(), credit(booked_on=NEXT), DIFFERENT),
    "booked on one day, of two value days": (credit(), credit(value_on=NEXT), SAME),
    "one value day, one booking day not said": (credit(booked_on=None), credit(booked_on=NEXT), SAME),
    "two value days, one booking day not said": (credit(booked_on=None), credit(value_on=NEXT), DIFFERENT),
    "two value days, the other booking day not said": (credit(value_on=NEXT), credit(booked_on=None), DIFFERENT),
    "days that do not compare": (credit(booked_on=None), credit(value_on=None, booked_on=NEXT), SAME),
    "days that do not compare either way": (credit(value_on=None, booked_on=NEXT), credit(booked_on=None), SAME),
    "announced for another day": (credit(status=PENDING, value_on=NEXT, booked_on=None), credit(), SAME),
    "a notice of another day after the booking": (credit(), credit(status=PENDING, booked_on=NEXT), SAME),
    # announcements
    "announced, by the payer's reference": (
        from_payer("E-1", "N1", status=PENDING), from_payer("E-1", "N2"), SAME),
    "announced, by no reference": (placed(statement=NOTICE, status=PENDING), credit(statement=STATEMENT), DIFFERENT),
    "booked, then announced by no reference": (
        credit(statement=STATEMENT), placed(statement=NOTICE, status=PENDING), DIFFERENT),
    # references
    "nothing shared": (credit("TRX-1A"), credit("TRX-2A"), DIFFERENT),
    "nothing shared, of two kinds": (credit("TRX-1A"), credit("E-1", reference_kind=ReferenceKind.PAYER), DIFFERENT),
    "the banks' reference": (credit("TRX-1A", identifiers=ids(U="U-9")), banks("U-9"), SAME),
    "two UETR": (credit(identifiers=ids(U="U-9")), credit(identifiers=ids(U="U-8")), DIFFERENT),
    "two transaction ids": (credit(identifiers=ids(T="T-9")), credit(identifiers=ids(T="T-8")), DIFFERENT),
    "two end-to-end ids": (credit(identifiers=ids(E="E-9")), credit(identifiers=ids(E="E-8")), DIFFERENT),
    "two instruction ids": (credit(identifiers=ids(I="I-9")), credit(identifiers=ids(I="I-8")), SAME),
    "two references of the account's bank": (
        credit("TRX-1A", identifiers=ids(U="U-9")), credit("TRX-2A", identifiers=ids(U="U-9")), DIFFERENT),
    "one more of the account's bank": (credit(identifiers=ids(A="TRX-5A")), credit("TRX-5A"), SAME),
    "one of two end-to-end ids": (credit(identifiers=ids(E="E-9", E2="E-8")), credit(identifiers=ids(E="e-8")), SAME),
    "a word for none is no end-to-end id": (
        credit(identifiers=ids(E="NOTPROVIDED")), credit(identifiers=ids(E="E-8")), SAME),
    "another part": (credit("B-7A/1", part=1), credit("B-7A/2", part=2), DIFFERENT),
    "another part of one transfer": (banks("U-9", part=1), banks("U-9", part=2), DIFFERENT),
    "the same part": (credit("B-7A/1", part=1), credit("B-7A/1", part=1, remittance=()), SAME),
    "a part and a whole": (
        credit("B-7A/1", part=1, identifiers=ids(U="U-9"), reference_kind=ReferenceKind.PAYER), banks("U-9"), SAME),
    # places
    "the same place": (placed(statement=STATEMENT), placed(statement=STATEMENT, remittance=()), SAME),
    "another place of one report": (credit(statement=at("S1", "1")), credit(statement=at("S1", "2")), DIFFERENT),
    "the payer's reference in a statement and a notice": (
        from_payer("E-1", "N1"), from_payer("E-1", "", statement=STATEMENT), SAME),
    "the payer's reference in two notices": (from_payer("E-1", "N1"), from_payer("E-1", "N2"), ALIKE),
    "the payer's reference in no report": (
        credit("E-1", reference_kind=ReferenceKind.PAYER),
        credit("E-1", reference_kind=ReferenceKind.PAYER, remittance=()), ALIKE),
    "the payer's reference in one report": (
        credit("E-1", reference_kind=ReferenceKind.PAYER), from_payer("E-1", "N1"), ALIKE),
    "no reference in two reports": (placed(statement=STATEMENT), placed(statement=NOTICE), ALIKE),
    "a reference in one of two reports": (credit(statement=STATEMENT), placed(statement=NOTICE), ALIKE),
}  # fmt: skip


@pytest.mark.parametrize("pair", PAIRS)
def test_two_entries_are_one_credit_or_two_or_nobody_can_tell(pair: str) -> None:
    """And which was filed first does not matter."""
    first, second, wanted = PAIRS[pair]
    assert (likeness(first, second), likeness(second, first)) == (wanted, wanted)


# -- the book ----------------------------------------------------------------------------------------------------------


def filed(*receipts: FxReceipt) -> tuple[CreditBook, list[Outcome]]:
    made = CreditBook({})
    return made, [made.file(each) for each in receipts]


def test_a_third_credit_of_the_same_name_gets_an_id_of_its_own() -> None:
    papers = [credit(booked_on=date(2026, 8, day), value_on=None) for day in (20, 21, 24)]
    made, told = filed(*papers)
    assert [each.id for each in told] == [papers[0].numbered_id(number) for number in (1, 2, 3)]
    assert [made.receipts[each.id].filed_as for each in told] == [None, told[1].id, told[2].id]
    assert {each.note for each in told} == {""}


def test_to_amend_what_is_not_there_is_refused_by_its_id() -> None:
    with pytest.raises(Refused, match=f"no receipt {'e' * 40} to amend") as refused:
        filed(credit(filed_as="e" * 40))
    assert refused.value.details == {"id": "e" * 40}


def test_what_a_filer_writes_in_the_ledgers_own_fields_is_not_kept() -> None:
    """Or who files a credit could say that it was taken back, and by what."""
    made, (told,) = filed(credit(reversed_by="a" * 40, reversed_receipt="b" * 40, alike=("c" * 40,)))
    assert made.receipts == {told.id: credit()}


def test_a_receipt_is_marked_with_all_that_it_may_be() -> None:
    made, told = filed(*(from_payer("INVOICES", report) for report in ("N1", "N2", "N3")))
    first, second, third = (each.id for each in told)
    assert [made.receipts[each].alike for each in (first, second, third)] == [
        tuple(sorted((second, third))), tuple(sorted((first, third))), tuple(sorted((first, second))),
    ]  # fmt: skip
    assert told[0].note == ""
    assert told[1].note == f"cannot be told apart from receipt {first}: both collect"
    assert told[2].note == f"cannot be told apart from receipt {', '.join(sorted((first, second)))}: both collect"


@pytest.mark.parametrize(
    ("known", "new"),
    [
        (from_payer("E-1", "N1", status=REVERSED), from_payer("E-1", "N2")),
        (from_payer("E-1", "N1"), from_payer("E-1", "N2", status=REVERSED)),
        (from_payer("E-1", "N1", reversal=True), from_payer("E-1", "N2", reversal=True)),
        (from_payer("E-1", "N1", reverses=("Z-1",)), from_payer("E-1", "N2", reverses=("Z-1",))),
    ],
    ids=["the first is reversed", "the second is reversed", "both came back", "both take back"],
)
def test_what_collects_nothing_casts_no_doubt(known: FxReceipt, new: FxReceipt) -> None:
    made, _ = filed(known, new)
    assert len(made.receipts) == 2
    assert all(each.alike == () for each in made.receipts.values())


def in_two(status: ReceiptStatus, other: ReceiptStatus) -> tuple[CreditBook, str, str]:
    """A book with two credits of which each shares a reference with a third report."""
    made, (first, second) = filed(
        credit("TRX-1A", statement=STATEMENT, status=status),
        banks("U-9", status=other),
    )
    assert first.id != second.id
    return made, first.id, second.id


@pytest.mark.parametrize(("status", "other", "place"), [(BOOKED, PENDING, 0), (PENDING, BOOKED, 1)])
def test_of_two_that_it_may_amend_a_report_amends_the_one_that_went_furthest(
    status: ReceiptStatus, other: ReceiptStatus, place: int
) -> None:
    made, *both = in_two(status, other)
    assert made.file(credit("TRX-1A", statement=at("N7"), identifiers=ids(U="U-9"))).id == both[place]


@pytest.mark.parametrize(("where", "place"), [(STATEMENT, 0), (NOTICE, 1)])
def test_of_two_that_it_may_amend_a_report_amends_the_one_of_its_place(where: object, place: int) -> None:
    for statuses in ((BOOKED, PENDING), (PENDING, BOOKED), (BOOKED, BOOKED)):
        made, *both = in_two(*statuses)
        assert made.file(credit("TRX-1A", statement=where, identifiers=ids(U="U-9"))).id == both[place]


# -- several reports of one credit -------------------------------------------------------------------------------------

FIRST = credit(
    statement=STATEMENT, exporter_uscc=None, payer=None, remittance=("A", "B"), instructed_amount=usd("4020.00"),
    references=(Reference(kind="order", number="PO-1"),), identifiers=ids(E="E-1"), notes=("of the statement",),
)  # fmt: skip
SECOND = credit(
    statement=NOTICE, payer=BUYER, remittance=("B", "C"), instructed_amount=usd("4020.00"),
    references=(Reference(kind="order", number="PO-1"), Reference(kind="order", number="PO-2")),
    identifiers=ids(E="e-1", U="U-7"), allocations=(Allocation(declaration_number=NUMBER, amount=usd("4010.00")),),
    notes=("of the notice",),
)  # fmt: skip
JOINED: Final = {
    "exporter_uscc": DONGYU.uscc,
    "payer": BUYER,
    "instructed_amount": usd("4020.00"),
    "allocations": SECOND.allocations,
}


def test_two_reports_say_together_what_each_says() -> None:
    made, (first, second) = filed(FIRST, SECOND)
    assert (second.id, second.note) == (first.id, "")
    assert made.receipts[first.id] == FIRST.model_copy(
        update=JOINED | {
            "remittance": ("A", "B", "C"),
            "references": SECOND.references,
            "identifiers": (*ids(E="E-1", U="U-7")[:1], Identifier(scheme="TxId", value="U-7")),
        }
    )  # fmt: skip


def test_the_booking_says_more_than_its_notice_and_forgets_nothing_of_it() -> None:
    made, (first, second) = filed(FIRST.model_copy(update={"status": PENDING}), SECOND)
    assert second.id == first.id
    assert made.receipts[first.id] == SECOND.model_copy(
        update={"remittance": ("B", "C", "A"), "references": SECOND.references}
    )


@pytest.mark.parametrize(
    ("base", "other", "kept"),
    [
        ({}, {"instructed_amount": usd("4020.00")}, True),
        ({"instructed_amount": usd("4020.00")}, {"instructed_amount": usd("4020.00")}, True),
        ({"instructed_amount": usd("4020.00")}, {}, False),
        ({"instructed_amount": eur("3500.00")}, {"instructed_amount": usd("4020.00")}, False),
    ],
)
def test_an_allocation_is_taken_over_with_the_amount_that_it_is_of(
    base: dict[str, Any], other: dict[str, Any], kept: bool
) -> None:
    given = (Allocation(declaration_number=NUMBER, amount=usd("4000.00")),)
    made, (first, _) = filed(credit(statement=STATEMENT, **base), credit(statement=NOTICE, allocations=given, **other))
    assert made.receipts[first.id].allocations == (given if kept else ())


def test_the_allocation_of_the_report_that_stands_is_not_another_reports() -> None:
    mine, its = ((Allocation(declaration_number=number, amount=usd("4000.00")),) for number in (NUMBER, OTHER_NUMBER))
    made, (first, _) = filed(
        credit(statement=STATEMENT, allocations=mine), credit(statement=NOTICE, allocations=its, payer=THIRD_PARTY)
    )
    assert made.receipts[first.id].allocations == mine
    assert made.receipts[first.id].payer == credit().payer


def test_what_only_the_second_report_says_is_known_from_then_on() -> None:
    """Where the entry stands, what the payer ordered, and what it takes back."""
    made, (first, second) = filed(
        credit(reverses=("X-1",)), credit(reverses=("X-2",), statement=NOTICE, instructed_amount=usd("4020.00"))
    )
    known = made.receipts[first.id]
    assert (second.id, known.statement, known.instructed_amount) == (first.id, NOTICE, usd("4020.00"))
    assert known.reverses == ("X-1", "X-2")
    assert known.remittance == credit().remittance


def test_what_the_payer_ordered_is_not_forgotten_for_a_report_that_does_not_say_it() -> None:
    made, (first, _) = filed(credit(statement=STATEMENT, instructed_amount=usd("4020.00")), credit(statement=NOTICE))
    assert made.receipts[first.id].instructed_amount == usd("4020.00")


def test_charges_and_exchanges_are_those_of_the_report_that_stands_or_else_the_other_ones() -> None:
    """By them it is decided whether what the payer ordered counts."""

    def says(taken: str, rate: str) -> dict[str, Any]:
        charges = (AllowanceCharge(charge=True, amount=usd(taken)),)
        return {"charges": charges, "exchanges": (CurrencyExchange(source="USD", target="CNY", rate=rate),)}

    first, second = says("20.00", "7.11"), says("30.00", "7.12")
    for base, other, kept in ((first, second, first), (first, {}, first), ({}, second, second)):
        made, (told, _) = filed(credit(statement=STATEMENT, **base), credit(statement=NOTICE, **other))
        known = made.receipts[told.id]
        assert {"charges": known.charges, "exchanges": known.exchanges} == kept


def test_a_payers_reference_that_a_second_report_brings_is_one_from_then_on() -> None:
    made, (first, _) = filed(credit("TRX-1A", statement=STATEMENT, identifiers=ids(U="U-9")), banks("U-9"))
    assert made.receipts[first.id].identifiers == ids(U="U-9", E="P-1")
    assert made.file(from_payer("P-1", "", statement=at("S4", form="camt.053"))).id != first.id  # may be another
    assert len(made.receipts) == 2


def test_the_number_of_a_part_is_no_reference_that_another_report_takes_over() -> None:
    made, (first, second) = filed(
        banks("U-9"), credit("B-7A/1", part=1, identifiers=ids(U="U-9"), reference_kind=ReferenceKind.PAYER)
    )
    assert second.id == first.id
    assert made.receipts[first.id].identifiers == banks("U-9").identifiers


def test_a_notice_that_is_amended_has_nothing_to_say() -> None:
    made, (first,) = filed(credit(status=PENDING))
    assert made.file(credit(status=PENDING, remittance=("FOR CI-7",))) == Outcome(first.id, "")
    assert made.receipts[first.id].remittance == ("FOR CI-7",)


@pytest.mark.parametrize("amends", ["by its place", "by its id"])
def test_who_amends_takes_words_away_but_neither_whose_it_is_nor_what_the_ledger_knows(amends: str) -> None:
    made, told = filed(from_payer("INVOICES", "N1"), from_payer("INVOICES", "N2"))
    first, second = (each.id for each in told)
    changes: dict[str, Any] = {} if amends == "by its place" else {"filed_as": first, "statement": at("N9")}
    amended = from_payer("INVOICES", "N1", exporter_uscc=None, remittance=(), payer=None, **changes)
    assert made.file(amended) == Outcome(first, "")
    stands = made.receipts[first]
    assert (stands.remittance, stands.payer) == ((), None)
    assert (stands.exporter_uscc, stands.alike) == (DONGYU.uscc, (second,))


def test_who_amends_says_whose_it_is_and_a_book_of_what_stands_knows_it_again() -> None:
    made, (first,) = filed(credit(exporter_uscc=OTHER.uscc))
    assert made.file(credit()) == Outcome(first.id, "")
    assert made.receipts[first.id].exporter_uscc == DONGYU.uscc
    again = CreditBook(dict(made.receipts))
    assert again.file(credit(remittance=())).id == first.id


def test_a_booked_credit_is_not_announced_again() -> None:
    for status, before in ((PENDING, BOOKED), (PENDING, REVERSED), (BOOKED, REVERSED)):
        made, (first,) = filed(credit(status=before))
        stands = made.receipts[first.id]
        told = made.file(credit(status=status, remittance=()))
        assert told == Outcome(first.id, f"changes nothing: receipt {first.id} is {before} already")
        assert made.receipts == {first.id: stands}


def test_an_amended_receipt_is_found_by_what_it_says_now_and_no_more_by_what_it_said() -> None:
    made, (first,) = filed(credit("TRX-1A"))
    made.file(credit("TRX-2A", filed_as=first.id))
    assert made.file(credit("TRX-2A", remittance=())).id == first.id
    other = made.file(credit("TRX-1A", remittance=()))
    assert other.id != first.id
    assert made.receipts[other.id].alike == ()


# -- what takes a credit back ------------------------------------------------------------------------------------------


def stands(made: CreditBook, told: Sequence[Outcome]) -> list[ReceiptStatus]:
    return [made.receipts[each.id].status for each in told]


def test_a_reversal_finds_its_credit_by_any_reference_of_it() -> None:
    paper = credit(identifiers=ids(E="E-1", U="U-7"), account_bank=bank("BKCHCNBJ300"))
    for named in ("trx-88410", "E-1", "U-7", paper.id):
        made, told = filed(paper, reversal("SOMETHING ELSE", named))
        assert stands(made, told) == [REVERSED, BOOKED]
        assert told[1].note == f"reverses receipt {told[0].id}"
        assert made.receipts[told[0].id].reversed_by == told[1].id
        assert made.receipts[told[1].id].reversed_receipt == told[0].id


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": "4000.01"},
        {"account": "NRA 7"},
        {"booked_on": date(2026, 8, 19)},
        {"account_bank": bank("ICBKCNBJGZU")},
        {"status": PENDING},
    ],
    ids=repr,
)
@pytest.mark.parametrize("named", ["TRX-88410", "its id"])
def test_a_reversal_of_something_else_takes_nothing_back(changes: dict[str, Any], named: str) -> None:
    paper = credit(account_bank=bank("BKCHCNBJ300"))
    for order in (1, -1):
        taking = reversal(paper.id if named == "its id" else named, **changes)
        made, told = filed(*[paper, taking][::order])
        assert stands(made, told)[::order][0] is BOOKED
        assert all(each.reversed_receipt is None for each in made.receipts.values())


@pytest.mark.parametrize("changes", [{"booked_on": NEXT}, {"booked_on": None}, {"account_bank": bank("BKCHCNBJ300")}])
def test_a_reversal_may_come_later_and_say_less(changes: dict[str, Any]) -> None:
    for paper in (credit(), credit(booked_on=None), credit(account_bank=bank("BKCHCNBJ999"))):
        made, told = filed(paper, reversal("TRX-88410", **changes))
        assert stands(made, told) == [REVERSED, BOOKED]


def test_a_reversal_of_another_day_finds_its_credit_by_the_ledgers_id() -> None:
    paper = credit("TRX-5A")
    made, told = filed(paper, reversal(paper.id, booked_on=date(2026, 9, 30), value_on=date(2026, 9, 30)))
    assert stands(made, told) == [REVERSED, BOOKED]


@pytest.mark.parametrize("status", [PENDING, REVERSED])
def test_what_is_not_in_the_account_is_not_taken_back(status: ReceiptStatus) -> None:
    made, told = filed(credit(status=status), reversal("TRX-88410"))
    assert stands(made, told) == [status, BOOKED]
    assert told[1].note == "meets no credit of this account, amount and reference: nothing is reversed"


def test_a_reversal_takes_back_neither_another_one_nor_what_came_back() -> None:
    made, told = filed(reversal("X-1", reference="BACK-1"), reversal("BACK-1", reference="BACK-2"))
    assert stands(made, told) == [BOOKED, BOOKED]
    made, told = filed(credit(reversal=True), reversal("TRX-88410"))
    assert stands(made, told) == [BOOKED, BOOKED]


def test_of_two_credits_a_reversal_takes_neither_and_names_both() -> None:
    papers = [credit("TRX-1A", identifiers=ids(E="E-1")), credit("TRX-2A", identifiers=ids(E="E-1"))]
    made, told = filed(*papers, reversal("E-1"))
    assert stands(made, told) == [BOOKED] * 3
    met = ", ".join(sorted(each.id for each in told[:2]))
    assert told[2].note == f"meets 2 credits ({met}) of this account, amount and reference: nothing is reversed"


# -- what takes a part of a credit back --------------------------------------------------------------------------------


def test_it_is_looked_for_by_references_of_the_banks() -> None:
    """The text that is hashed, by hand: what an earlier release filed must be found."""

    def hashed(*values: str) -> tuple[str, ...]:
        texts = (f'["in part","NRA77008811","USD","{value}"]' for value in values)
        return tuple(sha256(text.encode()).hexdigest()[:40] for text in texts)

    assert return_lookups(by_banks()) == hashed("TRX-88410", "U-7")
    assert return_lookups(reversal("u 7", "E-1")) == hashed("U 7", "E-1")
    assert return_lookups(from_payer("E-1", "N1")) == ()


def by_banks(**changes: Any) -> FxReceipt:
    return credit(identifiers=ids(E="E-1", U="U-7"), account_bank=bank("BKCHCNBJ300"), **changes)


@pytest.mark.parametrize("named", ["trx-88410", "U-7", "its id"])
@pytest.mark.parametrize("order", [1, -1])
def test_a_debit_of_less_takes_a_part_back_by_a_reference_of_the_banks(named: str, order: int) -> None:
    paper = by_banks()
    debit = reversal(paper.id if named == "its id" else named, amount="1000.00")
    made, told = filed(*[paper, debit][::order])
    (credited, taking) = told[::order]
    if named == "its id" and order == -1:
        assert made.receipts[credited.id].returned is None  # nobody looks for it by an id that it has not yet
        return
    assert made.receipts[credited.id].returned == usd(1_000)
    assert made.receipts[credited.id].kept == usd(3_000)
    assert (stands(made, told), made.receipts[taking.id].reversed_receipt) == ([BOOKED, BOOKED], credited.id)
    note = f"takes 1,000.00 USD of receipt {credited.id} back"
    assert told[1].note == (note if order == 1 else f"taken back in part by {taking.id}, filed before it")
    for again in (paper, debit, by_banks(remittance=(), statement=NOTICE)):
        made.file(again)
    assert made.receipts[credited.id].kept == usd(3_000)


@pytest.mark.parametrize(
    "debit",
    [
        reversal("E-1", amount="1000.00"),
        reversal("U-8", amount="1000.00"),
        reversal("U-7", amount="4000.01"),
        reversal("U-7", amount="1000.00", account="NRA 7"),
        reversal("U-7", amount="1000.00", booked_on=date(2026, 8, 19)),
        reversal("U-7", amount="1000.00", account_bank=bank("ICBKCNBJGZU")),
        reversal("U-7", amount="1000.00", status=PENDING),
        reversal("U-7", amount="1000.00").model_copy(update={"amount": eur(1_000)}),
    ],
    ids=["by payer", "another reference", "more", "another account", "earlier", "another bank", "announced", "euros"],
)  # fmt: skip
@pytest.mark.parametrize("order", [1, -1])
def test_a_debit_of_less_of_something_else_takes_nothing_back(debit: FxReceipt, order: int) -> None:
    made, told = filed(*[by_banks(), debit][::order])
    assert {each.returned for each in made.receipts.values()} == {None}
    assert made.receipts[told[::order][1].id].reversed_receipt is None


def test_parts_add_up_to_the_whole_and_no_further() -> None:
    parts = [reversal("U-7", amount=amount, reference=f"BACK-{amount}") for amount in ("1000.00", "2500.00", "500.01")]
    made, told = filed(by_banks(), *parts)
    assert made.receipts[told[0].id].kept == usd(500)
    made.file(reversal("U-7", amount="500.00", reference="BACK-9"))
    assert (made.receipts[told[0].id].kept, made.receipts[told[0].id].counts) == (usd(0), False)


def test_of_two_credits_of_one_reference_no_part_is_taken_back() -> None:
    made, told = filed(by_banks(), by_banks(amount="7000.00"), reversal("U-7", amount="1000.00"))
    assert [made.receipts[each.id].returned for each in told[:2]] == [None, None]


def test_what_took_a_part_back_is_taken_back_itself() -> None:
    made, told = filed(
        by_banks(), reversal("U-7", amount="1000.00"), reversal("U-7", amount="200.00", reference="BACK-2"),
        credit("BACK-1", "1000.00", reversal=True, remittance=()),
    )  # fmt: skip
    assert made.receipts[told[0].id].returned == usd(200)
    assert (made.receipts[told[1].id].status, made.receipts[told[0].id].status) == (REVERSED, BOOKED)


def test_the_only_part_is_taken_back_itself() -> None:
    made, told = filed(
        by_banks(), reversal("U-7", amount="1000.00"), credit("BACK-1", "1000.00", reversal=True, remittance=())
    )
    assert made.receipts[told[0].id].returned is None
    assert told[2].note == f"takes back {told[1].id}: receipt {told[0].id} stands again"


@pytest.mark.parametrize(
    ("paper", "debit"),
    [
        (by_banks(status=PENDING), {}), (by_banks(status=REVERSED), {}), (by_banks(reversal=True), {}),
        (by_banks(reverses=("X-1",)), {}), (by_banks(), {"amount": eur(1_000)}),
    ],
    ids=["announced", "reversed", "the exporter's own", "a debit", "euros"],
)  # fmt: skip
def test_by_its_id_too_only_money_that_is_there_is_taken_back(paper: FxReceipt, debit: dict[str, Any]) -> None:
    made, (first,) = filed(paper)
    made.file(reversal(first.id, amount="1000.00").model_copy(update=debit))
    assert made.receipts[first.id].returned is None


def test_what_a_credit_was_called_once_takes_nothing_of_it_back() -> None:
    made, (first,) = filed(by_banks())
    made.file(by_banks(filed_as=first.id, reference="TRX-2A"))
    made.file(reversal("TRX-88410", amount="1000.00"))
    assert made.receipts[first.id].returned is None


def test_who_amends_the_amount_says_what_is_left_of_it() -> None:
    made, (first, _) = filed(by_banks(), reversal("U-7", amount="1000.00"))
    made.file(by_banks(filed_as=first.id, remittance=()))
    assert made.receipts[first.id].kept == usd(3_000)
    made.file(by_banks(filed_as=first.id, amount="3000.00"))
    assert made.receipts[first.id].kept == usd(3_000)


def test_what_a_filer_says_of_parts_is_nothing() -> None:
    made, (first,) = filed(by_banks(returned=usd(3_999)))
    assert made.receipts[first.id].kept == usd(4_000)


def test_a_credit_that_comes_after_its_reversal_is_taken_back_when_it_comes() -> None:
    made, told = filed(reversal("TRX-88410"), credit())
    assert told[0].note == "meets no credit of this account, amount and reference: nothing is reversed"
    assert told[1].note == f"reversed by {told[0].id}, which was filed before it"
    assert stands(made, told) == [BOOKED, REVERSED]


def test_a_credit_that_comes_to_a_reversal_of_several_says_that_it_may_be_meant() -> None:
    papers = [credit(f"TRX-{number}A", identifiers=ids(E="E-1")) for number in (1, 2, 3)]
    made, told = filed(*papers[:2], reversal("E-1"), papers[2])
    assert stands(made, told) == [BOOKED] * 4
    assert told[3].note == (f"may be what {told[2].id} reverses, and so may others: say which by filing it as reversed")
    other = made.file(credit("TRX-4A"))
    assert other.note == ""


# -- what takes a reversal back ----------------------------------------------------------------------------------------

LATER = date(2026, 8, 24)
CHAIN: Final = (
    credit("KB-3307", identifiers=ids(E="E-55")),
    reversal("KB-3307", reference="KB-3307", booked_on=NEXT, value_on=NEXT),
    credit("KB-3307", reversal=True, remittance=(), booked_on=LATER, value_on=LATER),
)
"""A credit, the debit that took it back by mistake, and the credit that took the debit back."""


@pytest.mark.parametrize("order", [(0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)])
def test_a_reversal_that_is_taken_back_leaves_the_credit_in_whatever_order_they_come(order: tuple[int, ...]) -> None:
    """The money is there: a claim that was paid is no open one."""
    made, told = filed(*(CHAIN[each] for each in order))
    paid, debit, back = (made.receipts[told[order.index(each)].id] for each in range(3))
    assert (paid.status, paid.reversed_by, paid.counts) == (BOOKED, None, True)
    assert (debit.status, debit.reversed_by, debit.reversed_receipt) == (REVERSED, back.id, paid.id)
    assert (back.status, back.reversed_receipt, back.counts) == (BOOKED, debit.id, False)
    standing = dict(made.receipts)
    for each in CHAIN:  # the same files again
        made.file(each)
    assert made.receipts == standing


def test_a_credit_that_was_restored_may_be_taken_back_again() -> None:
    made, told = filed(*CHAIN)
    again = made.file(reversal("KB-3307", reference="KB-9", booked_on=LATER, value_on=LATER))
    assert again.note == f"reverses receipt {told[0].id}"
    assert made.receipts[told[0].id].status is REVERSED


@pytest.mark.parametrize(
    "back",
    [
        CHAIN[2].model_copy(update={"amount": usd("3999.99")}),
        CHAIN[2].model_copy(update={"account": "NRA 1"}),
        CHAIN[2].model_copy(update={"reference": "KB-3308"}),
        CHAIN[2].model_copy(update={"booked_on": DAY, "value_on": DAY}),
        CHAIN[2].model_copy(update={"status": PENDING}),
    ],
    ids=["another amount", "another account", "another reference", "earlier", "announced"],
)
def test_what_takes_no_reversal_back_restores_nothing(back: FxReceipt) -> None:
    made, told = filed(*CHAIN[:2], back)
    assert made.receipts[told[0].id].status is REVERSED
    assert made.receipts[told[2].id].reversed_receipt is None
    assert told[2].note == ""
    paid, debit = CHAIN[:2]
    made, told = filed(paid, back, debit)
    assert made.receipts[told[0].id].status is REVERSED
    assert made.receipts[told[1].id].reversed_receipt is None


BANK, ANOTHER = bank("BKCHCNBJ300"), bank("ICBKCNBJGZU")


@pytest.mark.parametrize(
    ("of_debit", "of_back", "is_restored"),
    [
        ({"account_bank": BANK}, {"account_bank": BANK}, True),
        ({"account_bank": BANK}, {"account_bank": ANOTHER}, False),
        ({"account_bank": BANK}, {}, True),
        ({}, {"account_bank": BANK}, True),
        ({"booked_on": NEXT}, {"booked_on": NEXT}, True),
        ({"booked_on": None}, {}, True),
        ({}, {"booked_on": None}, True),
        ({"reference": "RV-1"}, {"reference": "RV-1"}, True),
        ({"reference": "RV-1"}, {"reference": "RV-2"}, False),
    ],
)
def test_a_debit_is_taken_back_at_its_bank_no_earlier_and_by_any_reference_of_it(
    of_debit: dict[str, Any], of_back: dict[str, Any], is_restored: bool
) -> None:
    paid, debit, back = CHAIN
    made, told = filed(paid, debit.model_copy(update=of_debit), back.model_copy(update=of_back))
    assert (made.receipts[told[0].id].status is BOOKED) == is_restored


def test_who_files_the_last_of_three_hears_what_became_of_the_credit() -> None:
    paid, debit, back = CHAIN
    _, told = filed(paid, debit, back)
    assert told[2].note == f"takes back {told[1].id}: receipt {told[0].id} stands again"
    _, told = filed(debit, back, paid)
    assert told[2].note == f"was reversed by {told[0].id}, which was taken back itself: it stands"


def test_one_debit_is_taken_back_once() -> None:
    """A second entry of the same reference takes back neither the debit nor what has taken it back."""
    made, told = filed(*CHAIN)
    before = {each.id: made.receipts[each.id].status for each in told}
    second = made.file(CHAIN[2].model_copy(update={"reference": "KB-4", "identifiers": ids(E="KB-3307")}))
    assert second.id not in before
    assert (second.note, made.receipts[second.id].reversed_receipt) == ("", None)
    assert {id_: made.receipts[id_].status for id_ in before} == before


def test_another_credit_takes_no_debit_back() -> None:
    """Only what says that it is money come back."""
    other = credit("TRX-2A", identifiers=ids(E="E-1"), booked_on=LATER, value_on=LATER)
    made, told = filed(credit("TRX-1A"), other, reversal("TRX-1A", identifiers=ids(E="E-1")))
    assert stands(made, told) == [REVERSED, BOOKED, BOOKED]


def test_what_has_taken_a_debit_back_and_says_more_has_nothing_to_tell() -> None:
    made, told = filed(*CHAIN)
    again = made.file(CHAIN[2].model_copy(update={"remittance": ("come back",)}))
    assert again == Outcome(told[2].id, "")
    assert made.receipts[again.id].remittance == ("come back",)
    made, (alone,) = filed(CHAIN[2])  # nor has what came back to no debit
    assert made.file(CHAIN[2].model_copy(update={"remittance": ("come back",)})) == alone == Outcome(alone.id, "")


def test_a_reversal_that_has_its_credit_takes_no_second_one() -> None:
    made, told = filed(credit("TRX-1A", identifiers=ids(E="E-1")), reversal("E-1"))
    later = made.file(credit("TRX-2A", identifiers=ids(E="E-1")))
    assert (later.note, made.receipts[later.id].status) == ("", BOOKED)
    again = made.file(reversal("E-1", "TRX-2A"))
    assert again == Outcome(told[1].id, f"reverses receipt {told[0].id}")
    assert made.receipts[later.id].status is BOOKED
