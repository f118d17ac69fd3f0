"""What the bank channel knows of a loan, and the loan's case as a peer reads it from there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeVar

from eximledger_chaincode.contracts.casefile.facts import LoanFacts
from eximledger_chaincode.contracts.casefile.reading import OpenedCase, Question, read_case
from eximledger_chaincode.contracts.papers.reading import read_named
from eximledger_chaincode.contracts.state.crosschannel import ask
from eximledger_chaincode.contracts.state.indexes import summed, total_of
from eximledger_chaincode.contracts.state.keys import CONTRACT_INVOICE, document_key, hashed_contract, invoice_total_key
from eximledger_chaincode.contracts.state.names import collection_of
from eximledger_chaincode.contracts.state.records import decode, encode, entry_of, object_json, record_list
from eximledger_chaincode.documents import LOAN_KINDS, LoanApplication, TolerancePolicy
from eximledger_chaincode.lending.loan import Loan
from eximledger_chaincode.rules.basis.case import ContractTotal
from hlf_chaincode.canonical import canonical_json, plain_json
from hlf_chaincode.contract import Context
from hlf_chaincode.stub import split_composite_key

__all__ = ["loan_facts_json", "open_case", "read_loan_facts"]

AnswerT = TypeVar("AnswerT")
FirstT = TypeVar("FirstT")
SecondT = TypeVar("SecondT")

_OF_LOAN: Final = {"loan_id", "bank", "version", "applied_at", "applied_by"}


async def loan_facts_json(context: Context, loan: Loan) -> bytes:
    """`LoanFacts` as canonical JSON: the papers as they stand in the bank's collection, the bank's policy, and what
    was ever invoiced under its contracts."""
    application: LoanApplication = loan.application.document
    exporter, bank = application.exporter, loan.bank
    stored = await context.stub.get_state(document_key("policy", bank))
    named = {kind.name: application.named(kind.field) for kind in LOAN_KINDS}
    papers = await read_named(context, named, exporter, bank)
    totals = await _contract_totals(context, bank, [entry_of(record).id for record in papers["contract"]])
    own = loan.model_dump(mode="json", include=_OF_LOAN)
    parts: dict[str, bytes | None] = {
        "application": encode(loan.application),
        "policy": stored or encode(TolerancePolicy(bank=bank)),
        "contract_totals": canonical_json(totals),
    }
    parts |= {kind.field: record_list(papers[kind.name]) for kind in LOAN_KINDS}
    return object_json(parts | {name: plain_json(value) for name, value in own.items()})


async def read_loan_facts(context: Context, loan: Loan) -> LoanFacts:
    """The same as a value, for a contract that goes on with it."""
    return decode(LoanFacts, await loan_facts_json(context, loan))


async def _contract_totals(context: Context, bank: str, contract_ids: Sequence[str]) -> list[ContractTotal]:
    """All invoices ever filed under each contract.

    Which they are stands in the open under the contract's hash, what they amount to in the bank's collection: on Fabric
    a transaction that writes may range over public keys, but not over private ones. The amounts are read together.
    """
    invoices = {each: await _invoices_under(context, bank, each) for each in contract_ids}
    keys = list(dict.fromkeys(invoice_total_key(invoice) for found in invoices.values() for invoice in found))
    totals = dict(zip(keys, await context.stub.get_private_data_many(collection_of(bank), keys), strict=True))
    return [
        ContractTotal(
            contract_id=each,
            invoices=len(found),
            amounts=summed(
                total_of(total).amount for invoice in found if (total := totals[invoice_total_key(invoice)]) is not None
            ),
        )
        for each, found in invoices.items()
    ]


async def _invoices_under(context: Context, bank: str, contract_id: str) -> list[str]:
    rows = context.stub.get_state_by_partial_composite_key(CONTRACT_INVOICE, (bank, hashed_contract(contract_id)))
    return [split_composite_key(row.key)[1][2] async for row in rows]


class _Peer:
    """Asks as a peer does inside a transaction: the bank's facts from its own state, the other channels by its own
    chaincode there, strictly one after the other."""

    def __init__(self, context: Context, loan: Loan) -> None:
        self._context = context
        self._loan = loan

    async def loan_facts(self) -> LoanFacts:
        return await read_loan_facts(self._context, self._loan)

    async def ask(self, question: Question[AnswerT]) -> AnswerT:
        return await ask(self._context, question.answer, question.channel, question.function, *question.arguments)

    async def ask_both(self, first: Question[FirstT], second: Question[SecondT]) -> tuple[FirstT, SecondT]:
        return await self.ask(first), await self.ask(second)


async def open_case(context: Context, loan: Loan, approving: str | None) -> OpenedCase:
    """The loan's case by this peer's own reading of the three channels, at the transaction's time."""
    return await read_case(_Peer(context, loan), context.timestamp, approving)
