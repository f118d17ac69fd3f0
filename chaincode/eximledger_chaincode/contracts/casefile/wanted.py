"""What quotations and list entries a case calls for: pure.

SAFE's channel, which has both, is told what the papers of the other channels name, and adds what its own do; so one
answer holds all of its part.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final, TypeAlias

from pydantic import Field

from eximledger_chaincode.contracts.casefile.facts import FxFacts, LoanFacts
from eximledger_chaincode.contracts.papers.answers import CustomsFacts
from eximledger_chaincode.documents import LOAN_KINDS, MAX_NAMED, Document, Money, Value
from eximledger_chaincode.documents.parts.base import Day, Whole
from eximledger_chaincode.documents.parts.money import Currency
from eximledger_chaincode.documents.published.watch_list import ListId
from eximledger_chaincode.lending.collecting.counting import quotations_for
from eximledger_chaincode.lending.collecting.naming import naming_of
from eximledger_chaincode.lending.screening.subjects import MAX_SUBJECTS, Subject, joined, named_in
from eximledger_chaincode.lending.valuation import declared_amounts
from hlf_chaincode.errors import Refused

__all__ = ["MAX_CURRENCIES", "MAX_RATE_REQUESTS", "NamedElsewhere", "RateRequest", "Wanted"]

MAX_CURRENCIES: Final = 3
"""Foreign currencies in which a case can be on every day that it can be about; on fewer days it can be in
more, as long as the quotations are no more in all."""

MAX_RATE_REQUESTS: Final = MAX_CURRENCIES * (1 + 2 * MAX_NAMED)
"""Quotations that one case asks for at most: of the day of the decision, of each declaration and of each receipt."""

MAX_RECEIPT_RATES: Final = 400
"""Quotations of the days on which receipts came that name papers of the case, at most."""

_MAX_NAMED_SUBJECTS: Final = 4 * MAX_SUBJECTS
"""As papers name them: of one subject in several spellings."""

RateRequest: TypeAlias = tuple[str, date]
"""A foreign currency and the day for which its quotation is wanted."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The quotations by currency and day, and the subjects to hold against lists, of a whole case."""

    rates: tuple[RateRequest, ...]
    subjects: tuple[Subject, ...]


class NamedElsewhere(Value):
    """What the papers of the bank and customs name of a case, and by which lists the bank's policy screens it."""

    currencies: Annotated[tuple[Currency, ...], Field(max_length=200)]
    """Foreign ones, sorted."""
    days: Annotated[tuple[Day, ...], Field(max_length=1 + 2 * MAX_NAMED)]
    """On which values are compared: of the decision and of each declaration, sorted."""
    subjects: Annotated[tuple[Subject, ...], Field(max_length=_MAX_NAMED_SUBJECTS)]
    """As each paper by itself has them (`named_in`)."""
    foreign: Annotated[tuple[ListId, ...], Field(max_length=50)]
    least: Annotated[Whole, Field(ge=75, le=100)]

    @classmethod
    def of(cls, loan: LoanFacts, customs: CustomsFacts, today: date) -> NamedElsewhere:
        """Everything but what SAFE has itself."""
        papers: list[Document] = [loan.application.document]
        papers += [record.document for record in customs.declarations]
        papers += [record.document for kind in LOAN_KINDS for record in loan.papers(kind)]
        subjects = named_in(papers)
        if len(subjects) > _MAX_NAMED_SUBJECTS:
            raise _too_many(len(subjects))
        return cls(
            currencies=_foreign(_amounts(loan, customs)),
            days=tuple(sorted({today, *(record.document.dated for record in customs.declarations)})),
            subjects=subjects,
            foreign=loan.tolerances.screened_foreign_lists,
            least=loan.tolerances.screening_percent,
        )

    @property
    def rates(self) -> tuple[RateRequest, ...]:
        """Quotations that the case calls for whatever SAFE has; none where they are too many for one case."""
        few = len(self.currencies) * len(self.days) <= MAX_RATE_REQUESTS
        return _rates({*self.currencies}, {*self.days}) if few else ()

    def with_fx(self, fx: FxFacts) -> Wanted:
        """With what SAFE's facts name. Raises `Refused` where it is more than one case may ask for."""
        receipts = [record.document for record in fx.receipts]
        own = _rates({*self.currencies, *_foreign(_fx_amounts(fx))}, {*self.days, *(each.dated for each in receipts)})
        return Wanted(
            tuple(sorted({*own, *self._of_receipts(fx)})),
            _screened([*self.subjects, *named_in(receipts)]),
        )

    def _of_receipts(self, fx: FxFacts) -> list[RateRequest]:
        """Of the days on which receipts came. First the currencies credited and claimed: a payer may write any, and of
        what is beyond the limit nothing is known."""
        claimed = {*self.currencies, "CNY"}
        namings = [*fx.namings, *(naming_of(record.document) for record in fx.receipts)]
        firm = claimed.union(naming.amount.currency for naming in namings)
        wanted = {each for naming in namings for each in quotations_for(naming, claimed)}
        return sorted(wanted, key=lambda each: (each[0] not in firm, *each))[:MAX_RECEIPT_RATES]


def _rates(currencies: set[str], days: set[date]) -> tuple[RateRequest, ...]:
    """Every foreign currency of the case on every day that values are compared at: exports, receipts, decision."""
    if len(currencies) * len(days) > MAX_RATE_REQUESTS:
        raise Refused(
            f"the loan is in {len(currencies)} foreign currencies on {len(days)} days: {MAX_RATE_REQUESTS} "
            "quotations are read for one loan, ask for fewer declarations or receipts in each"
        )
    return tuple((currency, day) for currency in sorted(currencies) for day in sorted(days))


def _screened(named: Sequence[Subject]) -> tuple[Subject, ...]:
    found = joined(named)
    if len(found) > MAX_SUBJECTS:
        raise _too_many(len(found))
    return found


def _too_many(subjects: int) -> Refused:
    return Refused(f"the loan names {subjects} parties, places and goods: {MAX_SUBJECTS} are screened at once")


def _foreign(amounts: Iterator[Money]) -> tuple[str, ...]:
    return tuple(sorted({money.currency for money in amounts} - {"CNY"}))


def _amounts(loan: LoanFacts, customs: CustomsFacts) -> Iterator[Money]:
    for record in customs.declarations:
        yield from declared_amounts(record.document)
    yield loan.application.document.amount
    for item in loan.application.document.declarations:
        yield item.amount
    for contract in loan.contracts:
        yield contract.document.total
        if contract.document.processing_fee is not None:
            yield contract.document.processing_fee
    for credit in loan.letters_of_credit:
        yield credit.document.amount
    if loan.application.document.frames:
        yield from _frame_amounts(loan)
    for invoice in loan.invoices:
        yield invoice.document.total
    yield from loan.other_financings
    for position in loan.positions:
        yield from position.held
    yield from customs.declared


def _frame_amounts(loan: LoanFacts) -> Iterator[Money]:
    """What a packing loan's contracts and credits are valued from."""
    for frame in loan.application.document.frames:
        yield frame.amount
    for total in loan.contract_totals:
        yield from total.amounts
    for position in loan.frame_positions:
        yield from position.held


def _fx_amounts(fx: FxFacts) -> Iterator[Money]:
    for held in (record.document for record in fx.classifications):
        yield from (money for money in (held.quota, *(each.amount for each in held.registrations)) if money is not None)
    for receipt in (record.document for record in fx.receipts):
        yield receipt.amount
        yield from (allocation.amount for allocation in receipt.allocations)
    yield from fx.received
