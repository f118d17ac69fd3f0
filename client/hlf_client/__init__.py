"""Hyperledger Fabric from Python: one interface (`Ledger`), several hosts of the same chaincode.

    async with hlf_client.connect("profiles/org1.yaml", "org1/user1", chaincode="basic") as ledger:
        await ledger.submit("mychannel", "CreateAsset", "asset1", "blue")

`gateway` is Fabric through its peers' gateway, `hfc` through fabric-sdk-py for peers that have none, `embedded` a whole
network in one SQLite file of this process; `admin` is what a member's administrator does, `ca` a client of Fabric CA;
`wire` is what all clients of Fabric write and read, `identity` keys and certificates, `sync` the same without asyncio,
`testing` ledgers for tests. Knows no trade. May import `hlf_chaincode`.
Names are imported when they are first used: a client of the gateway never loads the embedded ledger.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from hlf_client import admin, ca, embedded, gateway, hfc, identity, sync, testing, typed, wire
    from hlf_client._clock import Clock, utc_now
    from hlf_client._connect import (
        Connector,
        Opening,
        backup,
        connect,
        info,
        is_profile,
        register,
        require_ledger,
        restore,
        revoke,
        verify,
    )
    from hlf_client.errors import (
        CommitFailed,
        Conflict,
        EndorsementFailed,
        FabricError,
        InvalidDocument,
        LedgerUnavailable,
        NotAuthorized,
        NotFound,
        PeerRefusal,
        Refused,
    )
    from hlf_client.identity import Identity
    from hlf_client.ledger import (
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
    from hlf_client.repeating import repeat_conflicts

__all__ = [
    "Argument",
    "BlockEvent",
    "BlockTransaction",
    "ChaincodeEvent",
    "ChannelInfo",
    "Checkpoint",
    "Clock",
    "Commit",
    "CommitFailed",
    "CommitStatus",
    "Conflict",
    "Connector",
    "EndorsementFailed",
    "FabricError",
    "Identity",
    "InvalidDocument",
    "Ledger",
    "LedgerUnavailable",
    "NotAuthorized",
    "NotFound",
    "Opening",
    "PeerRefusal",
    "PreparedTransaction",
    "Proposal",
    "Refused",
    "SubmittedTransaction",
    "admin",
    "backup",
    "ca",
    "connect",
    "embedded",
    "encode_argument",
    "gateway",
    "hfc",
    "identity",
    "info",
    "is_profile",
    "register",
    "repeat_conflicts",
    "require_ledger",
    "restore",
    "revoke",
    "sync",
    "testing",
    "typed",
    "utc_now",
    "verify",
    "wire",
]

_PACKAGES: Final = ("admin", "ca", "embedded", "gateway", "hfc", "identity", "sync", "testing", "typed", "wire")
_HOMES: Final = {
    "_clock": ("Clock", "utc_now"),
    "_connect": (
        "Connector", "Opening", "backup", "connect", "info", "is_profile", "register", "require_ledger", "restore",
        "revoke", "verify",
    ),
    "errors": (
        "CommitFailed", "Conflict", "EndorsementFailed", "FabricError", "InvalidDocument", "LedgerUnavailable",
        "NotAuthorized", "NotFound", "PeerRefusal", "Refused",
    ),
    "identity": ("Identity",),
    "repeating": ("repeat_conflicts",),
}  # fmt: skip
_HOME: Final = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'hlf_client' has no attribute {name!r}")
    found: object
    if name in _PACKAGES:
        found = import_module(f"hlf_client.{name}")
    else:
        found = getattr(import_module(f"hlf_client.{_HOME.get(name, 'ledger')}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return list(__all__)
