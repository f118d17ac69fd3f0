"""Consents that banks' officers gave for their exporters, on forms that nobody else has seen: counted, and each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from eximledger_chaincode.contracts.papers.consents import ConsentBook, FiledConsent
from eximledger_chaincode.lending.consent import stands
from eximledger_chaincode.lending.roles import Person

__all__ = ["BankConsents", "ConsentReport", "OfficersConsent", "RunningConsents"]


@dataclass(frozen=True, slots=True)
class BankConsents:
    """One bank's consents; `standing` are those of `by_officers` that hold on the day."""

    bank: str
    signed: int = 0
    by_officers: int = 0
    standing: int = 0


@dataclass(frozen=True, slots=True)
class OfficersConsent:
    """A consent on a paper form, by whom it was filed, and the hash of the form."""

    bank: str
    exporter: str
    number: str
    what: tuple[str, ...]
    valid_from: date
    valid_until: date
    revoked_on: date | None
    officer: Person
    form_sha256: str | None


@dataclass(frozen=True, slots=True)
class ConsentReport:
    """By bank; `consents` are the officers', in the order in which their exporters' books were begun."""

    day: date
    banks: tuple[BankConsents, ...]
    consents: tuple[OfficersConsent, ...]


class RunningConsents:
    """Consents as books are added one by one; as large as there are officers' consents."""

    def __init__(self, day: date) -> None:
        self._day = day
        self._banks: dict[str, BankConsents] = {}
        self._consents: list[OfficersConsent] = []

    def add(self, book: ConsentBook) -> None:
        for filed in book.consents:
            before = self._banks.get(book.bank, BankConsents(book.bank))
            self._banks[book.bank] = self._counted(before, filed)
            if filed.consent.given == "officer":
                self._consents.append(_officers(book, filed))

    def _counted(self, before: BankConsents, filed: FiledConsent) -> BankConsents:
        consent = filed.consent
        is_officers = consent.given == "officer"
        holds = is_officers and stands(consent.authorisation, consent.revoked_on, self._day, self._day)
        return BankConsents(
            before.bank,
            before.signed + (not is_officers),
            before.by_officers + is_officers,
            before.standing + holds,
        )

    def result(self) -> ConsentReport:
        banks = tuple(self._banks[bank] for bank in sorted(self._banks))
        return ConsentReport(self._day, banks, tuple(self._consents))


def _officers(book: ConsentBook, filed: FiledConsent) -> OfficersConsent:
    paper = filed.consent.authorisation
    return OfficersConsent(
        bank=book.bank,
        exporter=book.exporter,
        number=paper.number,
        what=paper.what,
        valid_from=paper.valid_from,
        valid_until=paper.valid_until,
        revoked_on=filed.consent.revoked_on,
        officer=filed.filed_by,
        form_sha256=filed.form_sha256,
    )
