"""The private write that a block has the hashes of: one step of a loan, as peers have read it from their collection."""

from __future__ import annotations

import hashlib
from base64 import b64decode
from dataclasses import dataclass
from typing import Final, Self

from eximledger_chaincode.contracts.state.names import papers_of
from eximledger_chaincode.contracts.state.vault import SALT_BYTES
from eximledger_chaincode.lending.loan import Loan, LoanHistoryItem, WrittenStep
from hlf_client.errors import InvalidDocument
from hlf_client.wire.evidence import SignedTransaction, Version

__all__ = ["READ_STEP", "PrivateWrite", "contradiction"]

READ_STEP: Final = "loans:written"
"""The query by which peers tell a step with its key and its salt."""


@dataclass(frozen=True, slots=True)
class PrivateWrite:
    """What peers told of a loan: the step, and the loan as it stood when they were asked."""

    collection: str
    key_hash: bytes
    value_hash: bytes
    step: LoanHistoryItem
    now: Loan
    read_at: Version | None
    """Block, and place in it, of the transaction whose write they read."""

    @classmethod
    def told(cls, said: SignedTransaction, loan_id: str) -> Self:
        """From a transaction that was checked. Raises `InvalidDocument` where the peers were asked for something else,
        and for an answer that is none."""
        if said.arguments[:2] != (READ_STEP.encode(), loan_id.encode()):
            raise contradiction("the peers were asked for something else than the loan")
        try:
            written = WrittenStep.model_validate_json(said.result)
            value = b64decode(written.value, validate=True)
            step = LoanHistoryItem.model_validate_json(value[SALT_BYTES:])
        except ValueError:  # pydantic's and base64's alike
            raise contradiction("what the peers read is no step of a loan") from None
        loan = step.loan
        if said.arguments[2:] != (str(loan.step).encode(), loan.bank.encode()):
            raise contradiction("the peers were asked for another step, or for another bank's loan")
        key_hash = hashlib.sha256(written.key.encode()).digest()
        read_at = said.private_reads.get((said.chaincode, written.collection, key_hash))
        return cls(written.collection, key_hash, hashlib.sha256(value).digest(), step, written.loan, read_at)

    def require_in(self, transaction: SignedTransaction) -> None:
        """Raises `InvalidDocument` unless this transaction writes this very value under this very key, in the
        collection of the loan's bank, and the step says that it is its own."""
        loan = self.step.loan
        if self.collection != papers_of(loan.bank):
            raise contradiction(f"the loan stands in {self.collection}, where {loan.bank} has no loans")
        place = transaction.chaincode, self.collection, self.key_hash
        if place not in transaction.private_writes:
            raise contradiction(f"the transaction does not write what the peers read of loan {loan.loan_id}")
        if transaction.private_writes[place] != self.value_hash:
            raise contradiction(f"the transaction writes something else of loan {loan.loan_id} than the peers read")
        if (self.step.transaction_id, self.step.timestamp) != (transaction.transaction_id, transaction.timestamp):
            raise contradiction("the step names another transaction, or another time than its transaction")


def contradiction(reason: str) -> InvalidDocument:
    """The error of a proof whose parts do not fit together."""
    return InvalidDocument(f"this proves nothing: {reason}", field="file", reason=reason)
