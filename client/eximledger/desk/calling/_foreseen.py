"""Loans as they were left last, as the desks of one process know: what a step makes of one need not be read after it.

A transaction's short answer has the hash of the loan as it was written, signed by both endorsers. Who knows the loan
before the step and what the step does can write it down; where that has the hash, it is the loan, byte for byte. Where
it has not (others went on meanwhile, or the case was judged differently) the loan is read as it would be else: so
nothing rests on what is foreseen but whether there is something to ask.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from eximledger.desk.calling._noted import Noted
from eximledger_chaincode.lending.loan import Loan, LoanStep
from eximledger_chaincode.lending.roles import Person
from hlf_chaincode.canonical import canonical_json, sha256_hex

__all__ = ["Act", "Foresight", "foreseen", "last_loan", "note_last"]

_KEPT: Final = 256
"""Loans that are at work at one time: each takes some ten kilobytes."""


@dataclass(frozen=True, slots=True)
class Act:
    """A transaction as the contract sees it: its id, its time, and who signed it."""

    transaction_id: str
    at: datetime
    by: Person


Foresight: TypeAlias = Callable[[Loan | None, Act], Loan | None]
"""The loan after a step from the loan before it, None of one that there was not; None where that cannot be told."""


@dataclass(frozen=True, slots=True)
class _Last:
    loan: Loan
    sha256: str


_LOANS: Final[Noted[_Last]] = Noted(_KEPT)


def note_last(loan: Loan, sha256: str = "") -> None:
    """The loan as a transaction left it, with the hash of it that the peers told, if they did."""
    _LOANS.note((loan.bank, loan.loan_id), _Last(loan, sha256))


def last_loan(bank: str, loan_id: str) -> Loan | None:
    """The loan as it was left last, as far as is known here."""
    last = _LOANS.get((bank, loan_id))
    return None if last is None else last.loan


def foreseen(told: LoanStep, act: Act, foresee: Foresight) -> Loan | None:
    """The loan that the peers told of, where it can be written down without reading it."""
    last = _LOANS.get((act.by.msp_id, told.loan_id))
    if last is not None and last.sha256 == told.sha256:  # the step was taken already, and nothing written
        return last.loan
    before = None if last is None else last.loan
    if told.step != (0 if before is None else before.step + 1):
        return None
    after = foresee(before, act)
    if after is None:
        return None
    after = after.model_copy(update={"step": told.step})
    return after if sha256_hex(canonical_json(after)) == told.sha256 else None
