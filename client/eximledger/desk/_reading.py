"""Reading the three channels: a loan's case, and documents by the numbers that people know them by."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final, TypeVar

from eximledger.desk._copies import has_copies, note_copies, pull
from eximledger.desk.calling import Again, Calls, application_of, last_loan
from eximledger_chaincode.contracts.casefile.assembling import Questions
from eximledger_chaincode.contracts.casefile.facts import FxCase, LoanFacts
from eximledger_chaincode.contracts.casefile.reading import Question, of_customs, read_case
from eximledger_chaincode.contracts.casefile.wanted import NamedElsewhere
from eximledger_chaincode.contracts.papers.answers import CustomsFacts, EntryPage
from eximledger_chaincode.contracts.state.names import BANK
from eximledger_chaincode.documents import KINDS, Entry, LoanApplication, compared_number, document_type
from eximledger_chaincode.lending.roles import Person, Role
from eximledger_chaincode.lending.screening.hits import Screened
from eximledger_chaincode.lending.screening.subjects import Subject
from eximledger_chaincode.lending.time import day_in_china
from eximledger_chaincode.rules import Case
from hlf_client.errors import FabricError, InvalidDocument, NotFound, Refused

__all__ = ["ChannelAsker", "naming_nearest", "open_case", "resolve"]

_PAGE: Final = 1000
_PAGES: Final = 5
"""So many of the papers that this member sees are looked through."""

AnswerT = TypeVar("AnswerT")


class Uncopied(Exception):
    """A declaration that the loan names is not among the bank's copies: it has to be pulled, whatever else there is."""


class ChannelAsker:
    """Asks as a client does: each channel by a call of the ledger. `application` is the loan's, as it was when it was
    last seen here. With `whole`, `first_facts` raises `Uncopied` where a bank has no copy of a declaration that the
    loan names: there is no use in asking on."""

    def __init__(self, calls: Calls, loan_id: str, bank: str) -> None:
        self.whole = False
        self._calls = calls
        self._loan_id = loan_id
        self._bank = bank
        self._facts: LoanFacts | None = None
        self.application = application_of(bank or calls.ledger.msp_id, loan_id)

    async def loan_facts(self) -> LoanFacts:
        facts = await self._calls.ask(LoanFacts, BANK, "loans:facts", self._loan_id, self._bank)
        self._facts, self.application = facts, facts.application.document
        return facts

    async def first_facts(self, today: date) -> tuple[LoanFacts, CustomsFacts]:
        """The bank's first: with them comes the application, which says what to ask customs for. Where that is known,
        customs first: what it has not been pulled from yet it refuses, and the bank's would have been read in vain."""
        if (known := self.application) is not None:
            customs = await self.ask(of_customs(known, today))
            is_lacking = self.whole and not _has_declarations(customs.declarations, known)
            if is_lacking and not await _is_shown_all(self._calls):
                raise Uncopied
            facts = await self.loan_facts()
            if facts.application.document == known:
                return facts, customs
        facts = await self.loan_facts()
        return facts, await self.ask(of_customs(facts.application.document, today))

    def questions(self, today: date) -> Questions:
        """What to pull; once a channel has refused, so that the application is known."""
        if self._facts is not None:
            return Questions.of(self._facts, today)
        assert self.application is not None  # noqa: S101 - no other channel is asked before it is
        return Questions.of_application(self.application, today)

    async def fx_case(self, question: Question[FxCase], _named: NamedElsewhere) -> FxCase:
        return await self.ask(question)

    async def ask(self, question: Question[AnswerT]) -> AnswerT:
        return await self._calls.ask(question.answer, question.channel, question.function, *question.arguments)

    async def own_lists(self, subjects: Sequence[Subject], foreign: Sequence[str], least: int) -> Screened:
        return await self._calls.ask(Screened, BANK, "watch:own", list(subjects), list(foreign), least, self._bank)


async def open_case(calls: Calls, loan_id: str, bank: str, now: datetime, approving: Person | None) -> Case:
    """The loan's case at `now`, as `read_case` reads it.

    What a bank has no copy of yet is pulled, once.
    """
    desk = ChannelAsker(calls, loan_id, bank)
    pulled_for = await _pulled_ahead(calls, desk, loan_id, bank, now)
    desk.whole = pulled_for is None
    try:
        case = (await read_case(desk, now, approving)).case
    except (Refused, Uncopied) as lacking:
        if isinstance(lacking, Refused) and "pull" not in lacking.details:
            raise
    else:
        if _is_whole(case) or case.application.document == pulled_for or await _is_shown_all(calls):
            note_copies(calls, case.application.document.named("declarations"))
            return case
    desk.whole = False
    await _pull_for(calls, desk, now)

    async def once() -> Case:
        """SAFE's peer may have copied before customs' copies came to it: it is asked again."""
        try:
            return (await read_case(desk, now, approving)).case
        except Refused as refusal:
            if "pull" not in refusal.details:
                raise
            await _pull_for(calls, desk, now)
            raise Again(refusal) from refusal

    return await calls.until(once, "copies:exchange")


