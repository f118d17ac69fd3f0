"""A loan's case as it was when it was decided: papers in their versions then, the policy then, the day then.

What was read stands in the verdict: of papers the version and hash, of what channels know beside papers the hash alone.
So papers are exact or missing; a fact that has changed since is taken as it is now, and said.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final, TypeVar

from eximledger.desk import Calls, ChannelAsker
from eximledger.rulebook._collected import receipts_then
from eximledger.rulebook._limits import kept_no_more, not_answered, other_maker, other_policy
from eximledger_chaincode.contracts.casefile.facts import FxCase, LoanFacts
from eximledger_chaincode.contracts.casefile.reading import Question, of_customs, read_case, read_without_facts
from eximledger_chaincode.contracts.casefile.wanted import NamedElsewhere
from eximledger_chaincode.contracts.papers.answers import CustomsFacts, HistoryItem
from eximledger_chaincode.contracts.state.names import BANK, CUSTOMS, FX
from eximledger_chaincode.contracts.state.records import document_json, encode, record_json, record_of
from eximledger_chaincode.contracts.state.sums.months import year_until
from eximledger_chaincode.documents import (
    CASE_KINDS,
    Document,
    FxReceipt,
    Kind,
    LoanApplication,
    Record,
    TolerancePolicy,
)
from eximledger_chaincode.lending.floors import Floors, PolicyBook, policy_hash
from eximledger_chaincode.lending.loan import Loan
from eximledger_chaincode.lending.roles import Person
from eximledger_chaincode.lending.screening.hits import Screened
from eximledger_chaincode.lending.screening.subjects import Subject
from eximledger_chaincode.lending.time import day_in_china
from eximledger_chaincode.lending.verdict import Evidence, Text, Verdict
from eximledger_chaincode.rules import Case
from hlf_client.errors import FabricError, NotAuthorized, NotFound, Refused

__all__ = ["PastCase", "PastCases", "judged_at"]

_RECEIPTS: Final = 500
_NO_ANSWER: Final = (NotAuthorized, Refused, NotFound)

AnswerT = TypeVar("AnswerT")
FirstT = TypeVar("FirstT")
SecondT = TypeVar("SecondT")


@dataclass(frozen=True, slots=True)
class PastCase:
    """A case as it was, what of it could not be so, and the bank's policy now."""

    case: Case
    policy_now: TolerancePolicy
    limits: tuple[Text, ...]
    missing: tuple[Text, ...]
    """Papers without which nothing can be said."""


def judged_at(loan: Loan) -> datetime | None:
    """When the verdict that stands on the loan was given; None where it never was checked."""
    if loan.verdict is None:
        return None
    approval = loan.approval
    if approval is not None and approval.evidence_hash == loan.verdict.evidence_hash:
        return approval.at
    return loan.checked_at


