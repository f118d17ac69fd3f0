"""The case of a loan that goes on: judged for what is still asked of it, with its maturity as it is or is to become."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from eximledger_chaincode.documents import LoanApplication
from eximledger_chaincode.lending.accounts.account import account_of
from eximledger_chaincode.lending.loan import Loan
from eximledger_chaincode.rules.basis.case import Case

__all__ = ["asked_again", "asking"]


def asked_again(case: Case, loan: Loan, *, matures_on: date | None = None) -> Case:
    """The case for what the loan still holds, and for what of it is owed or may still be drawn on the case's day."""
    account = account_of(loan, case.today)
    asked: dict[str, object] = {
        "declarations": loan.held,
        "frames": loan.held_frames,
        "amount": account.undrawn + account.outstanding,
        "matures_on": matures_on or loan.matures_on,
    }
    return asking(case, asked)


def asking(case: Case, asked: dict[str, object]) -> Case:
    """The case with other terms asked for; itself where they are the same."""
    application: LoanApplication = case.application.document
    if all(getattr(application, name) == value for name, value in asked.items()):
        return case
    changed = case.application.model_copy(update={"document": application.model_copy(update=asked)})
    return replace(case, application=changed)
