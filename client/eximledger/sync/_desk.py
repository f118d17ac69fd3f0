# Made by tools/async_to_sync.py; do not edit. From client/eximledger/desk/_desk.py.
"""The loan desk that waits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from eximledger.desk._calls import Interceptor, no_interceptor
from eximledger.desk._desk import LoanDesk as AsyncLoanDesk
from eximledger.desk._filing import Filed
from eximledger.desk._retry import Retry
from eximledger_chaincode.contracts.papers.answers import EntryPage, HistoryItem
from eximledger_chaincode.contracts.state.calendar import BusinessDay
from eximledger_chaincode.contracts.state.members import Member
from eximledger_chaincode.documents import Document, LoanApplication, Record, TolerancePolicy
from eximledger_chaincode.lending.claim import Balance
from eximledger_chaincode.lending.floors import PolicyBook
from eximledger_chaincode.lending.loan import Loan, LoanHistoryItem, LoanPage, Proposal
from eximledger_chaincode.lending.roles import Person
from eximledger_chaincode.rules import Case, Verdict
from hlf_client import Clock
from hlf_client.sync import Ledger
from hlf_client.sync._loop import wait_for

__all__ = ["LoanDesk"]


class LoanDesk:
    """Files papers, opens cases, decides, pays.

    One desk acts with one ledger connection, so in the name of one officer, and by its clock unless told another; it
    holds no state of its own. Any number of threads may use it. Interrupting a call leaves a loan before or after a
    step, for every step is one transaction: the same call again takes it or finds it taken.

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
        """Apply for a loan, or again with an amended application while it is undecided."""
        return wait_for(self.desk.apply(application))

    def open_case(self, loan_id: str, *, approving: Person | None = None) -> Case:
        """The loan's case as the channels have it now: the bank's papers, then customs and SAFE at the same time.

        `approving` is who decides, None for a preview.
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

    def approve(
        self, loan_id: str, version: int, evidence_hash: str, overrides: Mapping[str, str] | None = None
    ) -> Loan:
        """Approve what was checked and hold the balance, in one transaction; as a checker who neither applied for the
        loan nor filed a paper of it.

        `version` is that of the application and `evidence_hash` that of the verdict which the officer saw; `overrides`
        gives for each finding that refers the loan (by its id) the officer's reason. Raises `Conflict` when the
        evidence has changed, `Refused` when the verdict does not support the loan, `NotAuthorized` for a person who may
        not decide on it.
        """
        return wait_for(self.desk.approve(loan_id, version, evidence_hash, overrides))

    def refer(self, loan_id: str, reason: str) -> Loan:
        """Put an undecided loan before an officer."""
        return wait_for(self.desk.refer(loan_id, reason))

    def reject(self, loan_id: str, reason: str) -> Loan:
        """Reject an undecided loan for good; as a checker who did not apply for it."""
        return wait_for(self.desk.reject(loan_id, reason))

    def withdraw(self, loan_id: str, reason: str) -> Loan:
        """Take back an undecided loan, for good. For an approved one, `propose` and `confirm` a withdrawal."""
        return wait_for(self.desk.withdraw(loan_id, reason))

    def propose(self, loan_id: str, proposal: Proposal) -> Loan:
        """Propose a disbursement, a repayment, the withdrawal of an approved loan or a write-off; nothing moves."""
        return wait_for(self.desk.propose(loan_id, proposal))

    def confirm(self, loan_id: str, proposal_id: str) -> Loan:
        """Take the step that another person proposed; as a checker. `proposal_id` is `loan.proposed.sha256`.

        A disbursement judges the case again: `Refused` where a finding rejects it now.
        """
        return wait_for(self.desk.confirm(loan_id, proposal_id))

    def open_day(self, day: date) -> BusinessDay:
        """Open a business day, or the same one anew; as SAFE. What was approved before and held back counts no more."""
        return wait_for(self.desk.open_day(day))

    def business_day(self) -> BusinessDay:
        """The business day that SAFE opened last. Raises `NotFound` before the first."""
        return wait_for(self.desk.business_day())

    def propose_policy(self, policy: TolerancePolicy) -> PolicyBook:
        """Put the bank's policy before a second person."""
        return wait_for(self.desk.propose_policy(policy))

    def confirm_policy(self, sha256: str) -> PolicyBook:
        """Make just the policy that another person proposed; `sha256` names it. Takes `exim.role=policy`."""
        return wait_for(self.desk.confirm_policy(sha256))

    def policies(self, *, bank: str = "") -> PolicyBook:
        """A bank's policies, this member's own unless another is named: those that hold, will hold, and wait."""
        return wait_for(self.desk.policies(bank=bank))

    def loan(self, loan_id: str) -> Loan:
        """The loan as it stands."""
        return wait_for(self.desk.loan(loan_id))

    def loans(self, *, state: str = "", bank: str = "", page_size: int = 100, bookmark: str = "") -> LoanPage:
        """A page of loans of all banks, by id; with a state only those in it, and of these with a bank only its own."""
        return wait_for(self.desk.loans(state=state, bank=bank, page_size=page_size, bookmark=bookmark))

    def loan_history(self, loan_id: str) -> list[LoanHistoryItem]:
        """Every written version of a loan, newest first."""
        return wait_for(self.desk.loan_history(loan_id))

    def balance(self, declaration_number: str) -> Balance:
        """What a declaration is worth, what of it is held and collected, and what is free."""
        return wait_for(self.desk.balance(declaration_number))

    def members(self) -> Sequence[Member]:
        """The consortium's members."""
        return wait_for(self.desk.members())
