"""What must be true of a ledger whatever was done to it: nobody over-financed, nothing lost, done twice or stranded.

Each check asks the ledger itself, through SAFE's desk, which sees every bank's loans and all that is held.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import groupby, pairwise
from typing import Final

from eximledger.desk import LoanDesk
from eximledger_chaincode.documents import FinancedDeclaration, Money
from eximledger_chaincode.lending.accounts.account import account_of
from eximledger_chaincode.lending.loan import HOLDING, Loan, LoanState
from eximledger_chaincode.lending.roles import Role
from hlf_client import Ledger
from hlf_client.errors import NotFound

__all__ = [
    "assert_acknowledged",
    "assert_held_by_loans",
    "assert_held_once",
    "assert_members_agree",
]

_PAGE: Final = 500
_CATCHING_UP: Final = 60.0
"""Seconds that a peer may need for the blocks that it has missed."""
_LIFE: Final = (
    LoanState.APPLIED, LoanState.CHECKED, LoanState.APPROVED, LoanState.DISBURSED, LoanState.CLOSED,
)  # fmt: skip
"""The life of a loan that nothing stops."""


async def assert_held_once(
    safe: LoanDesk, numbers: Iterable[str], promised: Iterable[Sequence[FinancedDeclaration]]
) -> None:
    """Of every declaration: what is held and what is free are together what customs declared, and what is held is just
    what clients were told that they hold."""
    holdings: dict[str, Money] = {}
    for items in promised:
        for item in items:
            zero = Money.zero(item.amount.currency)
            holdings[item.declaration_number] = holdings.get(item.declaration_number, zero) + item.amount
    for number in numbers:
        balance = await safe.balance(number)
        zero = Money.zero(balance.value.currency)
        assert balance.collected == zero
        assert balance.held + balance.free == balance.value, balance
        assert balance.held == holdings.get(number, zero), balance


async def assert_acknowledged(safe: LoanDesk, told: Mapping[str, LoanState]) -> None:
    """Every loan has come at least as far as its client was told, and took each step once."""
    for loan_id, state in told.items():
        history = await _life_of(safe, loan_id)
        steps = [step for step, _ in groupby(loan.state for loan in history)]
        assert steps == list(_LIFE[: len(steps)]), (loan_id, steps)
        assert state in steps, (loan_id, state, steps)
        assert len({loan.approval for loan in history} - {None}) <= 1, loan_id
        for before, after in pairwise(history):
            assert after.payments[: len(before.payments)] == before.payments, (loan_id, "a step was changed")
            assert len(after.payments) <= len(before.payments) + 1, (loan_id, "two steps at once")
        _assert_balanced(history[-1])


def _assert_balanced(loan: Loan) -> None:
    """No step was taken twice, and what was drawn is what was repaid and what is owed."""
    proposals = [each.proposal.id for each in loan.payments]
    assert len(proposals) == len(set(proposals)), (loan.loan_id, "a step was taken twice")
    account = account_of(loan, loan.matures_on)
    assert account.drawn == account.repaid + account.outstanding, account
    assert account.drawn <= account.approved, account
    if loan.state is LoanState.CLOSED:
        assert not account.outstanding.amount, account


async def _life_of(safe: LoanDesk, loan_id: str) -> list[Loan]:
    """The loan after each of its transactions, at the one bank that has it."""
    found: list[list[Loan]] = []
    for bank in await _banks(safe):
        with suppress(NotFound):
            found.append([item.loan for item in reversed(await safe.loan_history(loan_id, bank=bank))])
    (life,) = found
    return life


async def _banks(safe: LoanDesk) -> list[str]:
    return [member.msp_id for member in await safe.members() if member.role is Role.BANK]


async def assert_held_by_loans(safe: LoanDesk, numbers: Iterable[str]) -> None:
    """Of each declaration just that is held what loans of all banks hold that are approved or paid out: nothing is held
    before a decision, nothing after the end but what an insurer paid; and never more than its open claim."""
    sums: dict[str, Money] = {}
    for bank in await _banks(safe):
        for state in (*HOLDING, LoanState.CLOSED):
            async for loan in _loans(safe, bank, state):
                for item in loan.held:
                    zero = Money.zero(item.amount.currency)
                    sums[item.declaration_number] = sums.get(item.declaration_number, zero) + item.amount
    for number in numbers:
        balance = await safe.balance(number)
        held = balance.held
        assert held == sums.get(number, Money.zero(held.currency)), (number, held, sums.get(number))
        assert held + balance.collected <= balance.value, balance


async def _loans(safe: LoanDesk, bank: str, state: LoanState) -> AsyncIterator[Loan]:
    bookmark, more = "", True
    while more:
        page = await safe.loans(state=state, bank=bank, page_size=_PAGE, bookmark=bookmark)
        for loan in page.loans:
            yield loan
        bookmark, more = page.bookmark, bool(page.bookmark)


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
