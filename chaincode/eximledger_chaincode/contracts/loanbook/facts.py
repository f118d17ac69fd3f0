"""What the bank channel knows of a loan, and the loan's case as a peer reads it from there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar

from eximledger_chaincode.contracts.casefile.assembling import paper_fingerprints
from eximledger_chaincode.contracts.casefile.facts import FxCase, LoanFacts
from eximledger_chaincode.contracts.casefile.reading import Question, of_customs, read_case, read_left
from eximledger_chaincode.contracts.casefile.wanted import NamedElsewhere
from eximledger_chaincode.contracts.loanbook.book import OpenedLoan
from eximledger_chaincode.contracts.papers.answers import CustomsFacts
from eximledger_chaincode.contracts.papers.policy import bounded_policy, policy_book_of
from eximledger_chaincode.contracts.papers.reading import named_id, named_keys, read_named
from eximledger_chaincode.contracts.register.financings import financings_of
from eximledger_chaincode.contracts.register.frames import read_frame_positions
from eximledger_chaincode.contracts.register.holding import holding_of
from eximledger_chaincode.contracts.register.matching import Lookup, open_tokens, read_matches, rows_of
from eximledger_chaincode.contracts.register.positions import (
    Seals,
    position_keys,
    read_positions,
    read_seals,
    seals_by_number,
)
from eximledger_chaincode.contracts.state.calendar import read_matching_generation
from eximledger_chaincode.contracts.state.crosschannel import ask
from eximledger_chaincode.contracts.state.indexes import summed
from eximledger_chaincode.contracts.state.keys import (
    BUSINESS_DAY_KEY,
    POLICY_BOOK_KEY,
    WATCH_LISTS_KEY,
    contract_invoices_parts_key,
    financings_key,
    holding_key,
)
from eximledger_chaincode.contracts.state.records import (
    decode_once,
    encode,
    object_json,
    record_list,
    record_of,
)
from eximledger_chaincode.contracts.state.sums.amounts import items_in
from eximledger_chaincode.contracts.state.sums.parts import read_parts
from eximledger_chaincode.contracts.state.vault import KeyReader
from eximledger_chaincode.contracts.watchlists.own import has_own, screen_own
from eximledger_chaincode.documents import LOAN_KINDS, LetterOfCredit, LoanApplication, Money, SalesContract, Value
from eximledger_chaincode.documents.parts.index import credit_account
from eximledger_chaincode.lending.loan import Loan
from eximledger_chaincode.lending.packing.frames import paper_of
from eximledger_chaincode.lending.register import PaperFingerprint
from eximledger_chaincode.lending.roles import Person
from eximledger_chaincode.lending.screening.hits import Screened
from eximledger_chaincode.lending.screening.subjects import Subject
from eximledger_chaincode.lending.time import day_in_china
from eximledger_chaincode.lending.verdict import DocumentName
from eximledger_chaincode.rules.basis.case import Case, ContractTotal
from hlf_chaincode.canonical import canonical_json, plain_json
from hlf_chaincode.contract import Context

__all__ = ["PeerCase", "loan_facts_json", "open_case", "open_left", "open_to_screen"]

AnswerT = TypeVar("AnswerT")

_OF_LOAN: Final = {"loan_id", "bank", "version", "applied_at", "applied_by", "applicants", "policy_sha256"}


async def loan_facts_json(context: Context, opened: OpenedLoan) -> bytes:
    """`LoanFacts` as canonical JSON: the papers as they stand in the bank's collection, the policy that holds, what was
    ever invoiced under the loan's contracts and credits, and what the register knows."""
    own = await _read_own(context, opened, _read_with_papers(opened.loan))
    numbers = [item.declaration_number for item in opened.loan.items]
    seals = await read_seals(context, numbers)
    found = await _beside(context, opened, own.facts(), seals)
    papers = {kind.field: record_list(own.papers[kind.name]) for kind in LOAN_KINDS}
    register = {name: canonical_json(value) for name, value in found.items()}
    return object_json({**own.parts, **papers, **register})


