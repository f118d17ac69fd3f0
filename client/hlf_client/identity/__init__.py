"""Keys, certificates and the signers made of them.

An `Identity` is what acts on a ledger; a `CertificateAuthority` makes certificates, `TrustAnchors` checks them, and the
wallet keeps them as MSP folders. `identity.pkcs11` signs in an HSM and `identity.vault` in Vault; both are imported by
name, the first as it needs python-pkcs11.
May import `errors` and the chaincode package only; ledgers and the network driver import it.
"""

from __future__ import annotations

from hlf_client.identity._identity import Identity
from hlf_client.identity.certificate_authority import (
    CertificateAuthority,
    NodeRole,
    PublicKey,
    Subject,
    generate_key,
    load_private_key,
    private_key_pem,
)
from hlf_client.identity.pkcs12 import read_pkcs12
from hlf_client.identity.revocation import RevocationList, revoke
from hlf_client.identity.signer import (
    AnySigner,
    AsyncSigner,
    Ed25519Signer,
    KeyElsewhere,
    MessageSigner,
    PrivateKeySigner,
    Signer,
    low_s,
    low_s_of,
    sign_digest,
    sign_message,
    signer_from_pem,
    signer_of,
    verify_message,
    verify_signature,
)
from hlf_client.identity.trust import (
    CertifiedKey,
    TrustAnchors,
    canonical_pem,
    certificate_hash,
    load_certificate,
    plain_pem,
    units_of,
)
from hlf_client.identity.wallet import read_identity, write_msp

__all__ = [
    "AnySigner",
    "AsyncSigner",
    "CertificateAuthority",
    "CertifiedKey",
    "Ed25519Signer",
    "Identity",
    "KeyElsewhere",
    "MessageSigner",
    "NodeRole",
    "PrivateKeySigner",
    "PublicKey",
    "RevocationList",
    "Signer",
    "Subject",
    "TrustAnchors",
    "canonical_pem",
    "certificate_hash",
    "generate_key",
    "load_certificate",
    "load_private_key",
    "low_s",
    "low_s_of",
    "plain_pem",
    "private_key_pem",
    "read_identity",
    "read_pkcs12",
    "revoke",
    "sign_digest",
    "sign_message",
    "signer_from_pem",
    "signer_of",
    "units_of",
    "verify_message",
    "verify_signature",
    "write_msp",
]
