"""Reading and writing loans, in their bank's vault: the loan, its past, and the lists it stands in."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from eximledger_chaincode.contracts.state.keys import loan_key, loan_step_key
from eximledger_chaincode.contracts.state.lists import PRESENT, row_key
from eximledger_chaincode.contracts.state.members import Consortium, read_consortium, require_role
from eximledger_chaincode.contracts.state.records import decode, decode_once, encode, object_json
from eximledger_chaincode.contracts.state.shelves import open_papers
from eximledger_chaincode.contracts.state.vault import Vault
from eximledger_chaincode.lending.loan import Loan, LoanHistoryItem, WrittenStep
from eximledger_chaincode.lending.roles import Role, person_of
from hlf_chaincode.canonical import plain_json
from hlf_chaincode.contract import Context
from hlf_chaincode.errors import NotFound

__all__ = [
    "OpenedLoan",
    "list_of_loans",
    "open_loan",
    "open_own_loan",
    "read_history",
    "read_step",
    "read_written",
    "save_loan",
]

MAX_HISTORY = 1000
"""Steps of one loan that a history lists at most, newest first."""


@dataclass(frozen=True, slots=True)
class OpenedLoan:
    """A loan as this transaction read it, with its bank's vault and the consortium of its channel."""

    loan: Loan
    vault: Vault
    consortium: Consortium
    data: bytes
    """The loan's canonical JSON."""


def list_of_loans(state: str = "") -> str:
    """The name of the list of a bank's loans, or of those in one state."""
    return f"loans {state}" if state else "loans"


async def open_loan(context: Context, loan_id: str, bank: str = "", ahead: Sequence[str] = ()) -> OpenedLoan:
    """A loan for its own bank or, where that is named, for SAFE; the keys `ahead` of the bank's vault are read with it.
    Raises `NotFound`, `NotAuthorized`."""
    consortium = await read_consortium(context)
    keys = [loan_key(loan_id), *ahead]
    vault = await open_papers(context, consortium, bank, keys)
    stored, *_ = await vault.get_many(keys)
    if stored is None:
        raise NotFound(f"there is no loan {loan_id}", loan_id=loan_id)
    return OpenedLoan(decode_once(Loan, stored), vault, consortium, stored)


async def open_own_loan(context: Context, loan_id: str, ahead: Sequence[str] = ()) -> OpenedLoan:
    """The caller's own bank's loan, for an act of a person; raises `NotAuthorized` for anybody else."""
    require_role(context, await read_consortium(context), {Role.BANK})
    person_of(context.creator)
    return await open_loan(context, loan_id, ahead=ahead)


async def save_loan(
    context: Context, vault: Vault, before: Loan | None, after: Loan, more: dict[str, bytes] | None = None
) -> Loan:
    """Write the loan (and `more`) with what it was beside it, move its rows, and announce the step. Answers the loan
    as it was written."""
    saved = after.model_copy(update={"step": 0 if before is None else before.step + 1})
    key, data = loan_key(saved.loan_id), encode(saved)
    item = LoanHistoryItem(loan=saved, transaction_id=context.transaction_id, timestamp=context.timestamp)
    beside = {name: plain_json(value) for name, value in item.model_dump(mode="json", exclude={"loan"}).items()}
    step = object_json({"loan": data, **beside})
    await vault.put_many({key: data, loan_step_key(saved.loan_id, saved.step): step, **(more or {})})
    if before is None:
        await context.stub.put_state(row_key(vault, list_of_loans(), saved.opened_at, key), PRESENT)
    if before is None or before.state is not saved.state:
        await context.stub.put_state(row_key(vault, list_of_loans(saved.state), saved.opened_at, key), PRESENT)
    if before is not None and before.state is not saved.state:
        await context.stub.delete_state(row_key(vault, list_of_loans(before.state), before.opened_at, key))
    context.set_event("loan.changed", {"loan": vault.name(key)})
    return saved


async def read_history(opened: OpenedLoan) -> list[LoanHistoryItem]:
    """The loan after each of the last transactions on it, newest first."""
    loan = opened.loan
    steps = range(loan.step, max(-1, loan.step - MAX_HISTORY), -1)
    stored = await opened.vault.get_many([loan_step_key(loan.loan_id, step) for step in steps])
    return [decode(LoanHistoryItem, value) for value in stored if value is not None]


async def read_step(opened: OpenedLoan, step: int) -> bytes:
    """The loan as one step left it, as canonical JSON. Raises `NotFound`."""
    if step == opened.loan.step:
        return opened.data
    stored = await opened.vault.get(loan_step_key(opened.loan.loan_id, step))
    if stored is None:
        raise _no_step(opened.loan, step)
    return encode(decode(LoanHistoryItem, stored).loan)


def _no_step(loan: Loan, step: int) -> NotFound:
    return NotFound(f"there is no step {step} of loan {loan.loan_id}", loan_id=loan.loan_id)


async def read_written(opened: OpenedLoan, step: int) -> WrittenStep:
    """What one transaction on the loan wrote under the key that nothing writes again. Raises `NotFound`."""
    loan, vault = opened.loan, opened.vault
    key = loan_step_key(loan.loan_id, step)
    stored = await vault.stored(key)
    if stored is None:
        raise _no_step(loan, step)
    return WrittenStep(
        collection=vault.collection, key=vault.stored_key(key), value=b64encode(stored).decode(), loan=loan
    )