async def _read_loan_facts(context: Context, opened: OpenedLoan, seals: Seals) -> LoanFacts:
    """The same as a value, for a contract that goes on with it."""
    facts = (await _read_own(context, opened, _read_with_papers(opened.loan))).facts()
    return facts.model_copy(update=await _beside(context, opened, facts, seals))


def _read_with_papers(loan: Loan) -> list[str]:
    """Keys of the bank's vault that `_beside` reads, as far as the application names them."""
    application = loan.application.document
    accounts = [named_id(application.exporter, number) for number in application.named("contracts")]
    opened = [named_id(application.exporter, number) for number in application.named("letters_of_credit")]
    keys = [contract_invoices_parts_key(each) for each in (*accounts, *map(credit_account, opened))]
    return keys if loan.approval is None else [*keys, holding_key(loan.loan_id)]


async def _beside(context: Context, opened: OpenedLoan, facts: LoanFacts, seals: Seals) -> dict[str, tuple[Value, ...]]:
    """What stands beside the loan and its papers, by the facts' fields: all invoices under its contracts, and what the
    register knows."""
    loan, papers = opened.loan, paper_fingerprints(facts)
    totals = await _contract_totals(opened.vault, facts)
    shared, tokens = await open_tokens(context, loan.bank, loan.loan_id)
    numbers = [item.declaration_number for item in loan.items]
    await context.stub.get_states([BUSINESS_DAY_KEY, *position_keys(numbers, seals), *rows_of(papers, tokens)])
    lookup = Lookup(tokens, await read_matching_generation(context), shared)
    holding = await holding_of(opened.vault, loan)
    called = {(each.kind, each.id): each.number for kind in LOAN_KINDS for each in facts.papers(kind)}
    return {
        "contract_totals": totals,
        "positions": await read_positions(context, loan, seals),
        "frame_positions": await read_frame_positions(opened.vault, loan.loan_id, _frames(facts)),
        "matches": await read_matches(context, loan, papers, lookup, holding),
        "unmatched": tuple(
            DocumentName(kind=paper.kind, number=called[paper.kind, paper.id]) for paper in lookup.missing(papers)
        ),
    }


def _frames(facts: LoanFacts) -> list[SalesContract | LetterOfCredit]:
    """The contracts and credits that a packing loan is on, of those that are filed."""
    contracts = [record.document for record in facts.contracts]
    opened = [record.document for record in facts.letters_of_credit]
    found = (paper_of(item, contracts, opened) for item in facts.application.document.frames)
    return [paper for paper in found if paper is not None]


@dataclass(frozen=True, slots=True)
class _Own:
    """What the bank has itself, as canonical JSON: the fields of its facts without papers, and its papers by kind."""

    parts: Mapping[str, bytes | None]
    papers: Mapping[str, Sequence[bytes]]

    def facts(self) -> LoanFacts:
        """All but what stands beside it."""
        papers = {
            kind.field: tuple(record_of(kind.name, each) for each in self.papers[kind.name]) for kind in LOAN_KINDS
        }
        return decode_once(LoanFacts, object_json(self.parts)).model_copy(update=papers)


async def _read_own(context: Context, opened: OpenedLoan, beside: Sequence[str] = ()) -> _Own:
    """The keys `beside` are read with it."""
    loan, consortium = opened.loan, opened.consortium
    application: LoanApplication = loan.application.document
    exporter, bank = application.exporter, loan.bank
    keys = [POLICY_BOOK_KEY, WATCH_LISTS_KEY, financings_key(exporter)]
    named = {kind.name: application.named(kind.field) for kind in LOAN_KINDS}
    made, listed, financed, *_ = await opened.vault.get_many([*keys, *named_keys(named, exporter), *beside])
    book = policy_book_of(made, bank)
    policy, applied = bounded_policy(book, day_in_china(context.timestamp), consortium.floors)
    papers = await read_named(opened.vault, named, exporter)
    own = loan.model_dump(mode="json", include=_OF_LOAN)
    parts: dict[str, bytes | None] = {
        "application": encode(loan.application),
        "policy": encode(policy),
        "policy_by": canonical_json(() if applied is None else (applied.proposed_by, applied.confirmed_by)),
        "other_financings": canonical_json(financings_of(financed).of_others(loan.loan_id)),
        "roles": canonical_json(consortium.roles),
        "screens_itself": canonical_json(has_own(listed)),
    }
    return _Own(parts | {name: plain_json(value) for name, value in own.items()}, papers)


