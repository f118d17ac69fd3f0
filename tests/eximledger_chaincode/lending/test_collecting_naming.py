"""What one receipt names, and what of it goes to which paper."""

from __future__ import annotations

import pytest
from tests.eximledger_chaincode.rules import cases
from tests.eximledger_chaincode.rules.cases import NUMBER, OTHER_NUMBER, cny, eur, usd

from eximledger_chaincode.documents import Allocation, FxReceipt, Money, Party, ReceiptStatus, Reference
from eximledger_chaincode.lending.collecting.naming import (
    NamedPaper,
    Order,
    ReceiptNaming,
    Unallocated,
    left_by,
    mentions,
    naming_of,
    taken_back_of,
    unallocated_of,
)


def receipt(**changes: object) -> FxReceipt:
    """4,000 dollars that name nothing."""
    return cases.receipt(**{"amount": usd(4_000), **changes})


def references(**amounts: Money | None) -> tuple[Reference, ...]:
    """Declarations that the payer names, by `d` and `e`; invoices by their numbers."""
    numbers = {"d": ("declaration", NUMBER), "e": ("declaration", OTHER_NUMBER)}
    named = ((*numbers.get(name, ("invoice", name.replace("_", "-"))), amount) for name, amount in amounts.items())
    return tuple(Reference(kind=kind, number=number, amount=amount) for kind, number, amount in named)


def allocated(**amounts: Money) -> tuple[Allocation, ...]:
    numbers = {"d": NUMBER, "e": OTHER_NUMBER}
    return tuple(Allocation(declaration_number=numbers[name], amount=amount) for name, amount in amounts.items())


def given(papers: tuple[NamedPaper, ...]) -> dict[str, Money | None]:
    return {paper.number: paper.amount for paper in papers}


# -- as a whole --------------------------------------------------------------------------------------------------------


def test_a_naming_says_all_that_a_claim_is_counted_by() -> None:
    paper = receipt(
        instructed_amount=usd(4_020), references=references(d=usd(1_000), CI_7=usd(3_000)), alike=("a" * 40,)
    )
    assert naming_of(paper) == ReceiptNaming(
        receipt_id=paper.id,
        amount=usd(4_000),
        ordered=Order(amount=usd(4_020)),
        dated=paper.dated,
        declarations=(NamedPaper(number=NUMBER, amount=usd(1_000)),),
        invoices=(NamedPaper(number="CI7", amount=usd(3_000)),),
        exporter=cases.SELLER.uscc,
        doubtful=True,
    )
    plain = receipt(exporter_uscc=None)
    assert naming_of(plain) == ReceiptNaming(receipt_id=plain.id, amount=usd(4_000), dated=plain.dated)
    assert not naming_of(plain).doubtful


@pytest.mark.parametrize(
    ("changes", "payer"),
    [
        ({}, cases.BUYER.name),
        ({"payer": Party(name="A house bank"), "ultimate_payer": cases.BUYER}, "A house bank"),
        ({"payer": None, "ultimate_payer": cases.THIRD_PARTY}, cases.THIRD_PARTY.name),
        ({"payer": None}, ""),
    ],
)
def test_what_names_nothing_is_told_by_who_paid_it(changes: dict[str, object], payer: str) -> None:
    """The rule on receipts of the buyer's that name nothing goes by that name."""
    paper = receipt(instructed_amount=usd(4_020), **changes)
    found = Unallocated(receipt_id=paper.id, amount=usd(4_000), ordered=usd(4_020), payer=payer, dated=paper.dated)
    assert unallocated_of(paper, naming_of(paper)) == found
    assert not found.takes_back


