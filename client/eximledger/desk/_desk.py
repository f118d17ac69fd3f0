"""LoanDesk: what a bank's officer does, as a Python object over any Ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from typing import Final

from eximledger.desk import _recovery, _saga
from eximledger.desk._calls import Calls, Interceptor, no_interceptor
from eximledger.desk._filing import Filed, file_documents
from eximledger.desk._reading import held_by, open_case, resolve
from eximledger.desk._recovery import Resumption
from eximledger.desk._retry import Retry
from eximledger_chaincode.contracts.papers.answers import EntryPage, HistoryItem
from eximledger_chaincode.contracts.state.members import Member
from eximledger_chaincode.contracts.state.names import BANK, FX
from eximledger_chaincode.contracts.state.records import record_of
from eximledger_chaincode.documents import KINDS, Document, Entry, LoanApplication, Record, document_type
from eximledger_chaincode.lending.claim import Balance
from eximledger_chaincode.lending.loan import Loan, LoanHistoryItem, LoanPage
from eximledger_chaincode.lending.register import Reservation
from eximledger_chaincode.rules import Case, Verdict, reconcile, rule_set_id
from hlf_chaincode.canonical import canonical_json
from hlf_client import Clock, Ledger
from hlf_client.errors import Conflict

__all__ = ["LoanDesk"]

_READINGS: Final = 3
"""How often a check is repeated when papers were filed between the client's reading and the peers'."""


class LoanDesk:
    """Files papers, opens cases, decides, pays, and finishes what a crash left half done.

    One desk acts with one ledger connection, so in the name of one officer, and by its clock unless told another; it
    holds no state of its own. All methods may run concurrently on the connection's event loop. Cancelling one leaves a
    loan between two steps at worst: `resume` (or the same call again) finishes it.

    Errors are those of `hlf_client.errors`: what the contract said, `Conflict` when the ledger moved on meanwhile,
    `LedgerUnavailable` when it could not be reached within `retry`.
    """

    def __init__(
        self,
        ledger: Ledger,
        *,
        retry: Retry | None = None,
        clock: Clock | None = None,
        interceptor: Interceptor = no_interceptor,
    ) -> None:
        self.ledger = ledger
        self._clock = clock or ledger.clock
        self._calls = Calls(ledger, retry or Retry(), interceptor)

    # -- papers ----------------------------------------------------------------------------------------------------

    async def file(self, documents: Document | Iterable[Document]) -> list[Filed]:
        """File documents, each kind on its channel; in the order given. The same content again changes nothing.

        Raises `NotAuthorized` before anything is filed when this member may not write one of the kinds.
        """
        given = [documents] if isinstance(documents, Document) else list(documents)
        return await file_documents(self._calls, given)

    async def document(self, kind: str, name: str, *, exporter: str = "", bank: str = "") -> Record[Document]:
        """The latest version of a document by its ledger id or, where unique, the paper's bare number."""
        entry = await resolve(self._calls, kind, name, exporter, bank)
        channel = KINDS[kind].channel
        answer = await self._calls.ask_bytes(channel, "documents:get", kind, entry.id, _holder(entry))
        return record_of(kind, answer)

    async def documents(self, kind: str, *, exporter: str = "", page_size: int = 100, bookmark: str = "") -> EntryPage:
        """A page of entries of a kind; with an exporter's USCC only its own, by date."""
        document_type(kind)
        channel = KINDS[kind].channel
        return await self._calls.ask(EntryPage, channel, "documents:list", kind, exporter, page_size, bookmark)

    async def history(self, kind: str, name: str, *, exporter: str = "", bank: str = "") -> list[HistoryItem]:
        """Every version of a document, newest first."""
        entry = await resolve(self._calls, kind, name, exporter, bank)
        channel = KINDS[kind].channel
        return await self._calls.ask(list[HistoryItem], channel, "documents:history", kind, entry.id, _holder(entry))

    # -- a loan ----------------------------------------------------------------------------------------------------

    async def apply(self, application: LoanApplication) -> Loan:
        """Apply for a loan, or again with an amended application while it is undecided or expired."""
        return await self._calls.take(Loan, BANK, "loans:apply", application)

    async def open_case(self, loan_id: str, *, approving: str | None = None) -> Case:
        """The loan's case as the channels have it now: the bank's papers, then customs and SAFE at the same time.

        `approving` is the certificate hash of the officer who approves, None for a preview.
        """
        return await open_case(self._calls, loan_id, self._clock(), approving)

    async def reconcile(self, loan_id: str) -> Verdict:
        """The verdict as the peers would give it now, computed here with the same rules; recorded nowhere."""
        return reconcile(await self.open_case(loan_id))

    async def check(self, loan_id: str) -> Verdict:
        """Have the peers reconcile the case and record the verdict, and compare it with this client's own.

        Raises `Refused` when they go by another rule set than this client, `Conflict` when they differ over the same
        evidence: one of the two then does not run the rules it claims.
        """
        for reading in count(1):
            own = await self.reconcile(loan_id)
            recorded = await self._calls.take(Verdict, BANK, "loans:check", loan_id, rule_set_id())
            if canonical_json(recorded) == canonical_json(own):
                return recorded
            if reading == _READINGS:
                raise Conflict(
                    f"the peers' verdict on loan {loan_id} is not the one that this client computes by the same rule "
                    f"set {own.rule_set}: one of the two does not run the rules it claims",
                    loan_id=loan_id,
                    evidence_hash=recorded.evidence_hash,
                    own_evidence_hash=own.evidence_hash,
                )
        raise AssertionError("unreachable")

    async def approve(self, loan_id: str, evidence_hash: str, overrides: Mapping[str, str] | None = None) -> Loan:
        """Hold the balance and approve what was checked, by another officer than the one who applied.

        `evidence_hash` is that of the verdict the officer saw; `overrides` gives for each finding that refers the loan
        (by its id) the officer's reason. Raises `Conflict` when the evidence has changed, `Refused` when the verdict
        does not support the loan or a declaration has too little free, `NotAuthorized` for the applying officer.
        """
        wanted = _saga.overrides_of(overrides or {})
        return await _saga.approve(self._calls, loan_id, evidence_hash, wanted, self._clock())

    async def refer(self, loan_id: str, reason: str) -> Loan:
        """Put an undecided loan before an officer."""
        return await self._calls.take(Loan, BANK, "loans:refer", loan_id, reason)

    async def reject(self, loan_id: str, reason: str) -> Loan:
        """Reject an undecided loan for good, and free what it held."""
        return await _saga.end(self._calls, "reject", loan_id, reason)

    async def withdraw(self, loan_id: str, reason: str) -> Loan:
        """Take back a loan that is not disbursed, for good, and free what it held."""
        return await _saga.end(self._calls, "withdraw", loan_id, reason)

    async def disburse(self, loan_id: str, reference: str) -> Loan:
        """Record that an approved loan was paid out under the bank's own reference."""
        return await self._calls.take(Loan, BANK, "loans:disburse", loan_id, reference)

    async def repay(self, loan_id: str, reference: str) -> Loan:
        """Record that a disbursed loan was paid back, free its balance and close it."""
        return await _saga.repay(self._calls, loan_id, reference)

    async def expire(self, loan_id: str) -> Loan:
        """Mark any bank's undecided loan whose reservation has run out, and free what it held."""
        return await _saga.expire(self._calls, loan_id)

    async def resume(self) -> Resumption:
        """Finish whatever was left half done, by this process or another (see `Resumption`)."""
        return await _recovery.resume(self._calls, self._clock())

    # -- looking ---------------------------------------------------------------------------------------------------

    async def loan(self, loan_id: str) -> Loan:
        """The loan in its effective state."""
        return await self._calls.ask(Loan, BANK, "loans:get", loan_id)

    async def loans(self, *, state: str = "", page_size: int = 100, bookmark: str = "") -> LoanPage:
        """A page of loans of all banks, by id; with a state only those in it."""
        return await self._calls.ask(LoanPage, BANK, "loans:list", state, page_size, bookmark)

    async def loan_history(self, loan_id: str) -> list[LoanHistoryItem]:
        """Every written version of a loan, newest first."""
        return await self._calls.ask(list[LoanHistoryItem], BANK, "loans:history", loan_id)

    async def reservation(self, loan_id: str) -> Reservation | None:
        """What a loan holds or held; None when it never held anything."""
        return await held_by(self._calls, loan_id)

    async def balance(self, declaration_number: str) -> Balance:
        """What a declaration is worth, what of it is held and collected, and what is free."""
        return await self._calls.ask(Balance, FX, "financing:balance", declaration_number)

    async def members(self) -> Sequence[Member]:
        """The consortium's members."""
        return await self._calls.ask(list[Member], self.ledger.channels[0], "consortium:members")


def _holder(entry: Entry) -> str:
    """Whose private paper it is; "" for public kinds."""
    return entry.issuer if entry.collection is not None else ""
