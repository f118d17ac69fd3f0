"""Which consent holds on a day, and for what."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal, TypeAlias

from eximledger_chaincode.documents import Value
from eximledger_chaincode.documents.parts.base import Day, First
from eximledger_chaincode.lending.consent.papers import Authorisation, Scope
from eximledger_chaincode.lending.time import MAX_DATE_DRIFT

__all__ = ["Consent", "Given", "covers", "holding", "stands"]

Given: TypeAlias = Literal["signed", "officer"]
"""By the exporter's signature, or by the word of the bank's officer."""


class Consent(Value):
    """An authorisation as it was given, and the day in China on which its revocation was filed, if one was."""

    schema_version: First = 1
    authorisation: Authorisation
    given: Given
    revoked_on: Day | None = None


def stands(authorisation: Authorisation, revoked_on: date | None, day: date, opened: date) -> bool:
    """Whether it holds on `day`: within its period, and not revoked, whichever day that was.

    A transaction's day is its signer's own word, so the business day that SAFE opened last bounds it, three days ahead
    at most: what begins later is not read by calling it tomorrow, nor what is over by calling it last week.
    """
    begun, over = min(day, opened), max(day, opened - MAX_DATE_DRIFT)
    return revoked_on is None and authorisation.valid_from <= begun and over <= authorisation.valid_until


def covers(authorisation: Authorisation, *, bank: str, exporter: str, scope: Scope) -> bool:
    """Whether it lets just this bank read just this of just this exporter."""
    return (authorisation.bank, authorisation.exporter) == (bank, exporter) and scope in authorisation.what


def holding(
    consents: Iterable[Consent], *, bank: str, exporter: str, scope: Scope, day: date, opened: date
) -> Consent | None:
    """The one by which the bank reads on `day`, where SAFE has opened `opened` last: of those that hold a signed one
    before an officer's, then the one that holds longest, then the later number. None where nothing allows it."""
    found = (
        each
        for each in consents
        if covers(each.authorisation, bank=bank, exporter=exporter, scope=scope)
        and stands(each.authorisation, each.revoked_on, day, opened)
    )
    return max(found, key=_rank, default=None)


def _rank(consent: Consent) -> tuple[bool, date, str]:
    return consent.given == "signed", consent.authorisation.valid_until, consent.authorisation.number
