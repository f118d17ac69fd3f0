"""A loan for its page: terms, account, schedule, conditions, the papers that it names, the steps of its life."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from eximledger.console.views.receipts import ShownReceipt
from eximledger.reports import Step as LifeStep
from eximledger.reports import account_facts, life_of, term_facts
from eximledger.words import Language
from eximledger_chaincode.documents import CASE_KINDS, Money
from eximledger_chaincode.documents.parts.terms import Condition
from eximledger_chaincode.lending.accounts.account import Account, account_of, schedule_of
from eximledger_chaincode.lending.accounts.interest import Period
from eximledger_chaincode.lending.loan import Loan
from eximledger_chaincode.lending.roles import Person
from eximledger_chaincode.lending.steps import Step

__all__ = ["LoanPage", "NamedRow", "loan_page", "persons_of"]


@dataclass(frozen=True, slots=True)
class NamedRow:
    """A paper that the application names; of what is financed also how much is asked and held."""

    kind: str
    number: str
    asked: Money | None = None
    held: Money | None = None


@dataclass(frozen=True, slots=True)
class LoanPage:
    """What a loan's page shows beside the loan itself."""

    terms: tuple[tuple[str, str], ...]
    named: tuple[NamedRow, ...]
    steps: tuple[LifeStep, ...]
    open_conditions: tuple[Condition, ...]
    account: Account | None
    account_facts: tuple[tuple[str, str], ...]
    periods: tuple[Period, ...]
    offered: tuple[ShownReceipt, ...]
    amounts: dict[str, str]
    """What a form of a step begins with: all that can be drawn, all that is owed."""


def loan_page(loan: Loan, today: date, language: Language, offered: Sequence[ShownReceipt]) -> LoanPage:
    """The loan as it stands on a day."""
    account = account_of(loan, today) if loan.payments else None
    met = {each.condition for each in loan.met}
    return LoanPage(
        terms=tuple(term_facts(loan, language)),
        named=tuple(_named(loan)),
        steps=life_of(loan, language),
        open_conditions=tuple(each for each in loan.conditions if each not in met),
        account=account,
        account_facts=() if account is None else tuple(account_facts(account, language)),
        periods=() if account is None else schedule_of(loan, max(today, loan.matures_on)),
        offered=tuple(offered),
        amounts=_amounts(loan, account),
    )


def persons_of(loan: Loan) -> frozenset[Person]:
    """Everybody whom a loan's page names."""
    decided = (each.by for each in (loan.approval, loan.decision) if each is not None)
    paid = (person for each in loan.payments for person in (each.proposed_by, each.confirmed_by))
    return frozenset((*loan.applicants, loan.applied_by, *decided, *paid, *_proposer(loan)))


def _proposer(loan: Loan) -> tuple[Person, ...]:
    return () if loan.proposed is None else (loan.proposed.by,)


def _named(loan: Loan) -> Iterator[NamedRow]:
    application = loan.application.document
    held = {each.declaration_number: each.amount for each in loan.held}
    held_frames: dict[tuple[str, str], Money] = {(each.kind, each.number): each.amount for each in loan.held_frames}
    financed: dict[tuple[str, str], Money] = {(each.kind, each.number): each.amount for each in application.frames}
    for item in application.declarations:
        yield NamedRow("declaration", item.declaration_number, item.amount, held.get(item.declaration_number))
    for number in held.keys() - {each.declaration_number for each in application.declarations}:
        yield NamedRow("declaration", number, None, held[number])
    for kind in CASE_KINDS:
        if kind.named and kind.name != "declaration":
            for number in application.named(kind.field):
                of = (kind.name, number)
                yield NamedRow(kind.name, number, financed.get(of), held_frames.get(of))


def _amounts(loan: Loan, account: Account | None) -> dict[str, str]:
    whole = loan.application.document.amount
    drawn = whole if account is None else account.undrawn
    owed = None if account is None else account.owed
    return {
        Step.DISBURSEMENT.value: f"{drawn.amount}" if drawn.amount > 0 else "",
        Step.REPAYMENT.value: "" if owed is None else f"{owed.amount}",
        Step.INDEMNITY.value: "" if owed is None else f"{owed.amount}",
    }
