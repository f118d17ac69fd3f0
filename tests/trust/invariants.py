"""What must be true of a ledger whatever was done to it: nobody over-financed, nothing lost, done twice or stranded.

Each check asks the ledger itself, through the desk of any bank.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Final

from eximledger.desk import LoanDesk
from eximledger_chaincode.contracts.state.names import FX
from eximledger_chaincode.documents import FinancedDeclaration, Money
from eximledger_chaincode.lending.loan import OPEN, LoanState
from eximledger_chaincode.lending.register import Reservation, ReservationPage, ReservationState
from hlf_client import Ledger

__all__ = [
    "assert_acknowledged",
    "assert_held_once",
    "assert_members_agree",
    "assert_nothing_stranded",
]

_PAGE: Final = 500
_CATCHING_UP: Final = 60.0
"""Seconds that a peer may need for the blocks that it has missed."""
_LIFE: Final = (
    LoanState.APPLIED, LoanState.CHECKED, LoanState.APPROVED, LoanState.DISBURSED, LoanState.REPAID,
    LoanState.RELEASED,
)  # fmt: skip
"""The life of a loan that nothing stops."""


async def assert_held_once(
    desk: LoanDesk, numbers: Iterable[str], promised: Iterable[Sequence[FinancedDeclaration]]
) -> None:
    """Of every declaration: what is held and what is free are together what customs declared, and what is held is just
    what clients were told that they hold."""
    holdings: dict[str, Money] = {}
    for items in promised:
        for item in items:
            zero = Money.zero(item.amount.currency)
            holdings[item.declaration_number] = holdings.get(item.declaration_number, zero) + item.amount
    for number in numbers:
        balance = await desk.balance(number)
        zero = Money.zero(balance.value.currency)
        assert balance.collected == zero
        assert balance.held + balance.free == balance.value, balance
        assert balance.held == holdings.get(number, zero), balance


async def assert_acknowledged(desk: LoanDesk, told: Mapping[str, LoanState]) -> None:
    """Every loan has come at least as far as its client was told, and took each step once."""
    for loan_id, state in told.items():
        history = [item.loan for item in reversed(await desk.loan_history(loan_id)) if item.loan is not None]
        steps = [step for step, _ in groupby(loan.state for loan in history)]
        assert steps == list(_LIFE[: len(steps)]), (loan_id, steps)
        assert state in steps, (loan_id, state, steps)
        for kind in ("decision", "disbursement", "repayment"):
            made = {getattr(loan, kind) for loan in history} - {None}
            assert len(made) <= 1, (loan_id, kind, made)


async def assert_nothing_stranded(desk: LoanDesk, now: datetime) -> None:
    """Balance is held only for loans that are approved or disbursed, or undecided and within their time; and what
    holds is listed as what holds, so that `resume` finds it."""
    reservations = [each async for each in _reservations(desk, "reservations")]
    held = {each.loan_id for each in reservations if each.state is ReservationState.HELD}
    assert {each.loan_id async for each in _reservations(desk, "held")} == held
    for reservation in reservations:
        loan = await desk.loan(reservation.loan_id)
        if reservation.state is ReservationState.HELD:
            in_time = loan.state in OPEN and reservation.expires_at > now
            assert in_time or loan.state in {LoanState.APPROVED, LoanState.DISBURSED}, (reservation, loan.state)
        else:
            assert loan.state not in {LoanState.APPROVED, LoanState.DISBURSED}, (reservation, loan.state)


async def assert_members_agree(ledgers: Sequence[Ledger]) -> None:
    """The members' peers come to the same blocks on every channel that they share."""
    for channel in sorted({channel for ledger in ledgers for channel in ledger.channels}):
        deadline = time.monotonic() + _CATCHING_UP
        while True:
            found = {await ledger.channel_info(channel) for ledger in ledgers if channel in ledger.channels}
            if len(found) == 1:
                break
            assert time.monotonic() < deadline, found
            await asyncio.sleep(0.1)


async def _reservations(desk: LoanDesk, listing: str) -> AsyncIterator[Reservation]:
    bookmark, more = "", True
    while more:
        answer = await desk.ledger.evaluate(FX, f"financing:{listing}", "", _PAGE, bookmark)
        page = ReservationPage.model_validate_json(answer)
        for reservation in page.reservations:
            yield reservation
        bookmark, more = page.bookmark, bool(page.bookmark)
