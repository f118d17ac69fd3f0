"""The case file: what to ask the channels for a loan, and one case assembled from what they answered. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

from eximledger_chaincode.contracts.casefile.facts import FxFacts, LoanFacts
from eximledger_chaincode.contracts.papers.answers import CustomsFacts
from eximledger_chaincode.contracts.state.months import year_until
from eximledger_chaincode.documents import (
    KINDS,
    LOAN_KINDS,
    MAX_NAMED,
    Document,
    Money,
    Record,
    ReferenceRate,
    compared_number,
)
from eximledger_chaincode.lending.likeness.fingerprints import fingerprint, registered_numbers
from eximledger_chaincode.lending.register import PaperFingerprint
from eximledger_chaincode.lending.roles import Person
from eximledger_chaincode.lending.screening.hits import Screened
from eximledger_chaincode.lending.screening.subjects import MAX_SUBJECTS, Subject, subjects_of
from eximledger_chaincode.lending.valuation import declared_amounts
from eximledger_chaincode.rules.basis.case import Case, ExporterTotals
from hlf_chaincode.errors import Refused

__all__ = [
    "MAX_CURRENCIES",
    "MAX_RATE_REQUESTS",
    "Questions",
    "RateRequest",
    "assemble",
    "paper_fingerprints",
    "rate_requests",
    "screened_subjects",
]

MAX_CURRENCIES: Final = 3
"""Foreign currencies in which a case can be on every day that it can be about; on fewer days it can be in
more, as long as the quotations are no more in all."""

MAX_RATE_REQUESTS: Final = MAX_CURRENCIES * (1 + 2 * MAX_NAMED)
"""Quotations that one case asks for at most: of the day of the decision, of each declaration and of each receipt."""

RateRequest: TypeAlias = tuple[str, date]
"""A foreign currency and the day for which its quotation is wanted."""


@dataclass(frozen=True, slots=True)
class Questions:
    """What to ask customs and fx for a loan. The period is the twelve whole months that end with that of the decision.
    Invoices are asked for by their numbers in the compared form."""

    exporter: str
    numbers: tuple[str, ...]
    receipts: tuple[str, ...]
    since: date
    until: date
    invoices: tuple[str, ...]

    @classmethod
    def of(cls, facts: LoanFacts, today: date) -> Questions:
        application = facts.application.document
        return cls(
            exporter=application.exporter,
            numbers=application.named("declarations"),
            receipts=application.receipts,
            since=year_until(today),
            until=today,
            invoices=_invoice_numbers(facts),
        )


def _invoice_numbers(facts: LoanFacts) -> tuple[str, ...]:
    numbers = [*facts.application.document.named("invoices"), *(record.number for record in facts.invoices)]
    return tuple(sorted({compared_number(number) for number in numbers}))


def paper_fingerprints(facts: LoanFacts) -> tuple[PaperFingerprint, ...]:
    """The fingerprints of the loan's papers that the register is to know, sorted by kind and id."""
    named = registered_numbers(facts.application.document, facts.tolerances)
    frames = {(kind, compared_number(number)) for kind in named if KINDS[kind].frame for number in named[kind]}
    found = [
        PaperFingerprint(kind=record.kind, id=record.id, fingerprint=fingerprint(record.document))
        for kind in LOAN_KINDS
        if kind.name in named
        for record in facts.papers(kind)
        if not kind.frame or (record.kind, compared_number(record.number)) in frames
    ]
    return tuple(sorted(found, key=lambda paper: (paper.kind, paper.id)))


def screened_subjects(loan: LoanFacts, customs: CustomsFacts, fx: FxFacts) -> tuple[Subject, ...]:
    """All that the case's papers name. Raises `Refused` where it is more than one call takes."""
    papers: list[Document] = [loan.application.document]
    papers += [record.document for record in customs.declarations]
    papers += [record.document for record in fx.receipts]
    papers += [record.document for kind in LOAN_KINDS for record in loan.papers(kind)]
    found = subjects_of(papers)
    if len(found) > MAX_SUBJECTS:
        raise Refused(
            f"loan {loan.loan_id} names {len(found)} parties, places and goods: {MAX_SUBJECTS} are screened at once",
            loan_id=loan.loan_id,
        )
    return found


