"""Ledgers: one interface, several hosts of the same contracts.

`embedded/` is SQLite in this process, the default; `gateway/` is Fabric through its peers' gateway, `hfc/` through
fabric-sdk-py, for peers that have none; both build on `fabric/`. May import `identity`, `errors` and the chaincode
package; the desk and the CLI import only what is named here.
"""

from __future__ import annotations

from eximledger.ledger._connect import connect, info, is_profile, register, revoke, verify
from eximledger.ledger._interface import (
    Argument,
    BlockEvent,
    BlockTransaction,
    ChaincodeEvent,
    ChannelInfo,
    Checkpoint,
    Commit,
    CommitStatus,
    Ledger,
    PreparedTransaction,
    Proposal,
    SubmittedTransaction,
    encode_argument,
)

__all__ = [
    "Argument",
    "BlockEvent",
    "BlockTransaction",
    "ChaincodeEvent",
    "ChannelInfo",
    "Checkpoint",
    "Commit",
    "CommitStatus",
    "Ledger",
    "PreparedTransaction",
    "Proposal",
    "SubmittedTransaction",
    "connect",
    "encode_argument",
    "info",
    "is_profile",
    "register",
    "revoke",
    "verify",
]
