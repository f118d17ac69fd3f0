"""Exporters that sign in tests: one authority in the process, and keys as they are asked for."""

from __future__ import annotations

import atexit
import shutil
from datetime import date, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

from eximledger.consent import ExporterKey, ExportersAuthority
from eximledger_chaincode.lending.consent import (
    SCOPES,
    Authorisation,
    Revocation,
    SignedAuthorisation,
    SignedRevocation,
)
from hlf_client import utc_now

__all__ = ["authority_certificate", "signed_authorisation", "signed_revocation"]

_DAYS: Final = 366
_LONG: Final = 7300


@cache
def _authority() -> ExportersAuthority:
    folder = Path(mkdtemp(prefix="exporters-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return ExportersAuthority.create(
        folder / "authority", "Exporters' authority of tests", days=_LONG, now=utc_now() - timedelta(days=_LONG // 2)
    )


@cache
def _key(exporter: str) -> ExporterKey:
    authority = _authority()
    folder = authority.files.folder.parent / exporter
    authority.enrol(folder, exporter, "Exporter", days=_LONG // 2, now=utc_now() - timedelta(days=_LONG // 4))
    return ExporterKey.open(folder)


def authority_certificate() -> str:
    """The certificate that ledgers of tests name as an exporters' authority."""
    return _authority().pem


def signed_authorisation(
    exporter: str, bank: str, today: date, *, number: str = "", purpose: str = "export financing"
) -> SignedAuthorisation:
    """What an exporter signs for a bank (MSP id): it may read all that there is, from today for a year."""
    serial = sha256(f"{bank} {today}".encode()).hexdigest()[:8]
    return _key(exporter).sign(
        Authorisation(
            number=number or f"AU-{serial}",
            exporter=exporter,
            bank=bank,
            what=SCOPES,
            valid_from=today,
            valid_until=today + timedelta(days=_DAYS - 1),
            purpose=purpose,
        )
    )


def signed_revocation(authorisation: SignedAuthorisation, today: date) -> SignedRevocation:
    """What the exporter signs to take it back."""
    paper = authorisation.paper
    return _key(paper.exporter).sign(Revocation(authorisation=paper.number, exporter=paper.exporter, revoked_on=today))