@pytest.mark.parametrize(
    ("changes", "left"),
    [
        ({"references": references(d=usd("0.01"), e=usd("0.01"))}, usd("3999.98")),
        ({"references": references(CI_7=usd("0.01"))}, usd("3999.99")),
        ({"references": references(CI_7=usd(1_500), CI_8=usd(2_000))}, usd(500)),
        ({"references": references(d=usd(3_000), CI_7=usd(3_000))}, usd(1_000)),  # may be the same money
        ({"references": references(CI_7=usd("3999.50"))}, usd("0.50")),
        ({"references": references(CI_7=usd(4_000))}, None),
        ({"references": references(CI_7=usd(1), CI_8=None)}, None),  # which gets the rest
        ({"references": references(CI_7=usd(5_000))}, None),  # no amount: all goes to it
        ({"allocations": allocated(d=usd(1_000))}, usd(3_000)),
        ({"allocations": allocated(d=usd(1_000)), "references": references(e=None)}, None),
        ({"references": references(CI_7=usd(4_000)), "instructed_amount": usd(4_020)}, None),  # 20 were charged
        ({"references": references(CI_7=usd(1)), "instructed_amount": usd(1)}, usd(3_999)),  # the payer's word
        ({"references": references(CI_7=usd(500)), "amount": cny(28_000), "instructed_amount": usd(4_020)}, usd(3_520)),
        (
            {
                "references": references(CI_7=usd(500)),
                "amount": cny(28_000),
                "instructed_amount": usd(4_020),
                "returned": cny(7_000),
            },
            usd(3_520),
        ),
        ({"references": references(CI_7=usd(1_500)), "returned": usd(1_000)}, usd(1_500)),
        ({"references": references(CI_7=usd(1_500)), "returned": usd(2_500)}, None),
    ],
)
def test_what_a_payer_gives_to_no_paper_by_amount_is_not_lost(changes: dict[str, object], left: Money | None) -> None:
    """A cent on every paper that is named would leave a claim open that was paid."""
    paper = receipt(**changes)
    found = unallocated_of(paper, naming_of(paper))
    whole = paper.amount if left is None or left.currency == paper.amount.currency else paper.instructed_amount
    assert (None if found is None else (found.amount, found.whole)) == (None if left is None else (left, whole))
    assert found is None or found.ordered is None, "it would count once more where what was ordered does"


def test_a_debit_that_waits_for_the_credit_which_it_takes_back_is_told() -> None:
    paper = receipt(reverses=("E-9",), remittance=())
    assert taken_back_of(paper) == Unallocated(
        receipt_id=paper.id, amount=usd(4_000), payer="", dated=paper.dated, takes_back=True
    )


@pytest.mark.parametrize(
    "changes", [{"reverses": ()}, {"reversed_receipt": "a" * 40}, {"status": ReceiptStatus.PENDING}]
)
def test_neither_a_credit_nor_a_debit_that_has_met_its_credit_or_is_not_booked_waits(
    changes: dict[str, object],
) -> None:
    assert taken_back_of(receipt(**{"reverses": ("E-9",), "remittance": (), **changes})) is None


@pytest.mark.parametrize("amounts", [(eur(10),), (usd(10), eur(10)), (eur(10), usd(10))])
def test_of_amounts_in_another_currency_nobody_knows_what_they_leave(amounts: tuple[Money, ...]) -> None:
    papers = tuple(NamedPaper(number=f"CI{number}", amount=amount) for number, amount in enumerate(amounts))
    paper = receipt(references=references(CI_7=usd(1_500)))
    assert unallocated_of(paper, naming_of(paper).model_copy(update={"invoices": papers})) is None


def test_of_what_names_nothing_the_first_twenty_four_numbers_of_its_text_are_kept() -> None:
    """They stand in one value with those of all such receipts of a month."""
    paper = receipt(remittance=(" ".join(f"N{number}" for number in range(30)),))
    left = unallocated_of(paper, naming_of(paper))
    assert left is not None
    assert left.mentioned == tuple(f"N{number}" for number in range(24))


def test_what_a_receipt_leaves_goes_to_an_invoice_that_its_words_name() -> None:
    paper = receipt(references=references(CI_7=usd(1_500)))
    named = naming_of(paper)
    left = unallocated_of(paper, named)
    assert left is not None
    assert left_by([], [left]) == left_by([named], [left]) == [left]
    by_words = named.model_copy(update={"invoices": (*named.invoices, NamedPaper(number="CI8"))})
    assert left_by([by_words], [left]) == []


# -- how much goes to which --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("named", "kept"),
    [
        ({"d": usd(4_000)}, True),
        ({"d": usd(1_500), "e": usd(2_500)}, True),
        ({"d": usd("0.01"), "e": None}, True),
        ({"d": usd(1_500), "e": usd("2500.01")}, False),
        ({"d": usd(1_500), "e": usd(0)}, False),
        ({"d": usd(5_000), "e": usd(-1_000)}, False),
        ({"d": usd(1_500), "e": eur(10)}, False),
        ({"d": eur(10)}, False),
    ],
)
def test_the_payers_amounts_are_kept_together_or_not_at_all(named: dict[str, Money | None], kept: bool) -> None:
    numbers = {"d": NUMBER, "e": OTHER_NUMBER}
    wanted = {numbers[name]: amount if kept else None for name, amount in named.items()}
    assert given(naming_of(receipt(references=references(**named))).declarations) == wanted
    invoices = {f"CI{name.upper()}": amount if kept else None for name, amount in named.items()}
    paper = receipt(references=references(**{f"CI_{name}": amount for name, amount in named.items()}))
    assert given(naming_of(paper).invoices) == invoices


