"""What must hold before a loan is approved: who decides, and a verdict that supports it."""

from __future__ import annotations

from collections.abc import Sequence

from eximledger_chaincode.documents.parts.terms import Condition
from eximledger_chaincode.lending.loan import Loan
from eximledger_chaincode.lending.roles import Duty, Person, is_one_of, require_duty, writers_of
from eximledger_chaincode.lending.steps import Override
from eximledger_chaincode.lending.verdict import Decision, Severity, Verdict
from eximledger_chaincode.rules.basis.case import Case
from hlf_chaincode.creator import Creator
from hlf_chaincode.errors import Conflict, NotAuthorized, Refused

__all__ = ["conditions_of", "require_decider", "require_overridden", "require_stranger", "require_supported"]


def require_decider(loan: Loan, creator: Creator) -> Person:
    """Who decides on the loan: a checker who applied for none of its versions. Raises `NotAuthorized`."""
    person = require_duty(creator, Duty.CHECKER, "to decide on a loan")
    if is_one_of(person, loan.applicants):
        raise NotAuthorized(
            f"{person} applied for loan {loan.loan_id}: another person decides on it (maker-checker)",
            loan_id=loan.loan_id,
        )
    return person


def require_stranger(case: Case, person: Person) -> None:
    """Raises `NotAuthorized` where the person who decides wrote a paper of the case, in whichever version, or made the
    policy."""
    for entry in case.entries:
        if is_one_of(person, writers_of(entry)):
            raise NotAuthorized(
                f"{person} filed {entry.kind} {entry.number}: another person decides on the loan (maker-checker)",
                kind=entry.kind,
                id=entry.id,
            )
    if is_one_of(person, case.policy_by):
        raise NotAuthorized(
            f"{person} made the policy that the loan is judged by: another person decides on it (maker-checker)"
        )


def require_supported(loan_id: str, verdict: Verdict, evidence_hash: str, overrides: Sequence[Override]) -> None:
    """Raises `Conflict` when the evidence is not what the officer saw, `Refused` when the verdict forbids the loan, or
    as `require_overridden` does."""
    if verdict.verdict is Decision.REJECT:
        rules = ", ".join(dict.fromkeys(each.rule for each in verdict.findings if each.severity is Severity.REJECT))
        raise Refused(f"loan {loan_id} cannot be approved, and nobody can override it: {rules}", loan_id=loan_id)
    if verdict.evidence_hash != evidence_hash:
        raise Conflict(
            f"the evidence of loan {loan_id} has changed since it was checked: check it again",
            loan_id=loan_id,
            evidence_hash=verdict.evidence_hash,
        )
    require_overridden(loan_id, verdict, overrides)


def require_overridden(loan_id: str, verdict: Verdict, overrides: Sequence[Override]) -> None:
    """Raises `Refused` when a finding that refers the loan is not set aside, or one is that does not refer it."""
    referring = {each.id for each in verdict.findings if each.severity is Severity.REFER}
    given = [override.finding for override in overrides]
    if unknown := [finding for finding in given if finding not in referring]:
        raise Refused(f"no finding {unknown[0]} refers loan {loan_id}: check it again", finding=unknown[0])
    if missing := sorted(referring - set(given)):
        raise Refused(
            f"loan {loan_id} is referred: override each finding with a reason, or reject it: {', '.join(missing)}",
            loan_id=loan_id,
            findings=", ".join(missing),
        )


def conditions_of(case: Case) -> tuple[Condition, ...]:
    """What must be there before the loan is paid out: by its terms, and on declarations by policy."""
    application = case.application.document
    of_policy = case.tolerances.conditions_precedent if application.declarations else ()
    wanted = {*application.terms.conditions, *of_policy}
    return tuple(condition for condition in Condition if condition in wanted)
