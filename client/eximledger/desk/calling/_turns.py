"""Whose turn it is among a bank's loans to one exporter: who changes what all of them read waits, and is waited for.

What a bank finances of an exporter is one key, so that two approvals which together pass its share cannot both count.
An approval, a drawing or a repayment writes it, a check reads it: of many at once one would commit, and all others be
endorsed anew until their tries run out. To wait here costs less. It is courtesy among the desks of one process, no
lock: the ledger judges as ever, and what other processes change meanwhile is repeated as ever.
"""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from typing import Final
from weakref import WeakKeyDictionary, WeakValueDictionary

from eximledger.desk.calling._noted import Noted
from eximledger_chaincode.documents import LoanApplication
from eximledger_chaincode.lending.loan import Loan
from hlf_client.turns import Turns

__all__ = ["application_of", "note_loan", "turn_of"]

_ALL: Final = 1 << 30
"""More than there are officers."""
_BY_NAME: Final[WeakKeyDictionary[asyncio.AbstractEventLoop, WeakValueDictionary[tuple[str, str], Turns]]] = (
    WeakKeyDictionary()
)
_APPLICATIONS: Final[Noted[LoanApplication]] = Noted(2000)
"""Of loans whose application is known without asking: the last ones."""


def turn_of(bank: str, exporter: str, *, changes: bool) -> AbstractAsyncContextManager[bool]:
    """A turn among all desks on the running event loop: alone where it `changes` what the bank finances of the
    exporter, else beside others who only read it. Yields whether others were waited for, so that what was read before
    may be old."""
    of_loop = _BY_NAME.setdefault(asyncio.get_running_loop(), WeakValueDictionary())
    turns = of_loop.setdefault((bank, exporter), Turns())
    return turns.turn(1, weight=_ALL) if changes else turns.turn(_ALL)


def note_loan(loan: Loan) -> None:
    """Know the loan's application from now on, for all desks on the running event loop: so whose turn its steps take,
    and what its case is about."""
    _APPLICATIONS.note((loan.bank, loan.loan_id), loan.application.document)


def application_of(bank: str, loan_id: str) -> LoanApplication | None:
    """That of a loan on which a step was taken here; None of any other. Another process may have amended it since: then
    a step waits in the wrong queue and the ledger judges as ever, or a case is read as if nothing had been known."""
    return _APPLICATIONS.get((bank, loan_id))
