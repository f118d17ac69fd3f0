"""The embedded ledger: a whole consortium in one SQLite file, in this process.

Members, endorsing peers and orderer are played by the file's own keys, with Fabric's semantics: read and write sets,
MVCC and phantom checks, endorsement policies, private collections, hash-chained signed blocks. May import `identity`,
`errors`, the ledger interface and the chaincode package; the desk and the CLI go through `eximledger.ledger`.
"""

from __future__ import annotations

from eximledger.ledger.embedded._address import Address
from eximledger.ledger.embedded._info import ChannelContents, LedgerInfo, Member, describe_file
from eximledger.ledger.embedded._ledger import EmbeddedLedger
from eximledger.ledger.embedded._network import Clock, EmbeddedNetwork, utc_now
from eximledger.ledger.embedded._sharing import Place, acquire, forsake, release
from eximledger.ledger.embedded._verification import Problem, Verification, VerifiedChannel, verify_file
from eximledger.ledger.embedded.default_consortium import DEFAULT_CONSORTIUM
from eximledger.ledger.embedded.definition import (
    ChaincodeDefinition,
    ChannelConfig,
    ChannelDefinition,
    Collection,
    ConsortiumDefinition,
    InitialCall,
    Organization,
    User,
)

__all__ = [
    "DEFAULT_CONSORTIUM",
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
