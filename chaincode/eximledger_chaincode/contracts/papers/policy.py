"""A bank's policies in its vault, and the one that holds on a day."""

from __future__ import annotations

from datetime import date

from eximledger_chaincode.contracts.state.keys import POLICY_BOOK_KEY
from eximledger_chaincode.contracts.state.records import decode
from eximledger_chaincode.contracts.state.vault import KeyReader
from eximledger_chaincode.documents import Record, TolerancePolicy
from eximledger_chaincode.lending.floors import AppliedPolicy, Floors, PolicyBook

__all__ = ["bounded_policy", "policy_book_of", "read_policy_book"]


def policy_book_of(stored: bytes | None, bank: str) -> PolicyBook:
    """A bank's policies from the value of their key; empty while it has made none."""
    return PolicyBook(bank=bank) if stored is None else decode(PolicyBook, stored)


async def read_policy_book(vault: KeyReader, bank: str) -> PolicyBook:
    """A bank's policies, by a read of their own."""
    (stored,) = await vault.get_many([POLICY_BOOK_KEY])
    return policy_book_of(stored, bank)


def bounded_policy(
    book: PolicyBook, day: date, floors: Floors
) -> tuple[Record[TolerancePolicy] | TolerancePolicy, AppliedPolicy | None]:
    """The policy that holds on a day, nowhere under the floors, and who made it; the built-in one where none does."""
    applied = book.on(day)
    if applied is None:
        return floors.bounded(TolerancePolicy(bank=book.bank)), None
    record = applied.record
    return record.model_copy(update={"document": floors.bounded(record.document)}), applied
