"""The embedded ledger: a whole consortium in one SQLite file, in this process.

Members, endorsing peers and orderer are played by the file's own keys, with Fabric's semantics: read and write sets,
MVCC and phantom checks, endorsement policies, private collections, hash-chained signed blocks. Hosts any chaincode
of any consortium. Needs the extra `embedded`; opened by `hlf_client.connect`.
"""

from __future__ import annotations

from hlf_client._clock import Clock, utc_now
from hlf_client.embedded._address import Address
from hlf_client.embedded._info import ChannelContents, LedgerInfo, Member, describe_file
from hlf_client.embedded._ledger import EmbeddedLedger
from hlf_client.embedded._network import EmbeddedNetwork
from hlf_client.embedded._sharing import Place, acquire, forsake, release
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
from hlf_client.embedded.verifying.verification import Problem, Verification, VerifiedChannel, verify_file

__all__ = [
    "Address",
    "ChaincodeDefinition",
    "ChannelConfig",
    "ChannelContents",
    "ChannelDefinition",
    "Clock",
    "Collection",
    "ConsortiumDefinition",
    "EmbeddedLedger",
    "EmbeddedNetwork",
    "HostedConsortium",
    "InitialCall",
    "LedgerInfo",
    "Member",
    "Organization",
    "Place",
    "Problem",
    "User",
    "Verification",
    "VerifiedChannel",
    "acquire",
    "describe_file",
    "forsake",
    "release",
    "utc_now",
    "verify_file",
]
