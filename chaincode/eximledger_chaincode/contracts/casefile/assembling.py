"""The case file: what to ask the channels for a loan, and one case assembled from what they answered. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from eximledger_chaincode.contracts.casefile.facts import FxFacts, LoanFacts
from eximledger_chaincode.contracts.papers.answers import CustomsFacts
from eximledger_chaincode.contracts.state.sums.months import year_until
from eximledger_chaincode.documents import (
    KINDS,
    LOAN_KINDS,
    LoanApplication,
    Record,
    ReferenceRate,
    compared_number,
)
from eximledger_chaincode.lending.likeness.fingerprints import fingerprint, registered_numbers
from eximledger_chaincode.lending.register import PaperFingerprint
from eximledger_chaincode.lending.roles import Person
from eximledger_chaincode.lending.screening.hits import Screened
from eximledger_chaincode.rules.basis.case import Case, ExporterTotals

__all__ = ["Questions", "assemble", "paper_fingerprints"]


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
        numbers = [record.number for record in facts.invoices]
        return cls.of_application(facts.application.document, today, numbers)

    @classmethod
    def of_application(cls, application: LoanApplication, today: date, invoices: Sequence[str] = ()) -> Questions:
        """What is known without the bank's papers; `invoices` are numbers that these bear."""
        named = {compared_number(number) for number in (*application.named("invoices"), *invoices)}
        return cls(
            exporter=application.exporter,
            numbers=application.named("declarations"),
            receipts=application.receipts,
            since=year_until(today),
            until=today,
            invoices=tuple(sorted(named)),
        )


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
