"""What an administrator of a member does to peers, orderers and channels, as Python: no binary of Fabric's, no shell.

    admin = MspSignatory.load("Org1MSP", Path("users/Admin@org1.example.com/msp"))
    with PeerClient(endpoint) as peer:
        peer.channels(admin)
        peer.config_block(admin, "mychannel")

`PeerClient` and `OrdererClient` are connections; `install`, `approve`, `readiness`, `commit` and `committed` a
chaincode's life on them, `ChannelLifecycle` the same through the gateway of one's own peer; `peers_of` and
`endorsers_of` ask a peer's discovery; `OrdererAdmin` the channels of an orderer. All but `ChannelLifecycle` block: an
administrator's steps are few, and threads make them parallel. May import `wire`, `ledger`, `identity` and `errors`;
imported by the network driver and the command line `hlf`. Applications use `hlf_client.gateway`.
"""

from __future__ import annotations

from hlf_client.admin.agreeing import ChannelLifecycle, Readiness
from hlf_client.admin.calls import Call, Endorsement, assemble, signature_header, signed_envelope
from hlf_client.admin.collections import Collection, read_collections
from hlf_client.admin.discovery import ChannelPeer, Endorsers, endorsers_of, peers_of
from hlf_client.admin.lifecycle import (
    CHANNELS_OWN,
    ApprovalLost,
    CollectionTerms,
    Committed,
    Definition,
    Participant,
    approve,
    approved_package,
    commit,
    committed,
    install,
    installed,
    readiness,
    submit,
    wait_until_ready,
)
from hlf_client.admin.nodes import OrdererClient, PeerClient, PeerError, order
from hlf_client.admin.package import ChaincodePackage, ServerConnection, package_chaincode
from hlf_client.admin.participation import OrdererAdmin
from hlf_client.admin.signatory import MspSignatory, Signatory

__all__ = [
    "CHANNELS_OWN",
    "ApprovalLost",
    "Call",
    "ChaincodePackage",
    "ChannelLifecycle",
    "ChannelPeer",
    "Collection",
    "CollectionTerms",
    "Committed",
    "Definition",
    "Endorsement",
    "Endorsers",
    "MspSignatory",
    "OrdererAdmin",
    "OrdererClient",
    "Participant",
    "PeerClient",
    "PeerError",
    "Readiness",
    "ServerConnection",
    "Signatory",
    "approve",
    "approved_package",
    "assemble",
    "commit",
    "committed",
    "endorsers_of",
    "install",
    "installed",
    "order",
    "package_chaincode",
    "peers_of",
    "read_collections",
    "readiness",
    "signature_header",
    "signed_envelope",
    "submit",
    "wait_until_ready",
]
