"""The client's part of the error tree; the root and the contracts' part live in `hlf_chaincode.errors`.

FabricError
├── InvalidDocument, NotAuthorized, NotFound, Conflict, Refused     (from a contract, or before one is called)
├── EndorsementFailed    peers would not endorse: per peer its address, MSP and words
├── CommitFailed         endorsed and ordered, but invalid: the validation code says why
├── LedgerUnavailable    the ledger cannot be reached or written now; repeat later
└── NetworkError         an administrator's step failed: a node refuses it, a network cannot be brought up or changed

Each that a call on Fabric raises says which transaction it was (`transaction_id`), what the gateway answered
(`grpc_code`) and what each peer said (`peers`).
"""

from __future__ import annotations

from typing import Self

from hlf_chaincode.errors import (
    Conflict,
    FabricError,
    InvalidDocument,
    NotAuthorized,
    NotFound,
    NotSupported,
    PeerRefusal,
    Refused,
    from_message,
)

__all__ = [
    "CommitFailed",
    "Conflict",
    "EndorsementFailed",
    "FabricError",
    "InvalidDocument",
    "LedgerUnavailable",
    "NetworkError",
    "NotAuthorized",
    "NotFound",
    "NotSupported",
    "PeerRefusal",
    "Refused",
    "from_message",
]


class EndorsementFailed(FabricError):
    """No set of endorsements satisfies the policy; `peers` says what each peer answered."""

    travels = False

    def __init__(self, message: str, *, transaction_id: str = "", peers: tuple[PeerRefusal, ...] = ()) -> None:
        super().__init__(message)
        self.transaction_id = transaction_id
        self.peers = peers


class CommitFailed(FabricError):
    """The transaction is in a block but changes nothing. `code` is Fabric's TxValidationCode by name.

    Read conflicts (MVCC_READ_CONFLICT, PHANTOM_READ_CONFLICT) are retryable from a new proposal; nothing else is.
    """

    travels = False

    def __init__(self, message: str, *, transaction_id: str, code: str, block_number: int) -> None:
        super().__init__(message)
        self.transaction_id = transaction_id
        self.code = code
        self.block_number = block_number

    @classmethod
    def of(cls, transaction_id: str, code: str, block_number: int) -> Self:
        """The error of a transaction by its fate."""
        text = f"transaction {transaction_id} is in block {block_number} but changes nothing: {code}"
        return cls(text, transaction_id=transaction_id, code=code, block_number=block_number)

    @property
    def is_read_conflict(self) -> bool:
        return self.code in {"MVCC_READ_CONFLICT", "PHANTOM_READ_CONFLICT"}


class LedgerUnavailable(FabricError):
    """The ledger cannot be reached, read or written at the moment.

    `repeated` says that the call has been made as often, or has waited as long, as it was to.
    """

    travels = False
    status = 503
    retryable = True
    repeated: bool = False


class NetworkError(FabricError):
    """A Fabric network could not be brought up, changed or taken down; the message says what to do."""

    travels = False
