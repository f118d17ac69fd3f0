"""Fabric's Gateway, from Python: evaluate, endorse, submit, commit status and events over grpc.aio.

`GatewayLedger` is a `Ledger` like the embedded one, and serves any chaincode:

    from hlf_client.gateway import GatewayLedger, Profile

    profile = Profile.read("eximbank.yaml")
    async with GatewayLedger.connect(profile, profile.identity("officer"), chaincode="basic") as ledger:
        await ledger.submit("mychannel", "CreateAsset", "asset1", "blue")

`_ledger` is the whole of it. `_peers` knows the gateway peers, `_calls` calls them, `_pulse` notices a silent one,
`_errors` turns what they say into typed errors, `_telemetry` watches (by `_recording`, where OpenTelemetry is in use);
`listening` opens streams of events and goes on where one broke off; `_offline` is for keys that sign elsewhere. May
import `errors`, `identity`, the ledger interface and `wire`; `_connect` imports it for a profile.
"""

from __future__ import annotations

import logging

from hlf_client.gateway._ledger import GatewayLedger
from hlf_client.gateway._offline import BlocksRequest, CommitQuery, EventsRequest, prepared_from, proposal_from
from hlf_client.gateway.listening.chain import ChainCheck, ChainProblem
from hlf_client.gateway.listening.checkpoint import Checkpointer, FileCheckpointer, MemoryCheckpointer
from hlf_client.gateway.listening.offline_listening import OfflineListening
from hlf_client.wire.blocks import FilteredBlockEvent, FilteredTransaction, PrivateDataEvent, PrivateWrite
from hlf_client.wire.endpoint import Endpoint
from hlf_client.wire.profile import Profile
from hlf_client.wire.timeouts import Balance, Retries, Timeouts

__all__ = [
    "Balance",
    "BlocksRequest",
    "ChainCheck",
    "ChainProblem",
    "Checkpointer",
    "CommitQuery",
    "Endpoint",
    "EventsRequest",
    "FileCheckpointer",
    "FilteredBlockEvent",
    "FilteredTransaction",
    "GatewayLedger",
    "MemoryCheckpointer",
    "OfflineListening",
    "PrivateDataEvent",
    "PrivateWrite",
    "Profile",
    "Retries",
    "Timeouts",
    "prepared_from",
    "proposal_from",
]

logging.getLogger("hlf_client.gateway").addHandler(logging.NullHandler())  # silent where nobody has set up logging
