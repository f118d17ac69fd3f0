"""Fabric's TxValidationCode (peer/transaction.proto), as far as an embedded ledger gives them."""

from __future__ import annotations

from enum import IntEnum

__all__ = ["ValidationCode"]


class ValidationCode(IntEnum):
    """Why a transaction in a block counts or does not."""

    VALID = 0
    BAD_PAYLOAD = 2
    BAD_CREATOR_SIGNATURE = 4
    INVALID_ENDORSER_TRANSACTION = 5
    INVALID_CONFIG_TRANSACTION = 6
    BAD_PROPOSAL_TXID = 8
    DUPLICATE_TXID = 9
    ENDORSEMENT_POLICY_FAILURE = 10
    MVCC_READ_CONFLICT = 11
    PHANTOM_READ_CONFLICT = 12
    BAD_RWSET = 22
    INVALID_CHAINCODE = 25

    @property
    def sentence(self) -> str:
        """What it means to who submitted the transaction."""
        return _SENTENCES[self]


_SENTENCES = {
    ValidationCode.VALID: "the transaction is valid",
    ValidationCode.BAD_PAYLOAD: "the transaction cannot be read",
    ValidationCode.BAD_CREATOR_SIGNATURE: "the creator's signature does not fit the transaction",
    ValidationCode.INVALID_ENDORSER_TRANSACTION: "the endorsed result belongs to another proposal",
    ValidationCode.INVALID_CONFIG_TRANSACTION: "the channel's configuration may not be changed like this, or by them",
    ValidationCode.BAD_PROPOSAL_TXID: "the transaction's id does not follow from its nonce and creator",
    ValidationCode.DUPLICATE_TXID: "a transaction with this id is already committed",
    ValidationCode.ENDORSEMENT_POLICY_FAILURE: "the endorsements do not satisfy the policies of what it writes",
    ValidationCode.MVCC_READ_CONFLICT: "what it read has changed since: read again and repeat from a new proposal",
    ValidationCode.PHANTOM_READ_CONFLICT: "a range it read has changed since: repeat from a new proposal",
    ValidationCode.BAD_RWSET: "its private values are missing or do not match their hashes",
    ValidationCode.INVALID_CHAINCODE: "the channel does not have this chaincode",
}
