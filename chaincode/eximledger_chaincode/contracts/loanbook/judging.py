"""Judging a loan's case again in the course of its life: as it stands now, for what is still asked of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from eximledger_chaincode.contracts.casefile.judged import reconcile
from eximledger_chaincode.contracts.loanbook.book import OpenedLoan
from eximledger_chaincode.contracts.loanbook.facts import open_case, open_left
from eximledger_chaincode.documents import Money, minor_units
from eximledger_chaincode.lending.accounts.account import account_of
from eximledger_chaincode.lending.exact import half_up
from eximledger_chaincode.lending.register import PaperFingerprint
from eximledger_chaincode.lending.steps import Proposal
from eximledger_chaincode.lending.valuation import convert
from eximledger_chaincode.lending.verdict import Decision, Severity, Verdict
from eximledger_chaincode.rules.basis.again import asked_again
from eximledger_chaincode.rules.basis.case import Case
from hlf_chaincode.contract import Context
from hlf_chaincode.errors import Refused

__all__ = ["Judged", "judge_again", "judged", "require_indemnity"]


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict on the case as it stands, and the loan's papers as they are now."""

    case: Case
    verdict: Verdict
    papers: tuple[PaperFingerprint, ...]


async def judge_again(context: Context, opened: OpenedLoan, to_be: str, *, matures_on: date | None = None) -> Judged:
    """Judge what the loan still holds for what of it is owed or may still be drawn, with the maturity as it is or is to
    become. Raises `Refused` naming what rejects it: the loan cannot be `to_be`."""
    loan = opened.loan
    found = await open_case(context, opened)
    case = asked_again(found.case, loan, matures_on=matures_on)
    return Judged(case, judged(loan.loan_id, case, to_be), found.papers)


def judged(loan_id: str, case: Case, to_be: str) -> Verdict:
    """The verdict on a case. Raises `Refused` naming what rejects it."""
    verdict = reconcile(case)
    if verdict.verdict is Decision.REJECT:
        rejecting = [each for each in verdict.findings if each.severity is Severity.REJECT]
        raise Refused(
            f"loan {loan_id} cannot be {to_be}: "
            f"{' '.join(dict.fromkeys(f'{each.rule}: {each.message.en}' for each in rejecting[:3]))}",
            loan_id=loan_id,
        )
    return verdict


async def require_indemnity(context: Context, opened: OpenedLoan, proposal: Proposal) -> None:
    """Raises `Refused` where more is asked of an insurer than is owed, or than policy's share of the loan's invoices at
    the day's reference rates. It is the bank's own papers that say so: asked also when consent has ended."""
    loan, amount, day = opened.loan, proposal.amount, proposal.day
    if amount is None or day is None:
        return
    owed = account_of(loan, day).owed
    case = await open_left(context, opened)
    percent = case.tolerances.indemnity_percent
    worth = Fraction(0)
    for record in case.invoices:
        worth += Fraction(convert(record.document.claim, loan.currency, case.today, case.rates).amount)
    insured = half_up(max(worth, Fraction(0)) * Fraction(percent) / 100, minor_units(loan.currency))
    most = min(owed, Money(amount=insured, currency=loan.currency))
    if amount > most:
        raise Refused(f"loan {loan.loan_id}: {amount} is more than the {most} that can be asked of an insurer: "
                      f"what is owed, and {percent} % of the invoices", loan_id=loan.loan_id)  # fmt: skip
