"""The steps of a loan that take more than one transaction.

Fabric has no transaction across channels. Approval is reserve (fx), then approve (bank); closing is repay (bank),
release (fx), release (bank); refusing is reject or withdraw (bank), release (fx). Each step repeats harmlessly by the
loan's id, so whatever a crash cut off is finished by doing all of it again (`_recovery`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from pydantic import ValidationError

from eximledger.desk._calls import Calls
from eximledger.desk._reading import held_by, open_case
from eximledger_chaincode.contracts.loanbook.approval import require_four_eyes, require_supported
from eximledger_chaincode.contracts.state.names import BANK, FX
from eximledger_chaincode.documents import invalid_document
from eximledger_chaincode.lending.loan import RELEASABLE, Loan, LoanState, Override, require_step
from eximledger_chaincode.lending.register import Reservation, ReservationState
from eximledger_chaincode.lending.roles import ROLE_ATTRIBUTE
from eximledger_chaincode.rules import reconcile
from hlf_chaincode.creator import Creator
from hlf_client.errors import Conflict, InvalidDocument, Refused

__all__ = ["approve", "end", "expire", "overrides_of", "release_balance", "repay"]


def overrides_of(reasons: Mapping[str, str]) -> tuple[Override, ...]:
    """Overrides from finding id -> reason, in the contract's order. Raises `InvalidDocument`."""
    try:
        return tuple(Override(finding=finding, reason=reason) for finding, reason in sorted(reasons.items()))
    except ValidationError as error:
        raise invalid_document("override", error) from None


async def approve(
    calls: Calls, loan_id: str, evidence_hash: str, overrides: tuple[Override, ...], now: datetime
) -> Loan:
    """Reserve, then approve. What is already done is not done again; what the peers would refuse is refused before any
    balance is held for it."""
    loan = await calls.ask(Loan, BANK, "loans:get", loan_id)
    if _was_approved(loan, evidence_hash, overrides):
        return loan
    try:
        await _foresee(calls, loan, evidence_hash, overrides, now)
        await calls.take(Reservation, FX, "financing:reserve", loan_id)
        return await calls.take(Loan, BANK, "loans:approve", loan_id, evidence_hash, list(overrides))
    except (Conflict, Refused):
        loan = await calls.ask(Loan, BANK, "loans:get", loan_id)
        if _was_approved(loan, evidence_hash, overrides):
            return loan  # meanwhile, by the same call of somebody else
        raise


def _was_approved(loan: Loan, evidence_hash: str, overrides: tuple[Override, ...]) -> bool:
    """Whether this very approval has been made, also where the loan's life went on since."""
    if loan.state in {LoanState.APPROVED, LoanState.DISBURSED, LoanState.REPAID, LoanState.RELEASED}:
        decision = loan.decision
        return decision is not None and (decision.evidence_hash, decision.overrides) == (evidence_hash, overrides)
    return False


async def _foresee(
    calls: Calls, loan: Loan, evidence_hash: str, overrides: tuple[Override, ...], now: datetime
) -> None:
    """What the peers will demand, demanded here first, by their own functions. Whether this certificate is a checker's
    only they can see, so it is taken for one."""
    officer = Creator(calls.ledger.msp_id, calls.ledger.certificate_hash, "", (), {ROLE_ATTRIBUTE: "checker"})
    require_step(loan, LoanState.APPROVED)
    require_four_eyes(loan, officer)
    case = await open_case(calls, loan.loan_id, now, officer.certificate_hash)
    require_supported(loan.loan_id, reconcile(case), evidence_hash, overrides, officer)


async def end(calls: Calls, step: str, loan_id: str, reason: str) -> Loan:
    """`reject` or `withdraw`, then free what the loan held."""
    loan = await calls.take(Loan, BANK, f"loans:{step}", loan_id, reason)
    await release_balance(calls, loan)
    return loan


async def expire(calls: Calls, loan_id: str) -> Loan:
    """Mark an undecided loan whose reservation has run out, then free what it held. Any bank may."""
    loan = await calls.take(Loan, BANK, "loans:expire", loan_id)
    await release_balance(calls, loan)
    return loan


async def repay(calls: Calls, loan_id: str, reference: str) -> Loan:
    """Record the repayment, free the balance, close the loan."""
    loan = await calls.ask(Loan, BANK, "loans:get", loan_id)
    if loan.state is LoanState.RELEASED and loan.repayment is not None and loan.repayment.reference == reference:
        return loan
    loan = await calls.take(Loan, BANK, "loans:repay", loan_id, reference)
    await release_balance(calls, loan)
    return await calls.take(Loan, BANK, "loans:release", loan_id)


async def release_balance(calls: Calls, loan: Loan) -> bool:
    """Free what a loan still holds; False when it holds nothing. The loan must be in a state that frees."""
    if loan.state not in RELEASABLE:
        raise InvalidDocument(f"loan {loan.loan_id} is {loan.state}: it keeps what it holds", field="loan_id")
    held = await held_by(calls, loan.loan_id)
    if held is None or held.state is not ReservationState.HELD:
        return False
    await calls.take(Reservation, FX, "financing:release", loan.loan_id)
    return True