async def _pulled_ahead(
    calls: Calls, desk: ChannelAsker, loan_id: str, bank: str, now: datetime
) -> LoanApplication | None:
    """The application for which was pulled without asking what there is; None where that was not done, or refused: the
    channels say better why when they are asked.

    It is done for a loan of this bank that was applied for here and not checked yet, on declarations of which nothing
    was pulled here. Most times there is nothing then, and it would be asked in vain.
    """
    own = calls.ledger.msp_id
    last = last_loan(own, loan_id) if bank in {"", own} else None
    known = desk.application
    if last is None or last.step or known is None or has_copies(calls, known.named("declarations")):
        return None
    try:
        await _pull_for(calls, desk, now)
    except FabricError:
        return None
    return known


def _is_whole(case: Case) -> bool:
    """Whether every declaration and receipt that the application names is there."""
    application = case.application.document
    receipts = {compared_number(record.number) for record in case.receipts}
    return _has_declarations(case.declarations, application) and receipts.issuperset(
        map(compared_number, application.receipts)
    )


def _has_declarations(found: Sequence[Entry], application: LoanApplication) -> bool:
    return {record.id for record in found}.issuperset(application.named("declarations"))


async def _is_shown_all(calls: Calls) -> bool:
    """Whether what this member does not see is not there: only a bank sees copies."""
    own = calls.ledger.msp_id
    return any(member.msp_id == own and member.role is not Role.BANK for member in await calls.members())


async def _pull_for(calls: Calls, desk: ChannelAsker, now: datetime) -> None:
    asked = desk.questions(day_in_china(now))
    await pull(calls, asked.exporter, asked.numbers, asked.invoices, asked.receipts)


async def resolve(calls: Calls, kind: str, name: str, exporter: str, bank: str) -> Entry:
    """The entry that a ledger id or a paper's bare number means. Raises `NotFound`, and `InvalidDocument` naming the
    ids when several papers carry the number."""
    document_type(kind)
    found = await calls.ask(list[Entry], KINDS[kind].channel, "documents:find", kind, name, exporter, bank)
    if not found:
        if exporter:
            await _require_no_others(calls, kind, name, exporter, bank)
        refused = NotFound(f"there is no {kind} {name}", kind=kind, id=name)
        raise await naming_nearest(calls, refused, kind, name)
    if (exact := [entry for entry in found if entry.id == name]) or len(found) == 1:
        return (exact or found)[0]
    ids = ", ".join(entry.id for entry in found)
    raise InvalidDocument(
        f"{len(found)} documents of kind {kind} are numbered {name}: give the id of one: {ids}",
        field="id",
        reason="several documents carry this number",
    )


async def _require_no_others(calls: Calls, kind: str, name: str, exporter: str, bank: str) -> None:
    """Raises `NotFound` saying whose paper has the number, where it is another exporter's than was asked for."""
    others = await calls.ask(list[Entry], KINDS[kind].channel, "documents:find", kind, name, "", bank)
    if others:
        whose = ", ".join(sorted({entry.exporter or "nobody" for entry in others}))
        raise NotFound(
            f"there is no {kind} {name} of exporter {exporter}: one of that number is another's ({whose})",
            kind=kind,
            id=name,
        )


async def naming_nearest(calls: Calls, refused: NotFound, kind: str, number: str) -> NotFound:
    """The refusal, with the number nearest to the one that was written: one character off, of papers that this member
    sees."""
    try:
        nearest = await _nearest(calls, kind, number)
    except FabricError:  # it may not list them: what was refused is said as it is
        return refused
    if nearest is None:
        return refused
    said = f"{refused.message}; one character off is {nearest}, which is there"
    return NotFound(said, **{**refused.details, "nearest": nearest})


async def _nearest(calls: Calls, kind: str, number: str) -> str | None:
    bookmark = ""
    for _ in range(_PAGES):
        page = await calls.ask(EntryPage, KINDS[kind].channel, "documents:list", kind, "", _PAGE, bookmark, "")
        found = next((each.number for each in page.entries if _is_one_off(each.number, number)), None)
        bookmark = page.bookmark
        if found is not None or not bookmark:
            return found
    return None


def _is_one_off(one: str, other: str) -> bool:
    """One character is another, is missing or too many, or two neighbours are exchanged."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    left, right = one[start:], other[start:]
    swapped = left[1::-1] == right[:2] and len(left) > 1 and left[2:] == right[2:]
    return swapped or left[1:] == right[1:] or left[1:] == right or left == right[1:]
