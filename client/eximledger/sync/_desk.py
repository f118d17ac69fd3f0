# Made by tools/async_to_sync.py; do not edit. From client/eximledger/desk/_desk.py.
"""The loan desk that waits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from eximledger.attachments import AttachmentStore
from eximledger.desk._copies import Pulled
from eximledger.desk._desk import LoanDesk as AsyncLoanDesk
from eximledger.desk._filing import Filed
from eximledger.desk._letter import Letter
from eximledger.desk._matching import Rekeyed
from eximledger.desk._watching import FiledList, Rescreened
from eximledger.desk.calling import Interceptor, Retry, no_interceptor
from eximledger_chaincode.contracts.papers.answers import EntryPage, HistoryItem
from eximledger_chaincode.contracts.papers.consents import ConsentBook
from eximledger_chaincode.contracts.papers.recipients import Recipient
from eximledger_chaincode.contracts.state.calendar import BusinessDay
from eximledger_chaincode.contracts.state.members import Member
from eximledger_chaincode.documents import (
    Document,
    Entry,
    LoanApplication,
    Record,
    TolerancePolicy,
    WatchEntry,
    WatchList,
)
from eximledger_chaincode.documents.attached.attachment import Attachment, NewAttachment
from eximledger_chaincode.lending.accounts.account import Account
from eximledger_chaincode.lending.accounts.offers import OfferedReceipt
from eximledger_chaincode.lending.claim import Balance
from eximledger_chaincode.lending.consent import OfficerConsent, SignedAuthorisation, SignedRevocation
from eximledger_chaincode.lending.floors import Floors, PolicyBook
from eximledger_chaincode.lending.loan import Loan, LoanHistoryItem, LoanPage
from eximledger_chaincode.lending.matching import Generations
from eximledger_chaincode.lending.packing.bill import ExportBill
from eximledger_chaincode.lending.roles import Person
from eximledger_chaincode.lending.screening.hits import Clearing, Directory
from eximledger_chaincode.lending.steps import Proposal
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
        attachments: AttachmentStore | None = None,
    ) -> None:
        self.ledger = ledger
        self.desk = AsyncLoanDesk(
            ledger.connection, retry=retry, clock=clock, interceptor=interceptor, attachments=attachments
        )

    def file(self, documents: Document | Iterable[Document]) -> list[Filed]:
        """File documents, each kind on its channel; in the order given. The same content again changes nothing.

        Raises `NotAuthorized` before anything is filed when this member may not write one of the kinds.
        """
        return wait_for(self.desk.file(documents))

    def document(self, kind: str, name: str, *, exporter: str = "", bank: str = "") -> Record[Document]:
        """The latest version of a document by its ledger id or, where unique, the paper's bare number."""
        return wait_for(self.desk.document(kind, name, exporter=exporter, bank=bank))

    def documents(
        self, kind: str, *, exporter: str = "", bank: str = "", page_size: int = 100, bookmark: str = ""
    ) -> EntryPage:
        """A page of entries of a kind in the order of filing; with an exporter's USCC only its own."""
        return wait_for(self.desk.documents(kind, exporter=exporter, bank=bank, page_size=page_size, bookmark=bookmark))

    def entries(self, kind: str, ids: Sequence[str], *, bank: str = "") -> list[Entry | None]:
        """Entries of up to 500 documents by their ledger ids, None where there is none."""
        return wait_for(self.desk.entries(kind, ids, bank=bank))

    def history(self, kind: str, name: str, *, exporter: str = "", bank: str = "") -> list[HistoryItem]:
        """Every version of a document, newest first."""
        return wait_for(self.desk.history(kind, name, exporter=exporter, bank=bank))

    def attach(self, kind: str, name: str, file_name: str, content: bytes, *, exporter: str = "") -> Attachment:
        """Attach a file (PDF or picture) to a paper of this bank's, by its ledger id or bare number: the bytes go into
        this desk's store, their hash on the ledger. The same file again changes nothing.

        Raises `InvalidDocument` for a file of another type or size, `StoreUnavailable`.
        """
        return wait_for(self.desk.attach(kind, name, file_name, content, exporter=exporter))

    def note_attachment(self, kind: str, id: str, attachment: NewAttachment) -> Attachment:
        """Say on the ledger what is attached to a paper, where its bytes are kept by others."""
        return wait_for(self.desk.note_attachment(kind, id, attachment))

    def attachments(self, kind: str, name: str, *, exporter: str = "", bank: str = "") -> list[Attachment]:
        """What is attached to a paper, in the order in which it came; SAFE names the `bank`."""
        return wait_for(self.desk.attachments(kind, name, exporter=exporter, bank=bank))

    def attachment(
        self, kind: str, name: str, which: str, *, exporter: str = "", bank: str = ""
    ) -> tuple[Attachment, bytes]:
        """One attached file with its bytes, by its hash (eight digits or more) or its name. The bytes are those whose
        hash stands on the ledger; nothing reads what is in them.

        Raises `NotFound`, `AttachmentAltered` where the store has other bytes, `StoreUnavailable`.
        """
        return wait_for(self.desk.attachment(kind, name, which, exporter=exporter, bank=bank))

    def authorise(self, signed: SignedAuthorisation) -> ConsentBook:
        """File what an exporter has signed: what this bank may read of it, from when until when."""
        return wait_for(self.desk.authorise(signed))

    def consent(self, given: OfficerConsent) -> ConsentBook:
        """File a consent on a paper form in the officer's name, where the consortium's floors let that count."""
        return wait_for(self.desk.consent(given))

    def revoke(self, signed: SignedRevocation) -> None:
        """File what an exporter has signed: that an authorisation holds no longer; and purge the bank's copies that no
        other authorisation allows and no loan holds."""
        wait_for(self.desk.revoke(signed))

    def purge(self, exporter: str, bank: str) -> None:
        """Purge a bank's copies of an exporter that no loan holds, on this member's channels; nothing where an
        authorisation stands. `revoke` does it; after customs has filed a revocation, SAFE's part is left."""
        wait_for(self.desk.purge(exporter, bank))

    def consents(self, exporter: str, *, bank: str = "") -> ConsentBook:
        """What an exporter has ever let this bank read; customs and SAFE name the bank."""
        return wait_for(self.desk.consents(exporter, bank=bank))

    def pull(
        self, exporter: str, declarations: Iterable[str], *, invoices: Iterable[str] = (), receipts: Iterable[str] = ()
    ) -> Pulled:
        """Have customs' and SAFE's peers copy for this bank what a case needs, under the exporter's authorisation.
        Opening a case does it by itself."""
        return wait_for(self.desk.pull(exporter, declarations, invoices=invoices, receipts=receipts))

    def keep(self) -> Mapping[str, tuple[str, ...]]:
        """Say, exporter by exporter, which declarations this bank's loans hold now: their copies are kept up also when
        the authorisation has ended. To be repeated as loans begin and end; the declarations by exporter."""
        return wait_for(self.desk.keep())

    def recipients(self, declarations: Iterable[str]) -> list[Recipient]:
        """Which banks have copies of declarations; for customs and SAFE."""
        return wait_for(self.desk.recipients(declarations))

    def apply(self, application: LoanApplication) -> Loan:
        """Apply for a loan, or again with an amended application while it is undecided; and have its papers looked up
        among all banks, where SAFE has made that possible already."""
        return wait_for(self.desk.apply(application))

    def open_case(self, loan_id: str, *, bank: str = "", approving: Person | None = None) -> Case:
        """The loan's case as the channels have it now: the bank's papers, then customs and SAFE at the same time. What
        a bank has no copy of yet is pulled.

        `approving` is who decides, None for a preview. SAFE names the `bank`.
        """
        return wait_for(self.desk.open_case(loan_id, bank=bank, approving=approving))

    def reconcile(self, loan_id: str, *, bank: str = "") -> Verdict:
        """The verdict as the peers would give it now, computed here with the same rules; recorded nowhere."""
        return wait_for(self.desk.reconcile(loan_id, bank=bank))

    def preview(self, loan_id: str, *, bank: str = "") -> Verdict:
        """The verdict as this member's own peer would give it now, in one call; recorded nowhere, and compared with
        nothing until `check`. It is `reconcile`'s where the peer goes by another rule set than this client, and where
        papers of the case were not there that may have to be pulled."""
        return wait_for(self.desk.preview(loan_id, bank=bank))

    def check(self, loan_id: str) -> Verdict:
        """Have the peers reconcile the case and record the verdict, and compare it with this client's own.

        Where other loans' holds change between the client's reading and the peers' every time, the peers' verdict is
        answered uncompared. Raises `Refused` when they go by another rule set than this client; `Conflict` when they
        differ over the same evidence: one of the two then does not run the rules it claims; and when the papers change
        every time.
        """
        return wait_for(self.desk.check(loan_id))

    def judge_again(self, loan_id: str, *, matures_on: date | None = None, bank: str = "") -> Verdict:
        """The verdict by which the peers would pay more of an approved loan out, or extend it to `matures_on`: for what
        it still holds and owes, as things stand; recorded nowhere. Raises `Refused` for a loan that holds nothing."""
        return wait_for(self.desk.judge_again(loan_id, matures_on=matures_on, bank=bank))

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
        """Propose a disbursement, a repayment, an extension, a conversion, an indemnity, the withdrawal of an approved
        loan or a write-off; nothing moves. What an export bill names is pulled from customs and SAFE, and its papers
        are looked up among all banks."""
        return wait_for(self.desk.propose(loan_id, proposal))

    def preview_bill(self, loan_id: str, bill: ExportBill, matures_on: date | None = None) -> Verdict:
        """The peers' verdict on a packing loan as the export bill that it would become; recorded nowhere. Until the
        conversion is proposed its papers are not looked up, and the verdict says so."""
        return wait_for(self.desk.preview_bill(loan_id, bill, matures_on))

    def confirm(self, loan_id: str, proposal_id: str) -> Loan:
        """Take the step that another person proposed; as a checker. `proposal_id` is `loan.proposed.sha256`.

        A disbursement and an extension judge the case again: `Refused` where a finding rejects it now.
        """
        return wait_for(self.desk.confirm(loan_id, proposal_id))

    def lapse(self, loan_id: str) -> Loan:
        """End an approved loan that was not drawn while it could be, and free its balance."""
        return wait_for(self.desk.lapse(loan_id))

    def mark_overdue(self, loan_id: str) -> Loan:
        """Note that a loan was not repaid by its maturity."""
        return wait_for(self.desk.mark_overdue(loan_id))

    def offered(self, loan_id: str, *, bank: str = "") -> list[OfferedReceipt]:
        """The booked receipts that name the loan's declarations or invoices: what of each may still repay a loan."""
        return wait_for(self.desk.offered(loan_id, bank=bank))

    def account(self, loan_id: str, day: date | None = None, *, bank: str = "") -> Account:
        """What of a loan is drawn, repaid, outstanding, and which interest is due on a day; today's where none is
        given."""
        return wait_for(self.desk.account(loan_id, day, bank=bank))

    def open_day(self, day: date) -> BusinessDay:
        """Open a business day, or the same one anew; as SAFE. What was approved before and held back counts no more.

        On customs' channel, too: there no authorisation holds that begins later. The first opening makes the secret
        under which papers are matched, and those of customs' and SAFE's collections before a bank's consent does; each
        goes by the newest generation.
        """
        return wait_for(self.desk.open_day(day))

    def rotate(self) -> Generations:
        """Make the secret under which papers are matched, or its next generation; as SAFE. It is written from the next
        business day that is opened, and both are looked up until the older one is retired."""
        return wait_for(self.desk.rotate())

    def generations(self) -> Generations:
        """Which generations of that secret are looked up; as SAFE. Raises `Refused` before the first."""
        return wait_for(self.desk.generations())

    def rekey(self, *, tell: Callable[[str], None] | None = None) -> Rekeyed:
        """Move all that stands in the register to the newest generation, every bank's loans one after the other; as
        SAFE, when the business day goes by it. Interrupted, it is called again and goes on. `tell` hears how far it
        is."""
        return wait_for(self.desk.rekey(tell=tell))

    def retire(self) -> Generations:
        """Purge the secret before the newest; as SAFE. Raises `Refused` while anything stands under it."""
        return wait_for(self.desk.retire())

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

    def file_list(
        self, heading: WatchList, entries: Sequence[WatchEntry], *, tell: Callable[[str], None] | None = None
    ) -> FiledList:
        """File an edition of a watch list and make it hold from its `valid_from` on: SAFE's for all members, an
        `OwnWatchList` for this bank alone. `heading_of` makes the heading. Interrupted, it is called again and goes on;
        nothing of it counts before its last step. `tell` hears how far it is."""
        return wait_for(self.desk.file_list(heading, entries, tell=tell))

    def discard_list(self, heading: WatchList) -> None:
        """Take away what an edition left on the ledger that holds no longer, or that was never made to hold."""
        wait_for(self.desk.discard_list(heading))

    def watch_lists(self, *, own: bool = False, bank: str = "") -> Directory:
        """The watch lists that hold or will hold: SAFE's, or a bank's own."""
        return wait_for(self.desk.watch_lists(own=own, bank=bank))

    def watch_entry(self, list_id: str, entry_id: str, *, own: bool = False, bank: str = "") -> WatchEntry:
        """One entry of a list, by its publisher's id."""
        return wait_for(self.desk.watch_entry(list_id, entry_id, own=own, bank=bank))

    def propose_clearing(self, loan_id: str, hit: str, reason: str) -> Clearing:
        """Propose that a party of the loan is not whom a list's entry means; `hit` is `Hit.key`, as findings say."""
        return wait_for(self.desk.propose_clearing(loan_id, hit, reason))

    def confirm_clearing(self, subject: str, sha256: str) -> Clearing:
        """Clear just what another person proposed, as a checker; by `Clearing.hit.subject` and `Clearing.sha256`. It
        holds for every loan of the bank until the entry or the party changes."""
        return wait_for(self.desk.confirm_clearing(subject, sha256))

    def screen(self, *, bank: str = "", record: bool = True) -> list[Rescreened]:
        """Hold every loan of the bank that money may still move for against today's lists: what was found of each, and
        what is new. A bank's peers record it; SAFE, which names the `bank`, looks alone."""
        return wait_for(self.desk.screen(bank=bank, record=record))

    def loan(self, loan_id: str, *, bank: str = "") -> Loan:
        """The loan as it stands. Here and below: a bank sees its own loans, SAFE names the `bank`."""
        return wait_for(self.desk.loan(loan_id, bank=bank))

    def loans(self, *, state: str = "", bank: str = "", page_size: int = 100, bookmark: str = "") -> LoanPage:
        """A page of loans in the order in which they were opened; with a state only those in it."""
        return wait_for(self.desk.loans(state=state, bank=bank, page_size=page_size, bookmark=bookmark))

    def loan_history(self, loan_id: str, *, bank: str = "") -> list[LoanHistoryItem]:
        """The loan after each transaction on it, newest first."""
        return wait_for(self.desk.loan_history(loan_id, bank=bank))

    def letter(self, loan_id: str, *, until: date | None = None, letterhead: str = "") -> Letter:
        """What the bank writes to the exporter of what was found on an undecided loan: only what that one may know.

        It is dated today, and asks for an answer by `until`, in 15 days where nobody says; `letterhead` is the bank's
        name where it is not as the consortium knows it. Raises `Refused` where there is nothing to write about.
        """
        return wait_for(self.desk.letter(loan_id, until=until, letterhead=letterhead))

    def balance(self, declaration_number: str) -> Balance:
        """What a declaration is worth, what of it is held and collected, and what is free."""
        return wait_for(self.desk.balance(declaration_number))

    def vote(self, members: Sequence[Member], floors: Floors | None = None) -> Sequence[Member]:
        """Vote in this member's name for the consortium's members, and floors, on the customs channel; the members as
        they stand after it. A majority decides."""
        return wait_for(self.desk.vote(members, floors))

    def floors(self) -> Floors:
        """What no bank's policy goes under."""
        return wait_for(self.desk.floors())

    def members(self) -> Sequence[Member]:
        """The consortium's members."""
        return wait_for(self.desk.members())