def test_amounts_that_are_together_more_than_money_can_say_are_no_amounts() -> None:
    most = Money.of("9" * 28 + ".99", "USD")
    named = naming_of(receipt(references=references(CI_7=most, CI_8=most))).invoices
    assert given(named) == {"CI7": None, "CI8": None}


def test_amounts_are_measured_by_what_was_paid_and_not_by_what_came_through() -> None:
    paper = receipt(instructed_amount=usd(4_020), references=references(d=usd(4_010)))
    assert given(naming_of(paper).declarations) == {NUMBER: usd(4_010)}
    in_yuan = receipt(amount=cny(28_400), instructed_amount=eur(3_600), references=references(d=eur(3_600)))
    assert given(naming_of(in_yuan).declarations) == {NUMBER: eur(3_600)}


def test_a_shorter_number_in_the_payers_words_is_no_declaration() -> None:
    assert naming_of(receipt(remittance=("FOR CI-7",))).declarations == ()


def test_the_first_amount_of_a_paper_that_is_named_twice_counts() -> None:
    twice = (*references(d=None, CI_7=usd(5)), *references(d=usd(70), CI_7=usd(8)), *references(d=usd(90)))
    found = naming_of(receipt(references=twice, remittance=(f"FOR {NUMBER}",)))
    assert (given(found.declarations), given(found.invoices)) == ({NUMBER: usd(70)}, {"CI7": usd(5)})


def test_papers_come_in_the_order_of_their_numbers() -> None:
    """Every peer writes them in one order."""
    found = naming_of(receipt(references=references(e=None, d=None, ZZ_2=None, AB_1=None)))
    assert [paper.number for paper in found.declarations] == sorted([NUMBER, OTHER_NUMBER])
    assert [paper.number for paper in found.invoices] == ["AB1", "ZZ2"]
    backward = naming_of(receipt(allocations=(*allocated(d=usd(3)), *allocated(e=usd(2)))))
    assert [paper.number for paper in backward.declarations] == sorted([NUMBER, OTHER_NUMBER])


# -- what the bureau has allocated -------------------------------------------------------------------------------------


def test_parts_of_an_allocation_to_one_declaration_add_up() -> None:
    parts = (*allocated(d=usd(1_000)), *allocated(e=usd(500)), *allocated(d=usd(2_500)))
    assert given(naming_of(receipt(allocations=parts)).declarations) == {NUMBER: usd(3_500), OTHER_NUMBER: usd(500)}


@pytest.mark.parametrize(
    ("allocations", "else_named"),
    [
        (allocated(d=usd(3_999)), True),
        (allocated(d=usd("3999.99")), True),
        (allocated(d=usd(4_000)), False),
        ((*allocated(d=usd(1_500)), *allocated(d=usd(2_500))), False),
    ],
)
def test_what_an_allocation_leaves_goes_to_what_else_is_named(
    allocations: tuple[Allocation, ...], else_named: bool
) -> None:
    """And where it leaves nothing, a number in the text takes nothing of another exporter's claim."""
    for naming in ({"references": references(e=usd(7), d=usd(9))}, {"remittance": (f"{OTHER_NUMBER} {NUMBER}",)}):
        found = given(naming_of(receipt(allocations=allocations, **naming)).declarations)
        assert found.pop(NUMBER) == Money.of(sum(each.amount.amount for each in allocations), "USD")
        assert found == ({OTHER_NUMBER: None} if else_named else {})


def test_allocations_are_measured_all_together() -> None:
    """Three declarations have all of it: what the text names besides gets nothing."""
    numbers = [f"2248202600004188{place:02}" for place in range(4)]
    parts = tuple(
        Allocation(declaration_number=number, amount=usd(amount))
        for number, amount in zip(numbers, (1_000, 2_500, 500), strict=False)
    )
    found = given(naming_of(receipt(allocations=parts, remittance=(numbers[3],))).declarations)
    assert found == {numbers[0]: usd(1_000), numbers[1]: usd(2_500), numbers[2]: usd(500)}


