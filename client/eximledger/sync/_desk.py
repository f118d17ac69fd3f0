# Made by tools/async_to_sync.py; do not edit. From client/eximledger/desk/_desk.py.
"""The loan desk that waits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from eximledger.desk._calls import Interceptor, no_interceptor
from eximledger.desk._desk import LoanDesk as AsyncLoanDesk
from eximledger.desk._filing import Filed
from eximledger.desk._recovery import Resumption
from eximledger.desk._retry import Retry
from eximledger_chaincode.contracts.papers.answers import EntryPage, HistoryItem
from eximledger_chaincode.contracts.state.members import Member
from eximledger_chaincode.documents import Document, LoanApplication, Record
from eximledger_chaincode.lending.claim import Balance
from eximledger_chaincode.lending.loan import Loan, LoanHistoryItem, LoanPage
from eximledger_chaincode.lending.register import Reservation
from eximledger_chaincode.rules import Case, Verdict
from hlf_client import Clock
from hlf_client.sync import Ledger
from hlf_client.sync._loop import wait_for

__all__ = ["LoanDesk"]


class LoanDesk:
    """Files papers, opens cases, decides, pays, and finishes what a crash left half done.

    One desk acts with one ledger connection, so in the name of one officer, and by its clock unless told another; it
    holds no state of its own. Any number of threads may use it. Interrupting a call leaves a loan between two steps
    at worst: `resume` (or the same call again) finishes it.

    Errors are those of `hlf_client.errors`: what the contract said, `Conflict` when the ledger moved on meanwhile,
    `LedgerUnavailable` when it could not be reached within `retry`.

    `desk` is the asynchronous one, whose calls run on the background loop.
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
        self.desk = AsyncLoanDesk(ledger.connection, retry=retry, clock=clock, interceptor=interceptor)

    def file(self, documents: Document | Iterable[Document]) -> list[Filed]:
        """File documents, each kind on its channel; in the order given. The same content again changes nothing.

        Raises `NotAuthorized` before anything is filed when this member may not write one of the kinds.
        """
        return wait_for(self.desk.file(documents))

    def document(self, kind: str, name: str, *, exporter: str = "", bank: str = "") -> Record[Document]:
        """The latest version of a document by its ledger id or, where unique, the paper's bare number."""
        return wait_for(self.desk.document(kind, name, exporter=exporter, bank=bank))

    def documents(self, kind: str, *, exporter: str = "", page_size: int = 100, bookmark: str = "") -> EntryPage:
        """A page of entries of a kind; with an exporter's USCC only its own, by date."""
        return wait_for(self.desk.documents(kind, exporter=exporter, page_size=page_size, bookmark=bookmark))

    def history(self, kind: str, name: str, *, exporter: str = "", bank: str = "") -> list[HistoryItem]:
        """Every version of a document, newest first."""
        return wait_for(self.desk.history(kind, name, exporter=exporter, bank=bank))

    def apply(self, application: LoanApplication) -> Loan:
        """Apply for a loan, or again with an amended application while it is undecided or expired."""
        return wait_for(self.desk.apply(application))

    def open_case(self, loan_id: str, *, approving: str | None = None) -> Case:
        """The loan's case as the channels have it now: the bank's papers, then customs and SAFE at the same time.

        `approving` is the certificate hash of the officer who approves, None for a preview.
        """
        return wait_for(self.desk.open_case(loan_id, approving=approving))

    def reconcile(self, loan_id: str) -> Verdict:
        """The verdict as the peers would give it now, computed here with the same rules; recorded nowhere."""
        return wait_for(self.desk.reconcile(loan_id))

    def check(self, loan_id: str) -> Verdict:
        """Have the peers reconcile the case and record the verdict, and compare it with this client's own.

        Raises `Refused` when they go by another rule set than this client, `Conflict` when they differ over the same
        evidence: one of the two then does not run the rules it claims.
        """
        return wait_for(self.desk.check(loan_id))

    def approve(self, loan_id: str, evidence_hash: str, overrides: Mapping[str, str] | None = None) -> Loan:
        """Hold the balance and approve what was checked, by another officer than the one who applied.

        `evidence_hash` is that of the verdict the officer saw; `overrides` gives for each finding that refers the loan
        (by its id) the officer's reason. Raises `Conflict` when the evidence has changed, `Refused` when the verdict
        does not support the loan or a declaration has too little free, `NotAuthorized` for the applying officer.
        """
        return wait_for(self.desk.approve(loan_id, evidence_hash, overrides))

    def refer(self, loan_id: str, reason: str) -> Loan:
        """Put an undecided loan before an officer."""
        return wait_for(self.desk.refer(loan_id, reason))

    def reject(self, loan_id: str, reason: str) -> Loan:
        """Reject an undecided loan for good, and free what it held."""
        return wait_for(self.desk.reject(loan_id, reason))

    def withdraw(self, loan_id: str, reason: str) -> Loan:
        """Take back a loan that is not disbursed, for good, and free what it held."""
        return wait_for(self.desk.withdraw(loan_id, reason))

    def disburse(self, loan_id: str, reference: str) -> Loan:
        """Record that an approved loan was paid out under the bank's own reference."""
        return wait_for(self.desk.disburse(loan_id, reference))

    def repay(self, loan_id: str, reference: str) -> Loan:
        """Record that a disbursed loan was paid back, free its balance and close it."""
        return wait_for(self.desk.repay(loan_id, reference))

    def expire(self, loan_id: str) -> Loan:
        """Mark any bank's undecided loan whose reservation has run out, and free what it held."""
        return wait_for(self.desk.expire(loan_id))

    def resume(self) -> Resumption:
        """Finish whatever was left half done, by this process or another (see `Resumption`)."""
        return wait_for(self.desk.resume())

    def loan(self, loan_id: str) -> Loan:
        """The loan in its effective state."""
        return wait_for(self.desk.loan(loan_id))

    def loans(self, *, state: str = "", page_size: int = 100, bookmark: str = "") -> LoanPage:
        """A page of loans of all banks, by id; with a state only those in it."""
        return wait_for(self.desk.loans(state=state, page_size=page_size, bookmark=bookmark))

    def loan_history(self, loan_id: str) -> list[LoanHistoryItem]:
        """Every written version of a loan, newest first."""
        return wait_for(self.desk.loan_history(loan_id))

    def reservation(self, loan_id: str) -> Reservation | None:
        """What a loan holds or held; None when it never held anything."""
        return wait_for(self.desk.reservation(loan_id))

    def balance(self, declaration_number: str) -> Balance:
        """What a declaration is worth, what of it is held and collected, and what is free."""
        return wait_for(self.desk.balance(declaration_number))

    def members(self) -> Sequence[Member]:
        """The consortium's members."""
        return wait_for(self.desk.members())