class PastCases:
    """The past cases of one bank, for that bank or SAFE; reads and writes nothing, and pulls no copies."""

    def __init__(self, calls: Calls, bank: str) -> None:
        self._calls = calls
        self._bank = bank
        self._floors: Floors | None = None
        self._policies: list[TolerancePolicy] | None = None

    async def of(self, loan: Loan, verdict: Verdict, at: datetime) -> PastCase:
        """The case of a loan at the time at which it was judged."""
        asker = _Tolerant(self._calls, loan.loan_id, self._bank, day_in_china(at))
        approving = _approving(loan, at)
        present = (await read_case(asker, at, approving)).case
        limits, missing = list(asker.limits), list[Text]()
        papers: dict[str, tuple[Record[Document], ...]] = {}
        for kind in CASE_KINDS:
            read = [each for each in (*verdict.evidence, *verdict.read) if each.kind == kind.name and each.version]
            papers[kind.field] = tuple([each async for each in _versions(self, kind, read, present, missing)])
        policy, by, said = await self._policy_then(present, verdict)
        case = replace(
            present,
            **papers,  # type: ignore[arg-type]  # by the fields' names
            policy=policy,
            policy_by=by,
        )
        case = receipts_then(case, verdict, await self._filed_after(present, at))
        if _own(verdict, present.application) is None:
            missing += [kept_no_more(each) for each in verdict.evidence if each.kind == LoanApplication.KIND]
        return PastCase(case, present.tolerances, (*limits, *said), tuple(missing))

    async def _filed_after(self, present: Case, at: datetime) -> set[str]:
        """The receipts that the channel names now and that nobody had filed then, of those that this member has."""
        ids = sorted(
            {*(each.receipt_id for each in present.namings), *(each.receipt_id for each in present.unallocated)}
        )
        later: set[str] = set()
        for start in range(0, len(ids), _RECEIPTS):
            answer = list[Record[FxReceipt] | None]
            batch = ids[start : start + _RECEIPTS]
            records = await self._calls.ask(answer, FX, "documents:get_many", FxReceipt.KIND, batch)
            later |= {record.id for record in records if record is not None and record.filed_at > at}
        return later

    async def version(self, kind: Kind, item: Evidence) -> Record[Document] | None:
        """One version of a paper from its history, where this member may read it."""
        try:
            history = await self._calls.ask(
                list[HistoryItem], kind.channel, "documents:history", kind.name, item.id, self._bank
            )
        except (NotFound, NotAuthorized, Refused):
            return None
        found = next((each for each in history if _is(item, each.entry.version, each.entry.sha256)), None)
        if found is None:
            return None
        return record_of(kind.name, record_json(encode(found.entry), document_json(found.document)))

    async def floors(self) -> Floors:
        """The consortium's floors as they are now."""
        if self._floors is None:
            self._floors = await self._calls.ask(Floors, CUSTOMS, "consortium:floors")
        return self._floors

    async def _policy_then(
        self, present: Case, verdict: Verdict
    ) -> tuple[Record[TolerancePolicy] | TolerancePolicy, tuple[Person, ...], list[Text]]:
        """The policy that the verdict names by its hash, and who made it."""
        if policy_hash(present.tolerances) == verdict.policy_sha256:
            return present.policy, present.policy_by, []
        for policy in await self._known_policies(present.tolerances.bank):
            if policy_hash(policy) == verdict.policy_sha256:
                makers = await self._makers(policy)
                return policy, makers or (), [] if makers is not None else [other_maker()]
        return present.policy, present.policy_by, [other_policy()]

    async def _known_policies(self, bank: str) -> list[TolerancePolicy]:
        """Every policy that the bank ever had, as the floors bound it, the built-in one too."""
        if self._policies is None:
            floors = await self.floors()
            kind = TolerancePolicy.KIND
            try:
                history = await self._calls.ask(list[HistoryItem], BANK, "documents:history", kind, bank, self._bank)
            except NotFound:
                history = []
            filed = [each.document for each in history if isinstance(each.document, TolerancePolicy)]
            self._policies = [floors.bounded(each) for each in (*filed, TolerancePolicy(bank=bank))]
        return self._policies

    async def _makers(self, policy: TolerancePolicy) -> tuple[Person, ...] | None:
        """Who proposed and who confirmed it; nobody the built-in one; None where the book has it no more."""
        floors = await self.floors()
        if policy == floors.bounded(TolerancePolicy(bank=policy.bank)):
            return ()
        book = await self._calls.ask(PolicyBook, BANK, "policies:book", self._bank)
        made = (each for each in book.policies if floors.bounded(each.record.document) == policy)
        return next(((each.proposed_by, each.confirmed_by) for each in made), None)


async def _versions(
    past: PastCases, kind: Kind, read: Iterable[Evidence], present: Case, missing: list[Text]
) -> AsyncIterator[Record[Document]]:
    """The papers of a kind as they were read then: where the present ones are those, they; else from their history."""
    now = {record.id: record for record in present.papers(kind)}
    for item in read:
        record = now.get(item.id)
        if record is None or not _is(item, record.version, record.sha256):
            record = await past.version(kind, item)
        if record is None:
            missing.append(kept_no_more(item))
        else:
            yield record


def _is(item: Evidence, version: int, sha256: str) -> bool:
    return (item.version, item.sha256) == (version, sha256)


def _own(verdict: Verdict, application: Record[LoanApplication]) -> Evidence | None:
    """The application among what was judged, where it is that version."""
    judged = (each for each in verdict.evidence if each.kind == LoanApplication.KIND)
    return next((each for each in judged if _is(each, application.version, application.sha256)), None)


def _approving(loan: Loan, at: datetime) -> Person | None:
    """Who approved, where the verdict was given at the approval."""
    return loan.approval.by if loan.approval is not None and loan.approval.at == at else None


class _Tolerant:
    """Asks as the desk does, for the day of the decision; a channel that does not answer knows nothing, and it is
    said."""

    def __init__(self, calls: Calls, loan_id: str, bank: str, day: date) -> None:
        self._asker = ChannelAsker(calls, loan_id, bank)
        self._day = day
        self.limits: list[Text] = []

    async def loan_facts(self) -> LoanFacts:
        return await self._asker.loan_facts()

    async def first_facts(self, today: date) -> tuple[LoanFacts, CustomsFacts]:
        facts = await self.loan_facts()
        question = of_customs(facts.application.document, today)
        try:
            return facts, await self.ask(question)
        except _NO_ANSWER as refusal:
            self._tell(question.channel, refusal)
            return facts, CustomsFacts(declarations=(), declared=(), since=year_until(today), until=today)

    async def fx_case(self, question: Question[FxCase], named: NamedElsewhere) -> FxCase:
        """Without SAFE's facts where it may not tell them; its quotations and lists are for every member."""
        try:
            return await self.ask(question)
        except _NO_ANSWER as refusal:
            self._tell(question.channel, refusal)
            return await read_without_facts(self, named)

    async def ask(self, question: Question[AnswerT]) -> AnswerT:
        return await self._asker.ask(question)

    async def own_lists(self, subjects: Sequence[Subject], foreign: Sequence[str], least: int) -> Screened:
        return await self._asker.own_lists(subjects, foreign, least)

    def _tell(self, channel: str, refusal: FabricError) -> None:
        self.limits.append(not_answered(channel, refusal.message))
