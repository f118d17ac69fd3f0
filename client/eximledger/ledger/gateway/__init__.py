"""Fabric's Gateway, from Python: evaluate, endorse, submit, commit status and events over grpc.aio.

`GatewayLedger` is a `Ledger` like the embedded one, and serves any chaincode:

    from eximledger.ledger.gateway import GatewayLedger, Profile

    profile = Profile.read("eximbank.yaml")
    async with GatewayLedger.connect(profile, profile.identity("officer"), chaincode="basic") as ledger:
        await ledger.submit("mychannel", "CreateAsset", "asset1", "blue")

`_messages` builds and reads Fabric's messages, `_peers` calls gateway peers one after the other, `_errors` turns what
they say into typed errors, `_events` and `_blocks` listen. Needs the extra `fabric`. May import `errors`, `identity`
and the ledger interface; `ledger._connect` imports it when a profile is opened.
"""

from __future__ import annotations

from eximledger.ledger.gateway._blocks import FilteredBlockEvent, FilteredTransaction, PrivateDataEvent, PrivateWrite
from eximledger.ledger.gateway._checkpoint import Checkpointer, FileCheckpointer, MemoryCheckpointer
from eximledger.ledger.gateway._ledger import CommitQuery, GatewayLedger
from eximledger.ledger.gateway._peers import Endpoint, Timeouts
from eximledger.ledger.gateway._profile import Profile

__all__ = [
    "Checkpointer",
    "CommitQuery",
    "Endpoint",
    "FileCheckpointer",
    "FilteredBlockEvent",
    "FilteredTransaction",
    "GatewayLedger",
    "MemoryCheckpointer",
    "PrivateDataEvent",
    "PrivateWrite",
    "Profile",
    "Timeouts",
]
