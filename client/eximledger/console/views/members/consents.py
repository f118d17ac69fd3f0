"""What an exporter lets a bank read, a line for each authorisation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from eximledger_chaincode.contracts.papers.consents import ConsentBook

__all__ = ["ConsentRow", "consent_rows"]


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """One authorisation. `scopes` are words of ours."""

    number: str
    bank: str
    scopes: tuple[str, ...]
    since: date
    until: date
    purpose: str
    revoked: date | None


def consent_rows(book: ConsentBook) -> tuple[ConsentRow, ...]:
    """Every authorisation that was ever given, the last first."""
    return tuple(
        ConsentRow(
            said.number, said.bank, tuple(said.what), said.valid_from, said.valid_until,
            said.purpose, each.consent.revoked_on,
        )
        for each in reversed(book.consents)
        for said in (each.consent.authorisation,)
    )  # fmt: skip