def test_an_allocation_of_all_that_was_credited_leaves_nothing_to_what_else_is_named() -> None:
    paper = receipt(
        amount=cny(4_000),
        instructed_amount=eur(500),
        allocations=allocated(d=cny(4_000)),
        references=references(e=None),
    )  # fmt: skip
    assert given(naming_of(paper).declarations) == {NUMBER: cny(4_000)}


# -- numbers in free text ----------------------------------------------------------------------------------------------


def mentioned(*texts: str) -> set[str]:
    return set(mentions(receipt(remittance=texts)))


@pytest.mark.parametrize(
    ("text", "number", "is_found"),
    [
        ("A7", "A7", True),
        ("7", "7", False),
        ("77", "77", False),
        ("777", "777", True),
        ("INVOICE", "INVOICE", False),
        ("a b 1 c d", "AB1CD", True),
        ("a b 1 c d e", "AB1CDE", False),
        ("x" * 39 + "1", "X" * 39 + "1", True),
        ("x" * 40 + "1", "X" * 40 + "1", False),
        ("DY-CN/2026.06-001", "DYCN202606001", True),
        ("４２ in full width 7", "42", False),
        ("№ ４２７", "427", True),
    ],
)
def test_what_may_be_a_number_has_a_digit_and_some_length(text: str, number: str, is_found: bool) -> None:
    assert (number in mentioned(text)) == is_found


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("收到发票KW-771尾款", "KW771"), ("請求書KW-771分", "KW771"), ("인보이스KW-771대금", "KW771"),
        ("оплата №KW-771", "KW771"), ("INVOICE2026-771", "2026771"), ("NO2026/771 NR55120", "2026771"),
        ("NO2026/771 NR55120", "55120"), ("REF2026-771EUR", "2026771"),
        ("核销报关单530420260000000777货款", "530420260000000777"), ("BGD530420260000000777", "530420260000000777"),
        ("530420260000000777USD", "530420260000000777"), ("东裕CN2026年06月001号", "东裕CN2026年06月001号"),
    ],
)  # fmt: skip
def test_a_number_is_found_where_a_word_is_written_on_to_it(text: str, number: str) -> None:
    assert number in mentioned(text)


def test_a_declaration_among_characters_is_one_that_the_receipt_names() -> None:
    paper = receipt(remittance=(f"支付{NUMBER}号报关单货款",))
    assert [each.number for each in naming_of(paper).declarations] == [NUMBER]


def test_letters_and_digits_of_a_bank_reference_stay_together() -> None:
    assert mentioned("F19D04B7 AB12") == {"F19D04B7", "AB12", "F19D04B7AB12"}


def test_numbers_do_not_run_from_one_text_into_the_next() -> None:
    assert mentioned("PART 1A", "2B REST") == {"1A", "PART1A", "2B", "2BREST"}


def test_references_of_no_known_kind_are_text_and_those_in_fields_are_not() -> None:
    named = (
        Reference(kind="order", number="PO 55"), Reference(kind="invoice", number="CI-7"),
        Reference(kind="declaration", number="D-8"),
    )  # fmt: skip
    assert set(mentions(receipt(references=named))) == {"PO55"}


def test_short_numbers_come_first_and_the_two_hundredth_is_the_last() -> None:
    """A payer's long text costs every peer no more than that, and no whole number is pushed out by a run of words."""
    found = mentions(receipt(remittance=(" ".join(f"N{number}" for number in range(150)),)))
    assert found[:150] == tuple(f"N{number}" for number in range(150))
    assert (len(found), found[150:152], found[-1]) == (200, ("N0N1", "N1N2"), "N49N50")


def test_of_a_text_the_first_four_hundred_words_are_read() -> None:
    words = ["of"] * 398
    assert mentioned(" ".join([*words, "A1", "A2", "A3"])) >= {"A1", "A2"}
    assert "A3" not in mentioned(" ".join([*words, "A1", "A2", "A3"]))


@pytest.mark.parametrize(
    ("number", "is_one"),
    [
        (NUMBER, True),
        (NUMBER[:8] + "1" + NUMBER[9:], False),
        (NUMBER[:17], False),
        (NUMBER + "0", False),
        ("0000" + NUMBER[4:], False),
        (NUMBER[:4] + "1999" + NUMBER[8:], False),
        ("AB" + NUMBER[2:], False),
    ],
    ids=["export", "import", "short", "long", "no office", "of 1999", "letters"],
)
def test_a_declarations_number_in_the_text_is_that_of_an_export(number: str, is_one: bool) -> None:
    found = given(naming_of(receipt(remittance=(f"PAID FOR {number}",))).declarations)
    assert found == ({number: None} if is_one else {})
