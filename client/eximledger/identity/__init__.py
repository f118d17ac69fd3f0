"""Keys, certificates and the signers made of them.

An `Identity` is what acts on a ledger; a `CertificateAuthority` makes certificates, `TrustAnchors` checks them, and the
wallet keeps them as MSP folders. May import `errors` and the chaincode package only; ledgers and the network driver
import it.
"""

from __future__ import annotations

from eximledger.identity._identity import Identity
from eximledger.identity.certificate_authority import (
    CertificateAuthority,
    NodeRole,
    Subject,
    generate_key,
    load_private_key,
    private_key_pem,
)
from eximledger.identity.signer import (
    AnySigner,
    AsyncSigner,
    PrivateKeySigner,
    Signer,
    sign_digest,
    verify_signature,
)
from eximledger.identity.trust import CertifiedKey, TrustAnchors, canonical_pem, certificate_hash, load_certificate
from eximledger.identity.wallet import read_identity, write_msp

__all__ = [
    "AnySigner",
    "AsyncSigner",
    "CertificateAuthority",
    "CertifiedKey",
    "Identity",
    "NodeRole",
    "PrivateKeySigner",
    "Signer",
    "Subject",
    "TrustAnchors",
    "canonical_pem",
    "certificate_hash",
    "generate_key",
    "load_certificate",
    "load_private_key",
    "private_key_pem",
    "read_identity",
    "sign_digest",
    "verify_signature",
    "write_msp",
]
