"""A bank's policies on the bank channel, and the one that holds on a day."""

from __future__ import annotations

from datetime import date

from eximledger_chaincode.contracts.state.keys import policy_book_key
from eximledger_chaincode.contracts.state.records import decode
from eximledger_chaincode.documents import Record, TolerancePolicy
from eximledger_chaincode.lending.floors import AppliedPolicy, Floors, PolicyBook
from hlf_chaincode.contract import Context

__all__ = ["bounded_policy", "policy_book_of", "read_policy_book"]


def policy_book_of(stored: bytes | None, bank: str) -> PolicyBook:
    """A bank's policies from the value of their key; empty while it has made none."""
    return PolicyBook(bank=bank) if stored is None else decode(PolicyBook, stored)


async def read_policy_book(context: Context, bank: str) -> PolicyBook:
    """A bank's policies, by a read of their own."""
    return policy_book_of(await context.stub.get_state(policy_book_key(bank)), bank)


def bounded_policy(
    book: PolicyBook, day: date, floors: Floors
) -> tuple[Record[TolerancePolicy] | TolerancePolicy, AppliedPolicy | None]:
    """The policy that holds on a day, nowhere under the floors, and who made it; the built-in one where none does."""
    applied = book.on(day)
    if applied is None:
        return floors.bounded(TolerancePolicy(bank=book.bank)), None
    record = applied.record
    return record.model_copy(update={"document": floors.bounded(record.document)}), applied
