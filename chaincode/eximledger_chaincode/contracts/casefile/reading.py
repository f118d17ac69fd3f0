"""Reading a case: the questions to the three channels, in one order, whoever asks.

The client and every endorsing peer read with this function and assemble with `assemble`, so they reach the same
verdict, byte for byte:

    1. bank     loans:facts                      -> LoanFacts
    2. customs  documents:customs_facts          -> CustomsFacts      (asked with `Questions.of`)
    3. fx       documents:fx_facts               -> FxFacts
    4. fx       documents:rates                  -> quotations        (asked with `rate_requests`)
    5. fx       watch:listed                     -> Screened          (asked with `subjects_of` and the policy)
    6. bank     watch:own                        -> Screened          (the same, where the bank has lists or clearings)

How a question reaches its channel is the asker's: the desk calls a ledger, a peer its own chaincode.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, Protocol, TypeAlias, TypeVar

from eximledger_chaincode.contracts.casefile.assembling import (
    Questions,
    assemble,
    paper_fingerprints,
    rate_requests,
    screened_subjects,
)
from eximledger_chaincode.contracts.casefile.facts import FxFacts, LoanFacts
from eximledger_chaincode.contracts.papers.answers import CustomsFacts
from eximledger_chaincode.contracts.state.names import CUSTOMS, FX
from eximledger_chaincode.documents import ExportDeclaration, Record, ReferenceRate
from eximledger_chaincode.lending.register import PaperFingerprint
from eximledger_chaincode.lending.roles import Person
from eximledger_chaincode.lending.screening.hits import Screened
from eximledger_chaincode.lending.screening.subjects import Subject
from eximledger_chaincode.lending.time import day_in_china
from eximledger_chaincode.rules.basis.case import Case

__all__ = ["Asker", "OpenedCase", "Question", "read_case", "read_left"]

AnswerT = TypeVar("AnswerT")
FirstT = TypeVar("FirstT")
SecondT = TypeVar("SecondT")

Quotations: TypeAlias = list[Record[ReferenceRate] | None]
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

    async def ask(self, question: Question[AnswerT]) -> AnswerT:
        """The answer of another channel; its error as it was there."""
        ...

    async def ask_both(self, first: Question[FirstT], second: Question[SecondT]) -> tuple[FirstT, SecondT]:
        """Both answers, neither of which the other question needs. A peer refuses two cross-channel calls at once under
        one transaction id, so it asks one after the other; a desk may ask both at the same time."""
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
    """The loan's case at `now`: the bank's facts, then customs' and SAFE's, then the quotations and lists
    that these call for.

    `approving` is who approves, None in a preview.
    """
    today = day_in_china(now)
    facts = await asker.loan_facts()
    asked = Questions.of(facts, today)
    customs, fx = await asker.ask_both(_of_customs(asked), _of_fx(asked))
    return OpenedCase(await _case(asker, facts, customs, fx, today, approving), paper_fingerprints(facts))


async def read_left(asker: Asker, now: datetime) -> Case:
    """What is left of the loan's case when the exporter's consent has ended: the bank's own papers and the copies of
    declarations that its loans hold. To be held against lists; no decision is made by it."""
    today = day_in_china(now)
    facts = await asker.loan_facts()
    asked = Questions.of(facts, today)
    kept = await asker.ask(Question(_Declarations, CUSTOMS, "documents:get_many", ("declaration", asked.numbers)))
    declarations = tuple(record for record in kept if record is not None)
    customs = CustomsFacts(declarations=declarations, declared=(), since=asked.since, until=asked.until)
    return await _case(asker, facts, customs, FxFacts(), today, None)


async def _case(
    asker: Asker, facts: LoanFacts, customs: CustomsFacts, fx: FxFacts, today: date, approving: Person | None
) -> Case:
    """With the quotations and lists that these call for."""
    requests = rate_requests(facts, customs, fx, today)
    subjects, policy = screened_subjects(facts, customs, fx), facts.tolerances
    foreign, least = policy.screened_foreign_lists, policy.screening_percent
    rates, listed = await asker.ask_both(
        Question(Quotations, FX, "documents:rates", (requests,)),
        Question(Screened, FX, "watch:listed", (subjects, foreign, least)),
    )
    own = await asker.own_lists(subjects, foreign, least) if facts.screens_itself else Screened()
    return assemble(facts, customs, fx, rates, (listed, own), today=today, approving=approving)


def _of_customs(asked: Questions) -> Question[CustomsFacts]:
    arguments = (asked.numbers, asked.exporter, asked.since, asked.until)
    return Question(CustomsFacts, CUSTOMS, "documents:customs_facts", arguments)


def _of_fx(asked: Questions) -> Question[FxFacts]:
    arguments = (asked.exporter, asked.numbers, asked.invoices, asked.receipts, asked.since, asked.until)
    return Question(FxFacts, FX, "documents:fx_facts", arguments)
