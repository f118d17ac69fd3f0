"""What an officer may do with a loan now: to leave out of a page what the ledger would refuse. The ledger decides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from eximledger_chaincode.lending.loan import OPEN, Loan, LoanState, require_taken_in
from eximledger_chaincode.lending.roles import Duty, Person, is_one_of
from eximledger_chaincode.lending.steps import Step
from eximledger_chaincode.lending.verdict import Decision, Finding, Severity
from eximledger_chaincode.rules.sanctions import takes_two_persons
from hlf_chaincode.errors import Refused

__all__ = ["Acts", "acts_of", "referring", "why_not_confirm"]

_PROPOSED_HERE: Final = tuple(step for step in Step if step is not Step.CONVERSION)
"""A conversion takes a whole export bill, which has a form of its own."""


@dataclass(frozen=True, slots=True)
class Acts:
    """What of a loan's page an officer is offered. The reasons are sentences for who may not."""

    check: bool = False
    approve: bool = False
    approve_why_not: str = ""
    refer: bool = False
    reject: bool = False
    withdraw: bool = False
    amend: bool = False
    propose: tuple[Step, ...] = ()
    convert: bool = False
    confirm: bool = False
    why_not: str = ""
    clear: bool = False
    """Two persons have a hit on a watch list to clear first."""
    overdue: bool = False
    lapse: bool = False

    @property
    def anything(self) -> bool:
        return any((
            self.check, self.approve, self.refer, self.reject, self.withdraw, self.amend, self.propose, self.convert,
            self.confirm, self.clear, self.overdue, self.lapse, self.why_not,
        ))  # fmt: skip


def acts_of(loan: Loan, person: Person, duties: Iterable[Duty], today: date) -> Acts:
    """The acts on a loan of the person's own bank; another member looks only."""
    if person.msp_id != loan.bank:
        return Acts()
    held = frozenset(duties)
    is_open, is_checker = loan.state in OPEN, Duty.CHECKER in held
    applied = is_one_of(person, loan.applicants)
    why_not = _why_not_approve(loan, is_checker=is_checker, applied=applied)
    waiting = "" if loan.proposed is None else why_not_confirm(loan.proposed.by, person, is_checker=is_checker)
    return Acts(
        check=is_open,
        approve=is_open and loan.verdict is not None and not why_not,
        approve_why_not=why_not if is_open else "",
        refer=is_open and loan.state is not LoanState.REFERRED,
        reject=is_open and is_checker and not applied,
        withdraw=is_open,
        amend=is_open,
        propose=tuple(step for step in _PROPOSED_HERE if _is_taken(loan, step)),
        convert=_is_taken(loan, Step.CONVERSION) and bool(loan.held_frames),
        confirm=loan.proposed is not None and not waiting,
        why_not=waiting,
        clear=is_open and bool(_to_clear(loan)),
        overdue=loan.state is LoanState.DISBURSED and today > loan.matures_on,
        lapse=loan.state is LoanState.APPROVED and loan.draws_until is not None and today > loan.draws_until,
    )


def referring(loan: Loan) -> tuple[Finding, ...]:
    """The findings that one officer sets aside with a reason; what two persons clear is none of them."""
    found = () if loan.verdict is None else loan.verdict.findings
    return tuple(each for each in found if each.severity is Severity.REFER and not takes_two_persons(each))


def _to_clear(loan: Loan) -> list[Finding]:
    found = () if loan.verdict is None else loan.verdict.findings
    return [each for each in found if takes_two_persons(each)]


def _why_not_approve(loan: Loan, *, is_checker: bool, applied: bool) -> str:
    if loan.verdict is None:
        return "The papers are checked first."
    if loan.verdict.verdict is Decision.REJECT:
        return "A finding rejects the loan: nobody can approve it on these papers."
    if not is_checker:
        return "A checker decides on the loan."
    if applied:
        return "You applied for it: another person decides on the loan."
    if _to_clear(loan):
        return "A party may be on a watch list: two persons clear that first."
    return ""


def why_not_confirm(proposer: Person, person: Person, *, is_checker: bool) -> str:
    """Why a person may not confirm what another proposed; nothing where that one may."""
    if person.is_same(proposer):
        return "You proposed it: another person confirms it."
    return "" if is_checker else "A checker confirms it."


def _is_taken(loan: Loan, step: Step) -> bool:
    try:
        require_taken_in(loan, step)
    except Refused:
        return False
    return True
