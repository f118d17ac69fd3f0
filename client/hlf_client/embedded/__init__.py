"""The embedded ledger: a whole consortium in one SQLite file, in this process.

Members, endorsing peers and orderer are played by the file's own keys, with Fabric's semantics: read and write sets,
MVCC and phantom checks, endorsement policies, private collections, hash-chained signed blocks. Hosts any chaincode
of any consortium. Needs the extra `embedded`; opened by `hlf_client.connect`.
Names are imported when they are first used: to connect takes little of it, the rest comes on a thread.

What stands on what: _connection -> _sharing -> _opening | _revoking -> _ledger -> _network -> _founding, committing ->
endorsing -> storage. A network knows nothing of the ledgers over it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from hlf_client._clock import Clock, utc_now
    from hlf_client.embedded._address import Address
    from hlf_client.embedded._connection import Connection
    from hlf_client.embedded._copying import backup_file, restore_file
    from hlf_client.embedded._info import ChannelContents, LedgerInfo, Member, describe_file
    from hlf_client.embedded._ledger import EmbeddedLedger
    from hlf_client.embedded._network import EmbeddedNetwork
    from hlf_client.embedded._opening import open_network
    from hlf_client.embedded._revoking import revoke_user
    from hlf_client.embedded._sharing import Opened, Place, acquire
    from hlf_client.embedded.definition import (
        ChaincodeDefinition,
        ChannelConfig,
        ChannelDefinition,
        Collection,
        ConsortiumDefinition,
        HostedConsortium,
        InitialCall,
        Organization,
        User,
    )
    from hlf_client.embedded.storage.beside import Beside
    from hlf_client.embedded.storage.database import check_place, require_file
    from hlf_client.embedded.verifying.contents import Problem
    from hlf_client.embedded.verifying.report import Earlier, Verification, VerifiedChannel
    from hlf_client.embedded.verifying.scratch import checkpoint_of
    from hlf_client.embedded.verifying.verification import verify_file

__all__ = [
    "Address",
    "Beside",
    "ChaincodeDefinition",
    "ChannelConfig",
    "ChannelContents",
    "ChannelDefinition",
    "Clock",
    "Collection",
    "Connection",
    "ConsortiumDefinition",
    "Earlier",
    "EmbeddedLedger",
    "EmbeddedNetwork",
    "HostedConsortium",
    "InitialCall",
    "LedgerInfo",
    "Member",
    "Opened",
    "Organization",
    "Place",
    "Problem",
    "User",
    "Verification",
    "VerifiedChannel",
    "acquire",
    "backup_file",
    "check_place",
    "checkpoint_of",
    "describe_file",
    "open_network",
    "require_file",
    "restore_file",
    "revoke_user",
    "utc_now",
    "verify_file",
]

_HOMES: Final = {
    "hlf_client._clock": ("Clock", "utc_now"),
    "hlf_client.embedded._address": ("Address",),
    "hlf_client.embedded._connection": ("Connection",),
    "hlf_client.embedded._copying": ("backup_file", "restore_file"),
    "hlf_client.embedded._info": ("ChannelContents", "LedgerInfo", "Member", "describe_file"),
    "hlf_client.embedded._ledger": ("EmbeddedLedger",),
    "hlf_client.embedded._network": ("EmbeddedNetwork",),
    "hlf_client.embedded._opening": ("open_network",),
    "hlf_client.embedded._revoking": ("revoke_user",),
    "hlf_client.embedded._sharing": ("Opened", "Place", "acquire"),
    "hlf_client.embedded.storage.beside": ("Beside",),
    "hlf_client.embedded.storage.database": ("check_place", "require_file"),
    "hlf_client.embedded.verifying.contents": ("Problem",),
    "hlf_client.embedded.verifying.report": ("Earlier", "Verification", "VerifiedChannel"),
    "hlf_client.embedded.verifying.scratch": ("checkpoint_of",),
    "hlf_client.embedded.verifying.verification": ("verify_file",),
}
_HOME: Final = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'hlf_client.embedded' has no attribute {name!r}")
    found: object = getattr(import_module(_HOME.get(name, "hlf_client.embedded.definition")), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return list(__all__)
