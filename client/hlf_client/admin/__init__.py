"""What an administrator of a member does to peers, orderers and channels, as Python: no binary of Fabric's, no shell.

    admin = MspSignatory.load("Org1MSP", Path("users/Admin@org1.example.com/msp"))
    with PeerClient(endpoint) as peer:
        peer.channels(admin)
        peer.config_block(admin, "mychannel")

`PeerClient` and `OrdererClient` are connections; `install`, `approve`, `readiness`, `commit` and `committed` a
chaincode's life on them; `OrdererAdmin` the channels of an orderer. Blocking: an administrator's steps are few, and
threads make them parallel. May import `wire`, `identity` and `errors`; imported by the network driver. Applications use
`hlf_client.gateway`.
"""

from __future__ import annotations

from hlf_client.admin.calls import Call, Endorsement, assemble, signature_header, signed_envelope
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
    "CollectionTerms",
    "Committed",
    "Definition",
    "Endorsement",
    "MspSignatory",
    "OrdererAdmin",
    "OrdererClient",
    "Participant",
    "PeerClient",
    "PeerError",
    "ServerConnection",
    "Signatory",
    "approve",
    "approved_package",
    "assemble",
    "commit",
    "committed",
    "install",
    "installed",
    "order",
    "package_chaincode",
    "readiness",
    "signature_header",
    "signed_envelope",
    "submit",
    "wait_until_ready",
]
