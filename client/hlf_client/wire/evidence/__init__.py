"""Fabric's signatures, checked without a network: who ordered a block, who asked for a transaction, who endorsed it.

Nothing here is believed for where it comes from. A certificate counts for a member when an authority issued it whom the
caller trusts for that member; what is signed counts when the signature is that certificate's.

`_signers` says whose a signature is, `_blocks` reads and checks blocks, `_transactions` transactions,
`_channels` how a channel began and who belongs to it. May import
Fabric's messages and `identity`; `eximledger.proof` imports it.
Sources: `protoutil` (blockutils, commonutils, txutils) and `core/common/validation` of Fabric.
"""

from __future__ import annotations

from hlf_client.wire.evidence._blocks import (
    BlockEvidence,
    OrderedBlock,
    OrdererSignature,
    bft_quorum,
    read_block,
    verify_block,
)
from hlf_client.wire.evidence._channels import (
    CertificateUse,
    ChannelCertificate,
    FirstBlock,
    MemberAuthorities,
    channel_authorities,
    channel_certificates,
    first_block,
)
from hlf_client.wire.evidence._signers import Anchors, identity_of
from hlf_client.wire.evidence._transactions import (
    Endorsed,
    HashedKey,
    SignedTransaction,
    Version,
    endorsers_of,
    open_envelope,
    transaction_id_of,
    verify_transaction,
)

__all__ = [
    "Anchors",
    "BlockEvidence",
    "CertificateUse",
    "ChannelCertificate",
    "Endorsed",
    "FirstBlock",
    "HashedKey",
    "MemberAuthorities",
    "OrderedBlock",
    "OrdererSignature",
    "SignedTransaction",
    "Version",
    "bft_quorum",
    "channel_authorities",
    "channel_certificates",
    "endorsers_of",
    "first_block",
    "identity_of",
    "open_envelope",
    "read_block",
    "transaction_id_of",
    "verify_block",
    "verify_transaction",
]
