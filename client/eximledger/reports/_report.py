"""What a report is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from typing import TypeAlias

from eximledger.reports.wording.proposed import proposal_words
from eximledger.words import Language, word
from eximledger_chaincode.documents import LoanApplication
from eximledger_chaincode.lending.accounts.account import Account, account_of
from eximledger_chaincode.lending.loan import Decision, Loan, LoanState
from eximledger_chaincode.lending.roles import Person
from eximledger_chaincode.lending.steps import Step as TwoPersons
from eximledger_chaincode.lending.time import day_in_china
from eximledger_chaincode.rules import Verdict

__all__ = ["Report", "Roles", "Step", "decider_of", "life_of", "member_with_role", "moment", "with_role"]

_OF_CHECKERS = frozenset({LoanState.APPROVED, LoanState.REJECTED})
"""What only a person with the role of a checker decides: its certificate says so, and every peer looks."""


Roles: TypeAlias = Mapping[tuple[str, str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a loan's life: the state reached or the step that two persons took, when, by whom, who confirmed it,
    and what was noted."""

    state: str
    at: datetime
    by: str = ""
    confirmed_by: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A verdict on an application; with the loan where there is one on a ledger."""

    application: LoanApplication
    verdict: Verdict
    loan: Loan | None = None
    day: date | None = None
    """For the loan's account; the day on which it was written last, where none is given."""
    zone: tzinfo | None = UTC
    """In which times are told; None for the zone of this machine."""
    roles: Roles = field(default_factory=dict)
    """Of persons, by member and name, the roles that their certificates say; a ledger's state does not have them."""

    @property
    def steps(self) -> tuple[Step, ...]:
        """The loan's life so far, oldest first; empty for papers that are on no ledger."""
        return self.steps_in("en")

    def steps_in(self, language: Language) -> tuple[Step, ...]:
        """The same, with what two persons did in a language's words."""
        return () if self.loan is None else life_of(self.loan, language, self.roles)

    @property
    def set_aside(self) -> Mapping[str, tuple[str, Person]]:
        """Why findings of this verdict were set aside at the approval, and by whom, by the finding's name."""
        approval = None if self.loan is None else self.loan.approval
        if approval is None or approval.evidence_hash != self.verdict.evidence_hash:
            return {}
        return {each.finding: (each.reason, approval.by) for each in approval.overrides}

    @property
    def account(self) -> Account | None:
        """The account of a loan that was paid out."""
        if self.loan is None or not self.loan.payments:
            return None
        return account_of(self.loan, self.day or day_in_china(self.loan.updated_at))


def moment(at: datetime, zone: tzinfo | None = None) -> str:
    """A time as a person reads it, with its zone: this machine's where none is given."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S %Z}"


def decider_of(decision: Decision) -> tuple[Person, bool]:
    """Who decided, and whether as a checker."""
    return decision.by, decision.outcome in _OF_CHECKERS


def life_of(loan: Loan, language: Language = "en", roles: Roles | None = None) -> tuple[Step, ...]:
    """The loan's life so far, oldest first; persons with their roles, as far as these are known."""
    return tuple(sorted(_steps(loan, language, roles or {}), key=lambda step: step.at))


def with_role(person: Person, language: Language, roles: Roles, *, checker: bool = False) -> str:
    """A name with its roles: those that `roles` says, else checker where every peer has looked for that."""
    found = _roles_of(person, language, roles, checker=checker)
    if not found:
        return person.name
    return f"{person.name}（{'，'.join(found)}）" if language == "zh" else f"{person.name} ({', '.join(found)})"


def member_with_role(person: Person, language: Language, roles: Roles, *, checker: bool = False) -> str:
    """The same with the member: a report goes to other houses."""
    found = _roles_of(person, language, roles, checker=checker)
    if language == "zh":
        return f"{person.name}（{'，'.join([*found, person.msp_id])}）"
    return f"{person}" + (f" ({', '.join(found)})" if found else "")


def _roles_of(person: Person, language: Language, roles: Roles, *, checker: bool) -> list[str]:
    found = roles.get((person.msp_id, person.name), ()) or (("checker",) if checker else ())
    return [word(each, language) for each in found]


def _steps(loan: Loan, language: Language, roles: Roles) -> Iterator[Step]:
    yield Step("applied", loan.applied_at, with_role(loan.applied_by, language, roles))
    if loan.checked_at is not None:
        yield Step("checked", loan.checked_at)
    withdrawn = bool(loan.taken(TwoPersons.WITHDRAWAL))  # the step says it, with both persons
    for decision in dict.fromkeys((loan.approval, loan.decision)):
        if decision is not None and not (withdrawn and decision.outcome is LoanState.WITHDRAWN):
            person, as_checker = decider_of(decision)
            by = with_role(person, language, roles, checker=as_checker)
            yield Step(decision.outcome.value, decision.at, by, note=decision.reason or "")
    for payment in loan.payments:
        note = proposal_words(payment.proposal, language)
        if payment.principal is not None and payment.interest is not None and payment.interest.amount:
            note += (
                f"（本金 {payment.principal}，利息 {payment.interest}）"
                if language == "zh"
                else f" (principal {payment.principal}, interest {payment.interest})"
            )
        by = with_role(payment.proposed_by, language, roles)
        other = with_role(payment.confirmed_by, language, roles, checker=True)
        yield Step(payment.proposal.step.value, payment.at, by, other, note)
