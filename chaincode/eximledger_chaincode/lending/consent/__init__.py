"""An exporter's consent: what it lets a bank read of it, on a paper that it signed or through the bank's officer.

Values and pure functions; the day and the moment are the transaction's. Signatures are checked here against the
exporters' authorities that the consortium names. Imports `documents` only.
"""

from __future__ import annotations

from eximledger_chaincode.lending.consent.certificates import AuthorityPem, CertificatePem, require_authority
from eximledger_chaincode.lending.consent.papers import (
    MAX_TERM_DAYS,
    SCOPES,
    Authorisation,
    OfficerConsent,
    Revocation,
    Scope,
)
from eximledger_chaincode.lending.consent.signed import (
    SignedAuthorisation,
    SignedPaper,
    SignedRevocation,
    require_signed,
)
from eximledger_chaincode.lending.consent.standing import Consent, Given, covers, holding, stands

__all__ = [
    "MAX_TERM_DAYS",
    "SCOPES",
    "Authorisation",
    "AuthorityPem",
    "CertificatePem",
    "Consent",
    "Given",
    "OfficerConsent",
    "Revocation",
    "Scope",
    "SignedAuthorisation",
    "SignedPaper",
    "SignedRevocation",
    "covers",
    "holding",
    "require_authority",
    "require_signed",
    "stands",
]
