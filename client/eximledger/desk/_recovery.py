"""Finishing what a crash left half done: one walk over the register of holds, and one over repaid loans.

| the register holds for a loan that is | this desk |
|---|---|
| rejected, withdrawn, expired, repaid, released | frees it; closes it where it is its own and repaid |
| undecided, and the reservation has run out | marks it expired and frees it, whoever's it is |
| undecided, its own, checked since and approvable as it was checked | approves it, where this officer may |
| undecided otherwise | leaves it to its officers, and at last to its expiry |
| approved, disbursed | nothing: so it should be |

A reservation is made by an approval and by nothing else in the desk, so one that is younger than the check says that an
officer approved what was checked. Overrides are not on the ledger before the approval is: a referred loan is left.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from eximledger.desk import _saga
from eximledger.desk._calls import Calls
from eximledger_chaincode.contracts.state.names import BANK, FX
from eximledger_chaincode.lending.loan import OPEN, RELEASABLE, Loan, LoanPage, LoanState
from eximledger_chaincode.lending.register import Reservation, ReservationPage
from eximledger_chaincode.rules import Decision
from hlf_client.errors import FabricError, LedgerUnavailable, Refused

__all__ = ["LeftOpen", "Outcome", "Resumed", "Resumption", "resume"]

_PAGE: Final = 500


class Outcome(StrEnum):
    """What was finished for a loan."""

    APPROVED = "approved"
    EXPIRED = "expired"
    """Marked as expired, and what it held is free."""
    FREED = "freed"
    """It was decided already; what it held is free now."""
    CLOSED = "closed"
    """Repaid before; now its balance is free and it is released."""


@dataclass(frozen=True, slots=True)
class Resumed:
    """A loan that was half done and is not any more."""

    loan_id: str
    bank: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class LeftOpen:
    """A loan that still holds balance undecided, and why this desk left it so."""

    loan_id: str
    bank: str
    reason: str
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Resumption:
    """What `resume` found: the loans that it finished, and those that it could not."""

    finished: tuple[Resumed, ...]
    left: tuple[LeftOpen, ...]


async def resume(calls: Calls, now: datetime) -> Resumption:
    """Finish what is half done. One loan's failure does not keep the others; `LedgerUnavailable` ends the walk."""
    finished: list[Resumed] = []
    left: list[LeftOpen] = []
    for reservation in [each async for each in _held(calls)]:
        try:
            outcome = await _finish(calls, reservation, now)
        except LedgerUnavailable:
            raise
        except FabricError as error:  # NotFound, too: a peer may have the fx channel's news before the bank channel's
            left.append(LeftOpen(reservation.loan_id, reservation.bank, error.message, reservation.expires_at))
        else:
            if outcome is not None:
                finished.append(Resumed(reservation.loan_id, reservation.bank, outcome))
    for loan in [loan async for loan in _loans(calls, LoanState.REPAID) if loan.bank == calls.ledger.msp_id]:
        try:
            await _close(calls, loan)
        except LedgerUnavailable:
            raise
        except FabricError as error:
            left.append(LeftOpen(loan.loan_id, loan.bank, error.message))
        else:
            finished.append(Resumed(loan.loan_id, loan.bank, Outcome.CLOSED))
    return Resumption(tuple(finished), tuple(left))


async def _finish(calls: Calls, reservation: Reservation, now: datetime) -> Outcome | None:
    loan = await calls.ask(Loan, BANK, "loans:get", reservation.loan_id)
    if loan.state in RELEASABLE:
        if loan.state is LoanState.REPAID and loan.bank == calls.ledger.msp_id:
            return None  # closed below
        return Outcome.FREED if await _saga.release_balance(calls, loan) else None
    if loan.state not in OPEN:
        return None
    if reservation.expires_at <= now:
        await _saga.expire(calls, loan.loan_id)
        return Outcome.EXPIRED
    if loan.bank != calls.ledger.msp_id:
        return None
    await _approve_as_checked(calls, loan, reservation, now)
    return Outcome.APPROVED


async def _approve_as_checked(calls: Calls, loan: Loan, reservation: Reservation, now: datetime) -> None:
    verdict, checked_at = loan.verdict, loan.checked_at
    if verdict is None or checked_at is None or reservation.loan_version != loan.version:
        raise Refused(f"loan {loan.loan_id} was applied for anew: check it")
    if reservation.reserved_at < checked_at:
        raise Refused(f"loan {loan.loan_id} was checked again after balance was held for it: approve it anew")
    if verdict.verdict is not Decision.APPROVE:
        raise Refused(f"loan {loan.loan_id} was checked with verdict {verdict.verdict}: an officer decides on it")
    await _saga.approve(calls, loan.loan_id, verdict.evidence_hash, (), now)


async def _close(calls: Calls, loan: Loan) -> None:
    await _saga.release_balance(calls, loan)
    await calls.take(Loan, BANK, "loans:release", loan.loan_id)


async def _held(calls: Calls) -> AsyncIterator[Reservation]:
    """Every reservation that holds balance, whoever's."""
    bookmark, more = "", True
    while more:
        page = await calls.ask(ReservationPage, FX, "financing:held", "", _PAGE, bookmark)
        for reservation in page.reservations:
            yield reservation
        bookmark, more = page.bookmark, bool(page.bookmark)


async def _loans(calls: Calls, state: LoanState) -> AsyncIterator[Loan]:
    """Every loan in a state, whoever's."""
    bookmark, more = "", True
    while more:
        page = await calls.ask(LoanPage, BANK, "loans:list", state.value, _PAGE, bookmark)
        for loan in page.loans:
            yield loan
        bookmark, more = page.bookmark, bool(page.bookmark)
