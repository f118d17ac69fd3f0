"""A loan's decision as one file that an auditor checks alone: no ledger, no network, nobody to be believed but the CAs.

    proof = await export_proof(ledger, "DY-2026-001")          # a member, from its gateway peer
    trusted = TrustedNetwork.of([TrustFile.read(path)])    # which network, and whose authorities: anybody's own choice
    proven = verify_proof(content, trusted)                # from the file's bytes

The file holds the block in which the decision was committed, as its orderers signed it, and what peers of several
members signed when they were asked for the loan afterwards: a block's validation codes carry no signature, so that the
decision took effect is what those peers attest. Each of them shows the block that its channel began with, too: that
is how a network is told from a copy of it. docs/proof.md says what is checked and what it shows.

`_file` is the file, `_export` makes it, `_verify` checks it; `_authorities` reads the CAs that are trusted, `_network`
which network is meant. May import the desk, `hlf_client` and the contracts' models.
"""

from __future__ import annotations

from eximledger.proof._authorities import Authorities
from eximledger.proof._export import channel_certificates, export_proof, export_trust
from eximledger.proof._file import ProofFile
from eximledger.proof._network import BUREAU, TrustedNetwork, TrustFile
from eximledger.proof._verify import ProvenDecision, verify_proof

__all__ = [
    "BUREAU",
    "Authorities",
    "ProofFile",
    "ProvenDecision",
    "TrustFile",
    "TrustedNetwork",
    "channel_certificates",
    "export_proof",
    "export_trust",
    "verify_proof",
]
