"""No loan that the rules let through takes more of a claim than the buyer still owes, however many banks lend on it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from tests.eximledger_chaincode.rules import cases
from tests.eximledger_chaincode.rules.cases import NUMBER, cny, eur, naming, usd

from eximledger_chaincode.documents import InvoiceTotals, Money
from eximledger_chaincode.rules import RULES, Case, Severity

MONEY_RULES = ("AMOUNT", "BALANCE", "CLAIM-PAID")
RATE = Decimal("7.1")

cents = st.integers(0, 120_000_00) | st.sampled_from((0, 1, 30_000_00, 70_000_00, 100_000_00))


def dollars(count: int) -> Money:
    return Money.of(Decimal(count).scaleb(-2), "USD")


@dataclass(frozen=True)
class Known:
    """What papers and receipts say of the sound declaration of 100,000 dollars, in cents."""

    deposit: int
    credit: int
    received: tuple[tuple[int, str], ...]

    @property
    def open(self) -> Money:
        taken = self.deposit + self.credit + sum(paid for paid, _ in self.received)
        return dollars(max(100_000_00 - taken, 0))

    def case(self, asked: int, amount: Money, held: Money) -> Case:
        totals = InvoiceTotals(with_tax=usd(100_000), prepaid=dollars(self.deposit), payable=usd(0))
        totals = totals.model_copy(update={"payable": usd(100_000) - dollars(self.deposit)})
        receipts = [
            naming(dollars(paid), [NUMBER] if by == "declaration" else [], ["CI01"], receipt_id=f"FX-{place}")
            for place, (paid, by) in enumerate(self.received)
        ]
        return cases.case(
            cases.application(declarations=(cases.financed(amount=dollars(asked)),), amount=amount),
            cases.invoice(totals=totals), cases.credit_note(dollars(self.credit)),
            namings=tuple(receipts), positions=(cases.held(held),) if held.amount else (),
        )  # fmt: skip


receipts = st.tuples(st.integers(1, 60_000_00), st.sampled_from(("invoice", "declaration")))
parts = st.integers(0, 50_000_00)
known = st.builds(Known, parts, parts, st.lists(receipts, max_size=2).map(tuple))
loans = st.tuples(cents.filter(bool), st.integers(1, 600_000_00))


def test_a_declaration_that_cannot_be_valued_is_rejected_by_the_name_of_the_quotation() -> None:
    (finding,) = RULES["BALANCE"].findings(cases.case(namings=(naming(eur(1), [NUMBER]),)))
    assert finding.severity is Severity.REJECT
    assert "there is no reference rate of EUR on 2026-04-02 or the 10 days before it" in finding.message.en
    (finding,) = RULES["AMOUNT"].findings(cases.case(cases.rate()))
    assert "0.00 CNY can be financed" in finding.message.en
    assert "there is no reference rate of USD on 2026-04-11" in finding.message.en


def rejects(case: Case) -> set[str]:
    found = (each for rule in MONEY_RULES for each in RULES[rule].findings(case))
    return {each.rule for each in found if each.severity is Severity.REJECT}


@given(known, cents.filter(bool), cents)
def test_what_is_held_and_asked_is_within_the_open_claim_or_rejected(known: Known, asked: int, held: int) -> None:
    found = rejects(known.case(asked, cny("0.01"), dollars(held)))
    assert ("BALANCE" in found) == (dollars(held) + dollars(asked) > known.open)
    paid = bool(known.deposit or known.received)
    assert ("CLAIM-PAID" in found) == (paid and dollars(asked) > known.open)


@given(known, st.lists(loans, max_size=8))
def test_banks_together_lend_no_more_than_policys_share_of_the_open_claim(
    known: Known, wanted: list[tuple[int, int]]
) -> None:
    """Each asks in turn, and what it holds is held against the next."""
    held, lent = usd(0), cny(0)
    for asked, fen in wanted:
        amount = Money.of(Decimal(fen).scaleb(-2), "CNY")
        if not rejects(known.case(asked, amount, held)):
            held, lent = held + dollars(asked), lent + amount
    assert held <= known.open
    assert lent.amount <= held.amount * RATE * Decimal("0.8") + Decimal("0.01") * len(wanted)
