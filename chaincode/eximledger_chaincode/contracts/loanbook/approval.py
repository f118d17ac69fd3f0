"""What must hold before a loan is approved: four eyes, balance held, and a verdict that supports it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from eximledger_chaincode.contracts.casefile.reading import OpenedCase
from eximledger_chaincode.lending.loan import Loan, Override
from eximledger_chaincode.lending.roles import is_checker
from eximledger_chaincode.lending.verdict import Decision, Severity, Verdict
from hlf_chaincode.creator import Creator
from hlf_chaincode.errors import Conflict, NotAuthorized, Refused

__all__ = ["require_four_eyes", "require_held", "require_supported"]


def require_four_eyes(loan: Loan, creator: Creator) -> None:
    """Raises `NotAuthorized` when the approving certificate applied for the loan, or wrote its application."""
    if creator.certificate_hash in {loan.applied_by, loan.application.written_by}:
        raise NotAuthorized(
            f"loan {loan.loan_id} was applied for with this certificate: another officer approves it (maker-checker)",
            loan_id=loan.loan_id,
        )


def require_held(loan: Loan, opened: OpenedCase, now: datetime) -> None:
    """Raises `Refused` unless the register holds the loan's items and has its papers, with the margin left.

    The reservation must be of the loan's present version: a release that was endorsed for an earlier one and held back
    reads a reservation key that reserving anew has changed since.
    """
    held = opened.reservation
    if held is None or not held.covers(loan.version, loan.items, opened.papers):
        raise Refused(
            f"loan {loan.loan_id} holds no balance for version {loan.version} of its application and its present "
            "papers: reserve first (financing:reserve)",
            loan_id=loan.loan_id,
        )
    if not held.is_approvable(now):
        raise Refused(
            f"the reservation of loan {loan.loan_id} ends at {held.expires_at.isoformat()}, in less than an hour: "
            "renew it first (financing:reserve)",
            loan_id=loan.loan_id,
        )


def require_supported(
    loan_id: str, verdict: Verdict, evidence_hash: str, overrides: Sequence[Override], creator: Creator
) -> None:
    """Raises `Conflict` when the evidence is not what the officer saw, `Refused` when the verdict forbids the loan,
    `NotAuthorized` when findings are overridden without the checker's role."""
    if verdict.evidence_hash != evidence_hash:
        raise Conflict(
            f"the evidence of loan {loan_id} has changed since it was checked: check it again",
            loan_id=loan_id,
            evidence_hash=verdict.evidence_hash,
        )
    if verdict.verdict is Decision.REJECT:
        rules = ", ".join(dict.fromkeys(each.rule for each in verdict.findings if each.severity is Severity.REJECT))
        raise Refused(f"loan {loan_id} cannot be approved, and nobody can override it: {rules}", loan_id=loan_id)
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
    if given and not is_checker(creator):
        raise NotAuthorized(
            "a finding is overridden by a certificate with attribute exim.role=checker", loan_id=loan_id
        )
