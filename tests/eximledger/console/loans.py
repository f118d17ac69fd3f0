"""Loans for the tests of pages: one that was applied for, checked, approved, paid out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

from tests.eximledger_chaincode.rules.cases import CHECKER, MAKER, application, cny, record

from eximledger_chaincode.lending.loan import Decision as Decided
from eximledger_chaincode.lending.loan import Loan, LoanState
from eximledger_chaincode.lending.steps import Override, Payment, Proposal, Step
from eximledger_chaincode.lending.verdict import Decision, Evidence, Finding, Verdict

__all__ = ["AT", "CHECKER", "MAKER", "approved", "checked", "loan", "paid_out", "verdict"]

AT = datetime(2026, 3, 10, 2, tzinfo=UTC)


def verdict(*findings: Finding, decision: Decision = Decision.REFER, evidence: tuple[Evidence, ...] = ()) -> Verdict:
    return Verdict(
        verdict=decision, eligible=cny("500000.00"), findings=findings, rule_set="2026.1+0123456789ab",
        policy_sha256="1" * 64, evidence=evidence, evidence_hash="2" * 64,
    )  # fmt: skip


def loan() -> Loan:
    return Loan(
        loan_id="L-1", bank=MAKER.msp_id, state=LoanState.APPLIED, version=1, application=record(application()),
        applied_by=MAKER, applied_at=AT, opened_at=AT, applicants=(MAKER,), policy_sha256="1" * 64, updated_at=AT,
    )  # fmt: skip


def checked(found: Verdict) -> Loan:
    return loan().model_copy(update={"state": LoanState.CHECKED, "verdict": found, "checked_at": AT})


def approved(found: Verdict, reasons: Mapping[str, str]) -> Loan:
    overrides = tuple(Override(finding=name, reason=reason) for name, reason in reasons.items())
    decided = Decided(
        by=CHECKER, at=AT, outcome=LoanState.APPROVED, evidence_hash=found.evidence_hash, overrides=overrides
    )
    return checked(found).model_copy(update={"state": LoanState.APPROVED, "decision": decided, "approval": decided})


def paid_out() -> Loan:
    amount = cny("500000.00")
    proposal = Proposal(step=Step.DISBURSEMENT, amount=amount, day=date(2026, 3, 10), reference="OUT-1")
    payment = Payment(
        proposal=proposal, proposed_by=MAKER, confirmed_by=CHECKER, at=AT, principal=amount, interest=cny("0.00")
    )
    return approved(verdict(), {}).model_copy(update={"state": LoanState.DISBURSED, "payments": (payment,)})
