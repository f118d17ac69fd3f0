"""Reading a case: the questions to the three channels, in one order, whoever asks.

The client and every endorsing peer read with this function and assemble with `assemble`, so they reach the same
verdict, byte for byte:

    1. bank     loans:facts                -> LoanFacts        (a peer asks customs first, for the declarations' seals)
    2. customs  documents:customs_facts    -> CustomsFacts     (asked with `of_customs`)
    3. fx       documents:fx_case          -> FxCase           (asked with `Questions.of` and `NamedElsewhere.of`)
    4. bank     watch:own                  -> Screened         (where the bank has lists or clearings of its own)

How a question reaches its channel is the asker's: the desk calls a ledger, a peer its own chaincode.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, Protocol, TypeAlias, TypeVar

from eximledger_chaincode.contracts.casefile.assembling import Questions, assemble, paper_fingerprints
from eximledger_chaincode.contracts.casefile.facts import FxCase, FxFacts, LoanFacts
from eximledger_chaincode.contracts.casefile.wanted import NamedElsewhere
from eximledger_chaincode.contracts.papers.answers import CustomsFacts
from eximledger_chaincode.contracts.state.names import CUSTOMS, FX
from eximledger_chaincode.contracts.state.sums.months import year_until
from eximledger_chaincode.documents import ExportDeclaration, LoanApplication, Record, ReferenceRate
from eximledger_chaincode.lending.register import PaperFingerprint
from eximledger_chaincode.lending.roles import Person
from eximledger_chaincode.lending.screening.hits import Screened
from eximledger_chaincode.lending.screening.subjects import Subject
from eximledger_chaincode.lending.time import day_in_china
from eximledger_chaincode.rules.basis.case import Case

__all__ = ["Asker", "OpenedCase", "Question", "of_customs", "read_case", "read_left", "read_without_facts"]

AnswerT = TypeVar("AnswerT")

_Quotations: TypeAlias = list[Record[ReferenceRate] | None]
_Declarations: TypeAlias = list[Record[ExportDeclaration] | None]


@dataclass(frozen=True, slots=True)
class Question(Generic[AnswerT]):
    """A query on a channel, and the type of its answer."""

    answer: type[AnswerT]
    channel: str
    function: str
    arguments: tuple[object, ...]


class Asker(Protocol):
    """Who reads the case of one loan: the desk, or a peer inside a transaction on the bank channel."""

    async def loan_facts(self) -> LoanFacts:
        """What the bank channel knows of the loan."""
        ...

    async def first_facts(self, today: date) -> tuple[LoanFacts, CustomsFacts]:
        """What the bank channel and customs know of it."""
        ...

    async def fx_case(self, question: Question[FxCase], named: NamedElsewhere) -> FxCase:
        """SAFE's part. `named` is what the question says of other papers."""
        ...

    async def ask(self, question: Question[AnswerT]) -> AnswerT:
        """The answer of another channel; its error as it was there."""
        ...

    async def own_lists(self, subjects: Sequence[Subject], foreign: Sequence[str], least: int) -> Screened:
        """What the bank's own lists and clearings say of subjects."""
        ...


@dataclass(frozen=True, slots=True)
class OpenedCase:
    """A case, and the present fingerprints of its loan's papers."""

    case: Case
    papers: tuple[PaperFingerprint, ...]


async def read_case(asker: Asker, now: datetime, approving: Person | None) -> OpenedCase:
    """The loan's case at `now`: the bank's facts and customs', then SAFE's with the quotations and lists that all of
    these call for.

    `approving` is who approves, None in a preview.
    """
    today = day_in_china(now)
    facts, customs = await asker.first_facts(today)
    named = NamedElsewhere.of(facts, customs, today)
    fx = await asker.fx_case(_of_fx(Questions.of(facts, today), named, customs), named)
    own = Screened()
    if facts.screens_itself:
        own = await asker.own_lists(named.with_fx(fx.facts).subjects, named.foreign, named.least)
    case = assemble(facts, customs, fx.facts, fx.rates, (fx.listed, own), today=today, approving=approving)
    return OpenedCase(case, paper_fingerprints(facts))


async def read_left(asker: Asker, now: datetime) -> Case:
    """What is left of the loan's case when the exporter's consent has ended: the bank's own papers and the copies of
    declarations that its loans hold. To be held against lists; no decision is made by it."""
    today = day_in_china(now)
    facts = await asker.loan_facts()
    asked = Questions.of(facts, today)
    kept = await asker.ask(Question(_Declarations, CUSTOMS, "documents:get_many", ("declaration", asked.numbers)))
    declarations = tuple(record for record in kept if record is not None)
    customs = CustomsFacts(declarations=declarations, declared=(), since=asked.since, until=asked.until)
    named = NamedElsewhere.of(facts, customs, today)
    fx = await read_without_facts(asker, named)
    own = Screened()
    if facts.screens_itself:
        own = await asker.own_lists(named.with_fx(fx.facts).subjects, named.foreign, named.least)
    return assemble(facts, customs, fx.facts, fx.rates, (fx.listed, own), today=today)


async def read_without_facts(asker: Asker, named: NamedElsewhere) -> FxCase:
    """SAFE's part of a case of an exporter of which it may tell this member nothing: quotations and lists."""
    wanted = named.with_fx(FxFacts())
    rates = await asker.ask(Question(_Quotations, FX, "documents:rates", (wanted.rates,)))
    listed = await asker.ask(Question(Screened, FX, "watch:listed", (wanted.subjects, named.foreign, named.least)))
    return FxCase(facts=FxFacts(), rates=tuple(rates), listed=listed)


def of_customs(application: LoanApplication, today: date) -> Question[CustomsFacts]:
    """What to ask customs: needs nothing but the application."""
    arguments = (application.named("declarations"), application.exporter, year_until(today), today)
    return Question(CustomsFacts, CUSTOMS, "documents:customs_facts", arguments)


def _of_fx(asked: Questions, named: NamedElsewhere, customs: CustomsFacts) -> Question[FxCase]:
    period = (asked.since, asked.until)
    arguments = (asked.exporter, asked.numbers, asked.invoices, asked.receipts, *period, named, customs.allowed)
    return Question(FxCase, FX, "documents:fx_case", arguments)