async def _contract_totals(vault: KeyReader, facts: LoanFacts) -> tuple[ContractTotal, ...]:
    """All invoices ever filed under each contract or credit: so many keys for each, read singly."""
    accounts = [record.id for record in facts.contracts]
    accounts += [credit_account(record.id) for record in facts.letters_of_credit]
    told = {each: contract_invoices_parts_key(each) for each in accounts}
    stored = await read_parts(vault, told.values())
    invoiced = {
        each: [amount for part in stored[key] for amount in items_in(Money, part)] for each, key in told.items()
    }
    return tuple(
        ContractTotal(contract_id=each, invoices=len(amounts), amounts=summed(amounts))
        for each, amounts in invoiced.items()
    )


class _Peer:
    """Asks as a peer does inside a transaction: the bank's facts from its own state, the other channels by its own
    chaincode there, strictly one after the other: a peer refuses two cross-channel calls at once under one transaction
    id."""

    def __init__(self, context: Context, opened: OpenedLoan) -> None:
        self._context = context
        self._opened = opened
        self.seals: Seals = {}
        """Of the loan's declarations, as customs told them."""

    async def loan_facts(self) -> LoanFacts:
        """With what is held, so far as the seals are known."""
        return await _read_loan_facts(self._context, self._opened, self.seals)

    async def first_facts(self, today: date) -> tuple[LoanFacts, CustomsFacts]:
        """Customs' first: with them come the seals under which the bank channel has what is held."""
        application = self._opened.loan.application.document
        customs = await self.ask(of_customs(application, today))
        self.seals = seals_by_number(application.named("declarations"), customs.seals)
        return await self.loan_facts(), customs

    async def fx_case(self, question: Question[FxCase], _named: NamedElsewhere) -> FxCase:
        return await self.ask(question)

    async def ask(self, question: Question[AnswerT]) -> AnswerT:
        return await ask(self._context, question.answer, question.channel, question.function, *question.arguments)

    async def own_lists(self, subjects: Sequence[Subject], foreign: Sequence[str], least: int) -> Screened:
        today = day_in_china(self._context.timestamp)
        return await screen_own(self._opened.vault, today, subjects, foreign, least)


class _Screening(_Peer):
    """Asks for a case that is held against lists alone: not what stands beside the loan and its papers."""

    async def loan_facts(self) -> LoanFacts:
        return (await _read_own(self._context, self._opened)).facts()


@dataclass(frozen=True, slots=True)
class PeerCase:
    """A case as this peer read it, the present fingerprints of its loan's papers, and its declarations' seals."""

    case: Case
    papers: tuple[PaperFingerprint, ...]
    seals: Seals


async def open_case(context: Context, opened: OpenedLoan, approving: Person | None = None) -> PeerCase:
    """The loan's case by this peer's own reading of the three channels, at the transaction's time."""
    peer = _Peer(context, opened)
    found = await read_case(peer, context.timestamp, approving)
    return PeerCase(found.case, found.papers, peer.seals)


async def open_to_screen(context: Context, opened: OpenedLoan) -> Case:
    """The loan's case as far as it is held against lists: who and what its papers name, and what the lists say of
    them. Nothing is decided by it."""
    return (await read_case(_Screening(context, opened), context.timestamp, None)).case


async def open_left(context: Context, opened: OpenedLoan) -> Case:
    """What of the loan's case this peer can still read when the exporter's consent has ended."""
    peer = _Peer(context, opened)
    peer.seals = await read_seals(context, [item.declaration_number for item in opened.loan.items])
    return await read_left(peer, context.timestamp)