def rate_requests(loan: LoanFacts, customs: CustomsFacts, fx: FxFacts, today: date) -> list[RateRequest]:
    """Every foreign currency of the case on every day that values are compared at: exports, receipts, decision.

    Raises `Refused` where they are more than `documents:rates` reads in one call.
    """
    currencies = {money.currency for money in _amounts(loan, customs, fx)} - {"CNY"}
    days = {today}
    days |= {record.document.dated for record in customs.declarations}
    days |= {record.document.dated for record in fx.receipts}
    if len(currencies) * len(days) > MAX_RATE_REQUESTS:
        raise Refused(
            f"loan {loan.loan_id} is in {len(currencies)} foreign currencies on {len(days)} days: {MAX_RATE_REQUESTS} "
            "quotations are read for one loan, ask for fewer declarations or receipts in each",
            loan_id=loan.loan_id,
        )
    return [(currency, day) for currency in sorted(currencies) for day in sorted(days)]


def _amounts(loan: LoanFacts, customs: CustomsFacts, fx: FxFacts) -> Iterator[Money]:
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
    for held in (record.document for record in fx.classifications):
        yield from (money for money in (held.quota, *(each.amount for each in held.registrations)) if money is not None)
    for receipt in fx.receipts:
        yield receipt.document.amount
        yield from (allocation.amount for allocation in receipt.document.allocations)
    yield from loan.other_financings
    for position in loan.positions:
        yield from position.held
    for naming in fx.namings:
        yield naming.amount
        yield from (paper.amount for paper in (*naming.declarations, *naming.invoices) if paper.amount is not None)
    yield from customs.declared
    yield from fx.received


def _frame_amounts(loan: LoanFacts) -> Iterator[Money]:
    """What a packing loan's contracts and credits are valued from."""
    for frame in loan.application.document.frames:
        yield frame.amount
    for total in loan.contract_totals:
        yield from total.amounts
    for position in loan.frame_positions:
        yield from position.held


def assemble(
    loan: LoanFacts,
    customs: CustomsFacts,
    fx: FxFacts,
    rates: Sequence[Record[ReferenceRate] | None],
    screened: Sequence[Screened] = (),
    *,
    today: date,
    approving: Person | None = None,
) -> Case:
    """The case, as the rules read it. `approving` is who approves, None in a preview."""
    return Case(
        application=loan.application,
        policy=loan.policy,
        today=today,
        declarations=customs.declarations,
        price_bands=customs.price_bands,
        receipts=fx.receipts,
        classifications=fx.classifications,
        total_differences=fx.total_differences,
        earlier_declarations=customs.earlier,
        rates=_distinct(rates),
        positions=loan.positions,
        frame_positions=loan.frame_positions,
        namings=fx.namings,
        unallocated=fx.unallocated,
        matches=loan.matches,
        unmatched=loan.unmatched,
        contract_totals=loan.contract_totals,
        other_financings=loan.other_financings,
        exporter_totals=ExporterTotals(
            since=customs.since,
            until=customs.until,
            declared=customs.declared,
            exported=customs.exported,
            received=fx.received,
        ),
        roles=dict(sorted(loan.roles.items())),
        applicants=loan.applicants,
        policy_before=loan.policy_sha256,
        policy_by=loan.policy_by,
        approving=approving,
        applied_at=loan.applied_at,
        watch_lists=tuple(record for each in screened for record in each.lists),
        own_watch_lists=tuple(record for each in screened for record in each.own_lists),
        hits=tuple(hit for each in screened for hit in each.hits),
        omitted_hits=sum(each.omitted for each in screened),
        clearings=tuple(clearing for each in screened for clearing in each.clearings),
        **{kind.field: loan.papers(kind) for kind in LOAN_KINDS},  # type: ignore[arg-type]  # by the fields' names
    )


def _distinct(rates: Iterable[Record[ReferenceRate] | None]) -> tuple[Record[ReferenceRate], ...]:
    """Each quotation once, sorted by id: several days may share the last quotation before them."""
    found = {record.id: record for record in rates if record is not None}
    return tuple(found[id_] for id_ in sorted(found))
