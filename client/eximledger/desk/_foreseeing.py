"""What the steps of a loan make of it, as far as a desk can tell without asking: see `calling._foreseen`.

By what the contracts make of it, too (`lending.accounts.transitions`), without what they read and refuse: it is asked
only after the peers have taken the step. What is foreseen wrongly costs a query and is never answered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from eximledger.desk.calling import Act, Foresight, Noted, last_loan, note_last
from eximledger_chaincode.contracts.loanbook.approval import conditions_of
from eximledger_chaincode.contracts.state.names import papers_of
from eximledger_chaincode.contracts.state.records import document_json
from eximledger_chaincode.documents import LoanApplication, Record
from eximledger_chaincode.documents.parts.terms import Condition
from eximledger_chaincode.lending.accounts import transitions
from eximledger_chaincode.lending.loan import Decision, Loan, LoanState
from eximledger_chaincode.lending.steps import Override, Payment, Proposal, Step
from eximledger_chaincode.lending.time import day_in_china
from eximledger_chaincode.lending.verdict import Verdict
from eximledger_chaincode.rules import Case
from hlf_chaincode.canonical import sha256_hex

__all__ = ["applied", "approved", "confirmed", "note_checked", "note_policy", "proposed"]

_KEPT: Final = 256


@dataclass(frozen=True, slots=True)
class _Drawing:
    """What an approval says of the loan's drawing: by its terms and the bank's policy."""

    conditions: tuple[Condition, ...]
    days: int


_DRAWING: Final[Noted[_Drawing]] = Noted(_KEPT)
_POLICY: Final[Noted[str]] = Noted(_KEPT)
"""The hash of the policy by which a bank's last loan was applied for."""


def note_policy(loan: Loan) -> None:
    """Of a loan that was applied for just now."""
    _POLICY.note((loan.bank,), loan.policy_sha256)


def note_checked(case: Case, verdict: Verdict, act: Act) -> None:
    """Of a loan whose verdict the peers have recorded, and found to be this one."""
    loan_id, bank = case.application.document.loan_id, act.by.msp_id
    _DRAWING.note((bank, loan_id), _Drawing(conditions_of(case), case.tolerances.drawing_days))
    before = last_loan(bank, loan_id)
    if before is None or (before.state is LoanState.CHECKED and before.verdict == verdict):  # nothing was written
        return
    note_last(transitions.checked(before, verdict, act.at).model_copy(update={"step": before.step + 1}))


def applied(application: LoanApplication) -> Foresight:
    """The loan that is opened for an application; one that is applied for again is read."""

    def after(before: Loan | None, act: Act) -> Loan | None:
        policy = _POLICY.get((act.by.msp_id,))
        if before is not None or policy is None:
            return None
        return Loan(
            loan_id=application.loan_id,
            bank=act.by.msp_id,
            state=LoanState.APPLIED,
            version=1,
            application=_filed(application, act),
            applied_by=act.by,
            applied_at=act.at,
            opened_at=act.at,
            applicants=(act.by,),
            policy_sha256=policy,
            updated_at=act.at,
        )

    return after


def _filed(application: LoanApplication, act: Act) -> Record[LoanApplication]:
    """The first version of an application as a paper."""
    return Record[LoanApplication](
        kind=application.KIND,
        id=application.id,
        number=application.number,
        exporter=application.exporter,
        dated=application.dated,
        version=1,
        issuer=act.by.msp_id,
        written_by=act.by.name,
        written_at=act.at,
        filed_at=act.at,
        transaction_id=act.transaction_id,
        sha256=sha256_hex(document_json(application)),
        collection=papers_of(act.by.msp_id),
        document=application,
    )


def approved(evidence_hash: str, overrides: Sequence[Override]) -> Foresight:
    """The loan approved by the verdict that was checked last, where the peers judged it alike again."""

    def after(before: Loan | None, act: Act) -> Loan | None:
        drawing = None if before is None else _DRAWING.get((before.bank, before.loan_id))
        if before is None or drawing is None or before.verdict is None:
            return None
        decision = Decision(
            by=act.by,
            at=act.at,
            outcome=LoanState.APPROVED,
            evidence_hash=evidence_hash,
            overrides=tuple(sorted(overrides, key=lambda override: override.finding)),
        )
        draws_until = day_in_china(act.at) + timedelta(days=drawing.days)
        return transitions.approved(before, decision, before.verdict, drawing.conditions, draws_until)

    return after


def proposed(proposal: Proposal) -> Foresight:
    """The loan with a step put before a second person."""

    def after(before: Loan | None, act: Act) -> Loan | None:
        return None if before is None else transitions.proposed(before, proposal, act.by, act.at)

    return after


def confirmed(before: Loan | None, act: Act) -> Loan | None:
    """The loan after money moved; after the other steps of two persons, which are seldom taken, it is read."""
    if before is None or before.proposed is None:
        return None
    proposal = before.proposed.proposal
    payment = Payment(proposal=proposal, proposed_by=before.proposed.by, confirmed_by=act.by, at=act.at)
    if proposal.step is Step.DISBURSEMENT:
        # What was found when the case was judged again is what was found at the approval, most times.
        evidence = None if before.verdict is None else before.verdict.evidence_hash
        return transitions.settled(transitions.disbursed(before, payment, evidence), act.at)
    if proposal.step is Step.REPAYMENT:
        return transitions.settled(transitions.repaid(before, payment), act.at)
    return None
