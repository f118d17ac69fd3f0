"""Reading and writing loans: the loan's key, and its row in the index by state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eximledger_chaincode.contracts.state.keys import MEMBERS_KEY, loan_key, loan_state_key
from eximledger_chaincode.contracts.state.members import Consortium, consortium_of, require_role
from eximledger_chaincode.contracts.state.records import decode, encode
from eximledger_chaincode.lending.loan import Loan
from eximledger_chaincode.lending.roles import Role, person_of
from hlf_chaincode.contract import Context
from hlf_chaincode.errors import NotAuthorized, NotFound

__all__ = ["OpenedLoan", "announce", "loan_writes", "open_loan", "open_own_loan", "read_loans", "save_loan"]


@dataclass(frozen=True, slots=True)
class OpenedLoan:
    """A loan as this transaction read it, with the consortium of its channel."""

    loan: Loan
    consortium: Consortium


async def open_loan(context: Context, loan_id: str) -> OpenedLoan:
    """The loan and the members in one batch of reads."""
    members, stored = await context.stub.get_states([MEMBERS_KEY, loan_key(loan_id)])
    consortium = consortium_of(members, context.channel)
    if stored is None:
        raise NotFound(f"there is no loan {loan_id}", loan_id=loan_id)
    return OpenedLoan(decode(Loan, stored), consortium)


async def open_own_loan(context: Context, loan_id: str) -> OpenedLoan:
    """The caller's own bank's loan, for an act of a person; raises `NotAuthorized` for another's, and for nobody."""
    opened = await open_loan(context, loan_id)
    require_role(context, opened.consortium, {Role.BANK})
    person_of(context.creator)
    if opened.loan.bank != context.creator.msp_id:
        raise NotAuthorized(f"loan {loan_id} is {opened.loan.bank}'s: only that bank decides on it", loan_id=loan_id)
    return opened


async def read_loans(context: Context, loan_ids: Sequence[str]) -> list[Loan]:
    """Loans in one batch of reads; what is not there is left out."""
    values = await context.stub.get_states([loan_key(loan_id) for loan_id in loan_ids])
    return [decode(Loan, stored) for stored in values if stored is not None]


def loan_writes(before: Loan | None, after: Loan) -> dict[str, bytes]:
    """The loan's key, and its row in the index by state where that is new."""
    writes = {loan_key(after.loan_id): encode(after)}
    if before is None or before.state is not after.state:
        writes[loan_state_key(after.state, after.bank, after.loan_id)] = b"{}"
    return writes


async def save_loan(context: Context, before: Loan, after: Loan) -> None:
    """Write the loan, move its row in the index by state, and announce the step."""
    await context.stub.put_states(loan_writes(before, after))
    if before.state is not after.state:
        await context.stub.delete_state(loan_state_key(before.state, before.bank, before.loan_id))
    announce(context, after)


def announce(context: Context, loan: Loan) -> None:
    """The event `loan.{state}`: which loan and whose, never why."""
    context.set_event(f"loan.{loan.state}", {"loan_id": loan.loan_id, "bank": loan.bank, "state": loan.state})
