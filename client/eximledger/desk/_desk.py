"""LoanDesk: what a bank's officer does, as a Python object over any Ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date
from functools import partial
from itertools import count
from typing import Final

from pydantic import ValidationError

from eximledger.attachments import AttachmentStore
from eximledger.desk._attaching import attach, note, read_attached, read_file
from eximledger.desk._copies import Pulled, keep, pull, pull_bill, purge
from eximledger.desk._filing import Filed, file_documents, read_entries
from eximledger.desk._foreseeing import applied, approved, confirmed, note_checked, note_policy, proposed
from eximledger.desk._letter import Letter, write_letter
from eximledger.desk._matching import Rekeyed, look_up, present, read_generations, rekey, retire
from eximledger.desk._reading import naming_nearest, open_case, resolve
from eximledger.desk._watching import (
    FiledList,
    Rescreened,
    discard_old,
    file_list,
    read_directory,
    rescreen,
    screened_loans,
)
from eximledger.desk.calling import Calls, Interceptor, Retry, application_of, no_interceptor, turn_of
from eximledger_chaincode.contracts.papers.answers import EntryPage, HistoryItem
from eximledger_chaincode.contracts.papers.consents import ConsentBook
from eximledger_chaincode.contracts.papers.recipients import Recipient
from eximledger_chaincode.contracts.state.calendar import BusinessDay
from eximledger_chaincode.contracts.state.members import Member
from eximledger_chaincode.contracts.state.names import BANK, CUSTOMS, FX
from eximledger_chaincode.contracts.state.records import record_of
from eximledger_chaincode.contracts.watchlists.filing import filing_of
from eximledger_chaincode.documents import (
    KINDS,
    Document,
    Entry,
    LoanApplication,
    Record,
    TolerancePolicy,
    WatchEntry,
    WatchList,
    document_type,
    invalid_document,
)
from eximledger_chaincode.documents.attached.attachment import Attachment, NewAttachment
from eximledger_chaincode.lending.accounts.account import Account, account_of
from eximledger_chaincode.lending.accounts.offers import OfferedReceipt
from eximledger_chaincode.lending.claim import Balance
from eximledger_chaincode.lending.consent import OfficerConsent, SignedAuthorisation, SignedRevocation
from eximledger_chaincode.lending.floors import Floors, PolicyBook
from eximledger_chaincode.lending.loan import Loan, LoanHistoryItem, LoanPage
from eximledger_chaincode.lending.matching import Generations
from eximledger_chaincode.lending.packing.bill import ExportBill
from eximledger_chaincode.lending.roles import Person
from eximledger_chaincode.lending.screening.hits import Clearing, Directory
from eximledger_chaincode.lending.steps import Override, Proposal
from eximledger_chaincode.lending.time import day_in_china
from eximledger_chaincode.lending.verdict import VerdictHash
from eximledger_chaincode.rules import Case, Verdict, reconcile, rule_set_id, rule_set_on
from eximledger_chaincode.rules.basis.again import asked_again
from hlf_client import Clock, Ledger
from hlf_client.errors import Conflict, InvalidDocument, NotAuthorized, NotFound, Refused
from hlf_client.private import Answered

__all__ = ["LoanDesk"]

_READINGS: Final = 3
"""How often a check is repeated when papers were filed between the client's reading and the peers'."""

_UNFILED: Final = frozenset({"DECL-EXISTS", "PAPERS"})
"""Rules whose findings say that a paper is not there."""


class LoanDesk:
    """Files papers, opens cases, decides, pays.

    One desk acts with one ledger connection, so in the name of one officer, and by its clock unless told another; it
    holds no state of its own. All methods may run concurrently on the connection's event loop. Cancelling one leaves a
    loan before or after a step, for every step is one transaction: the same call again takes it or finds it taken.

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
        attachments: AttachmentStore | None = None,
    ) -> None:
        self.ledger = ledger
        self._store = attachments
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
        answer = await self._calls.ask_bytes(channel, "documents:get", kind, entry.id, bank)
        return record_of(kind, answer)

    async def documents(
        self, kind: str, *, exporter: str = "", bank: str = "", page_size: int = 100, bookmark: str = ""
    ) -> EntryPage:
        """A page of entries of a kind in the order of filing; with an exporter's USCC only its own."""
        document_type(kind)
        channel = KINDS[kind].channel
        return await self._calls.ask(EntryPage, channel, "documents:list", kind, exporter, page_size, bookmark, bank)

    async def entries(self, kind: str, ids: Sequence[str], *, bank: str = "") -> list[Entry | None]:
        """Entries of up to 500 documents by their ledger ids, None where there is none."""
        document_type(kind)
        return await read_entries(self._calls, kind, ids, bank)

    async def history(self, kind: str, name: str, *, exporter: str = "", bank: str = "") -> list[HistoryItem]:
        """Every version of a document, newest first."""
        entry = await resolve(self._calls, kind, name, exporter, bank)
        channel = KINDS[kind].channel
        return await self._calls.ask(list[HistoryItem], channel, "documents:history", kind, entry.id, bank)

    # -- files beside papers ---------------------------------------------------------------------------------------

    async def attach(self, kind: str, name: str, file_name: str, content: bytes, *, exporter: str = "") -> Attachment:
        """Attach a file (PDF or picture) to a paper of this bank's, by its ledger id or bare number: the bytes go into
        this desk's store, their hash on the ledger. The same file again changes nothing.

        Raises `InvalidDocument` for a file of another type or size, `StoreUnavailable`.
        """
        return await attach(self._calls, self._store, kind, name, file_name, content, exporter)

    async def note_attachment(self, kind: str, id: str, attachment: NewAttachment) -> Attachment:
        """Say on the ledger what is attached to a paper, where its bytes are kept by others."""
        return await note(self._calls, kind, id, attachment)

    async def attachments(self, kind: str, name: str, *, exporter: str = "", bank: str = "") -> list[Attachment]:
        """What is attached to a paper, in the order in which it came; SAFE names the `bank`."""
        return await read_attached(self._calls, kind, name, exporter, bank)

    async def attachment(
        self, kind: str, name: str, which: str, *, exporter: str = "", bank: str = ""
    ) -> tuple[Attachment, bytes]:
        """One attached file with its bytes, by its hash (eight digits or more) or its name. The bytes are those whose
        hash stands on the ledger; nothing reads what is in them.

        Raises `NotFound`, `AttachmentAltered` where the store has other bytes, `StoreUnavailable`.
        """
        return await read_file(self._calls, self._store, kind, name, which, exporter, bank)

    # -- consent ---------------------------------------------------------------------------------------------------

    async def authorise(self, signed: SignedAuthorisation) -> ConsentBook:
        """File what an exporter has signed: what this bank may read of it, from when until when."""
        return await self._calls.take(ConsentBook, CUSTOMS, "authorisations:authorise", signed)

    async def consent(self, given: OfficerConsent) -> ConsentBook:
        """File a consent on a paper form in the officer's name, where the consortium's floors let that count."""
        return await self._calls.take(ConsentBook, CUSTOMS, "authorisations:consent", given)

    async def revoke(self, signed: SignedRevocation) -> None:
        """File what an exporter has signed: that an authorisation holds no longer; and purge the bank's copies that no
        other authorisation allows and no loan holds."""
        bank = await self._calls.take(str, CUSTOMS, "authorisations:revoke", signed)
        if bank:
            await purge(self._calls, signed.paper.exporter, bank)

    async def purge(self, exporter: str, bank: str) -> None:
        """Purge a bank's copies of an exporter that no loan holds, on this member's channels; nothing where an
        authorisation stands. `revoke` does it; after customs has filed a revocation, SAFE's part is left."""
        await purge(self._calls, exporter, bank)

    async def consents(self, exporter: str, *, bank: str = "") -> ConsentBook:
        """What an exporter has ever let this bank read; customs and SAFE name the bank."""
        return await self._calls.ask(ConsentBook, CUSTOMS, "authorisations:book", exporter, bank)

    async def pull(
        self,
        exporter: str,
        declarations: Iterable[str],
        *,
        invoices: Iterable[str] = (),
        receipts: Iterable[str] = (),
    ) -> Pulled:
        """Have customs' and SAFE's peers copy for this bank what a case needs, under the exporter's authorisation.
        Opening a case does it by itself."""
        return await pull(self._calls, exporter, list(declarations), list(invoices), list(receipts))

    async def keep(self) -> Mapping[str, tuple[str, ...]]:
        """Say, exporter by exporter, which declarations this bank's loans hold now: their copies are kept up also when
        the authorisation has ended. To be repeated as loans begin and end; the declarations by exporter."""
        return await keep(self._calls)

    async def recipients(self, declarations: Iterable[str]) -> list[Recipient]:
        """Which banks have copies of declarations; for customs and SAFE."""
        return await self._calls.ask(list[Recipient], CUSTOMS, "copies:recipients", list(declarations))

    # -- a loan ----------------------------------------------------------------------------------------------------

    async def apply(self, application: LoanApplication) -> Loan:
        """Apply for a loan, or again with an amended application while it is undecided; and have its papers looked up
        among all banks, where SAFE has made that possible already."""
        loan = await self._calls.step("loans:apply", application, foresee=applied(application))
        note_policy(loan)
        await look_up(self._calls, loan.loan_id)
        return loan

    async def open_case(self, loan_id: str, *, bank: str = "", approving: Person | None = None) -> Case:
        """The loan's case as the channels have it now: the bank's papers, then customs and SAFE at the same time. What
        a bank has no copy of yet is pulled.

        `approving` is who decides, None for a preview. SAFE names the `bank`.
        """
        return await open_case(self._calls, loan_id, bank, self._clock(), approving)

    async def reconcile(self, loan_id: str, *, bank: str = "") -> Verdict:
        """The verdict as the peers would give it now, computed here with the same rules; recorded nowhere."""
        return reconcile(await self.open_case(loan_id, bank=bank))

    async def preview(self, loan_id: str, *, bank: str = "") -> Verdict:
        """The verdict as this member's own peer would give it now, in one call; recorded nowhere, and compared with
        nothing until `check`. It is `reconcile`'s where the peer goes by another rule set than this client, and where
        papers of the case were not there that may have to be pulled."""
        try:
            told = await self._calls.ask(Verdict, BANK, "loans:preview", loan_id, bank)
        except Refused as refusal:
            if "pull" not in refusal.details:
                raise
        else:
            is_ours = told.rule_set == rule_set_id(rule_set_on(day_in_china(self._clock())))
            if is_ours and _UNFILED.isdisjoint(finding.rule for finding in told.findings):
                return told
        return await self.reconcile(loan_id, bank=bank)

    async def check(self, loan_id: str) -> Verdict:
        """Have the peers reconcile the case and record the verdict, and compare it with this client's own.

        Where other loans' holds change between the client's reading and the peers' every time, the peers' verdict is
        answered uncompared. Raises `Refused` when they go by another rule set than this client; `Conflict` when they
        differ over the same evidence: one of the two then does not run the rules it claims; and when the papers change
        every time.
        """
        case = await self._case_looked_up(loan_id)
        exporter = case.application.document.exporter
        async with turn_of(self.ledger.msp_id, exporter, changes=False) as waited:
            for reading in count(1):
                if waited or reading > 1:
                    case = await self._case_looked_up(loan_id)
                own = reconcile(case)
                recorded, act = await self._calls.act(
                    VerdictHash, BANK, "loans:check", loan_id, own.rule_set, answered=Answered.BRIEF
                )
                if recorded == VerdictHash.of(own):
                    if act is not None:
                        note_checked(case, own, act)
                    return own
                if reading == _READINGS:
                    return _uncompared(await self.loan(loan_id), recorded, own)
        raise AssertionError("unreachable")

    async def _case_looked_up(self, loan_id: str) -> Case:
        """The loan's case, after what came to it since the application has been looked up among all banks."""
        case = await self.open_case(loan_id)
        if case.unmatched and await present(self._calls, loan_id, rule_set_id(rule_set_on(case.today))):
            case = await self.open_case(loan_id)
        return case

    async def _alone(self, loan_id: str) -> AbstractAsyncContextManager[bool]:
        """The turn of a step that may change what the bank finances of the loan's exporter. Raises `NotFound`."""
        known = application_of(self.ledger.msp_id, loan_id)
        try:
            exporter = (known or (await self.loan(loan_id)).application.document).exporter
        except (InvalidDocument, NotAuthorized):  # no bank: the step itself says who may not take it
            exporter = ""
        return turn_of(self.ledger.msp_id, exporter, changes=True)

    async def judge_again(self, loan_id: str, *, matures_on: date | None = None, bank: str = "") -> Verdict:
        """The verdict by which the peers would pay more of an approved loan out, or extend it to `matures_on`: for what
        it still holds and owes, as things stand; recorded nowhere. Raises `Refused` for a loan that holds nothing."""
        loan = await self.loan(loan_id, bank=bank)
        if not loan.holds:
            raise Refused(f"loan {loan_id} is {loan.state} and holds nothing", loan_id=loan_id, state=loan.state)
        return reconcile(asked_again(await self.open_case(loan_id, bank=bank), loan, matures_on=matures_on))

    async def approve(
        self, loan_id: str, version: int, evidence_hash: str, overrides: Mapping[str, str] | None = None
    ) -> Loan:
        """Approve what was checked and hold the balance, in one transaction; as a checker who neither applied for the
        loan nor filed a paper of it.

        `version` is that of the application and `evidence_hash` that of the verdict which the officer saw; `overrides`
        gives for each finding that refers the loan (by its id) the officer's reason. Raises `Conflict` when the
        evidence has changed, `Refused` when the verdict does not support the loan, `NotAuthorized` for a person who may
        not decide on it.
        """
        wanted = _overrides(overrides or {})
        async with await self._alone(loan_id):
            foresee = approved(evidence_hash, wanted)
            return await self._calls.step("loans:approve", loan_id, version, evidence_hash, wanted, foresee=foresee)

    async def refer(self, loan_id: str, reason: str) -> Loan:
        """Put an undecided loan before an officer."""
        return await self._calls.step("loans:refer", loan_id, reason)

    async def reject(self, loan_id: str, reason: str) -> Loan:
        """Reject an undecided loan for good; as a checker who did not apply for it."""
        return await self._calls.step("loans:reject", loan_id, reason)

    async def withdraw(self, loan_id: str, reason: str) -> Loan:
        """Take back an undecided loan, for good. For an approved one, `propose` and `confirm` a withdrawal."""
        return await self._calls.step("loans:withdraw", loan_id, reason)

    async def propose(self, loan_id: str, proposal: Proposal) -> Loan:
        """Propose a disbursement, a repayment, an extension, a conversion, an indemnity, the withdrawal of an approved
        loan or a write-off; nothing moves. What an export bill names is pulled from customs and SAFE, and its papers
        are looked up among all banks."""
        if proposal.bill is not None:
            await pull_bill(self._calls, await self.loan(loan_id), proposal.bill)
        loan = await self._calls.step("loans:propose", loan_id, proposal, foresee=proposed(proposal))
        if proposal.bill is not None:
            await look_up(self._calls, loan_id)
        return loan

    async def preview_bill(self, loan_id: str, bill: ExportBill, matures_on: date | None = None) -> Verdict:
        """The peers' verdict on a packing loan as the export bill that it would become; recorded nowhere. Until the
        conversion is proposed its papers are not looked up, and the verdict says so."""
        await pull_bill(self._calls, await self.loan(loan_id), bill)
        return await self._calls.ask(Verdict, BANK, "loans:preview_bill", loan_id, bill, matures_on)

    async def confirm(self, loan_id: str, proposal_id: str) -> Loan:
        """Take the step that another person proposed; as a checker. `proposal_id` is `loan.proposed.sha256`.

        A disbursement and an extension judge the case again: `Refused` where a finding rejects it now.
        """
        async with await self._alone(loan_id):
            return await self._calls.step("loans:confirm", loan_id, proposal_id, foresee=confirmed)

    async def lapse(self, loan_id: str) -> Loan:
        """End an approved loan that was not drawn while it could be, and free its balance."""
        turn = await self._alone(loan_id)  # a loan that there is not is known here: SAFE's peer would be waited for
        await look_up(self._calls, loan_id)
        async with turn:
            return await self._calls.step("loans:lapse", loan_id)

    async def mark_overdue(self, loan_id: str) -> Loan:
        """Note that a loan was not repaid by its maturity."""
        return await self._calls.step("loans:mark_overdue", loan_id)

    async def offered(self, loan_id: str, *, bank: str = "") -> list[OfferedReceipt]:
        """The booked receipts that name the loan's declarations or invoices: what of each may still repay a loan."""
        return await self._calls.ask(list[OfferedReceipt], BANK, "loans:offered", loan_id, bank)

    async def account(self, loan_id: str, day: date | None = None, *, bank: str = "") -> Account:
        """What of a loan is drawn, repaid, outstanding, and which interest is due on a day; today's where none is
        given."""
        return account_of(await self.loan(loan_id, bank=bank), day or day_in_china(self._clock()))

    # -- what loans are judged by ----------------------------------------------------------------------------------

    async def open_day(self, day: date) -> BusinessDay:
        """Open a business day, or the same one anew; as SAFE. What was approved before and held back counts no more.

        On customs' channel, too: there no authorisation holds that begins later. The first opening makes the secret
        under which papers are matched, and those of customs' and SAFE's collections before a bank's consent does; each
        goes by the newest generation.
        """
        generations = await read_generations(self._calls)
        current = 1 if generations is None else generations.current
        opened = await self._calls.take(BusinessDay, BANK, "calendar:open", day, current)
        if generations is None:
            if FX in self.ledger.channels:
                await self._calls.submit(FX, "copies:begin", answered=Answered.NOT)
            await self.rotate()
        if CUSTOMS in self.ledger.channels:
            await self._calls.submit(CUSTOMS, "authorisations:open", day, answered=Answered.NOT)
        return opened

    async def rotate(self) -> Generations:
        """Make the secret under which papers are matched, or its next generation; as SAFE. It is written from the next
        business day that is opened, and both are looked up until the older one is retired."""
        return await self._calls.take(Generations, BANK, "register:rotate")

    async def generations(self) -> Generations:
        """Which generations of that secret are looked up; as SAFE. Raises `Refused` before the first."""
        return await self._calls.ask(Generations, BANK, "register:generations")

    async def rekey(self, *, tell: Callable[[str], None] | None = None) -> Rekeyed:
        """Move all that stands in the register to the newest generation, every bank's loans one after the other; as
        SAFE, when the business day goes by it. Interrupted, it is called again and goes on. `tell` hears how far it
        is."""
        return await rekey(self._calls, tell or (lambda _where: None))

    async def retire(self) -> Generations:
        """Purge the secret before the newest; as SAFE. Raises `Refused` while anything stands under it."""
        return await retire(self._calls)

    async def business_day(self) -> BusinessDay:
        """The business day that SAFE opened last. Raises `NotFound` before the first."""
        return await self._calls.ask(BusinessDay, BANK, "calendar:day")

    async def propose_policy(self, policy: TolerancePolicy) -> PolicyBook:
        """Put the bank's policy before a second person."""
        return await self._calls.take(PolicyBook, BANK, "policies:propose", policy)

    async def confirm_policy(self, sha256: str) -> PolicyBook:
        """Make just the policy that another person proposed; `sha256` names it. Takes `exim.role=policy`."""
        return await self._calls.take(PolicyBook, BANK, "policies:confirm", sha256)

    async def policies(self, *, bank: str = "") -> PolicyBook:
        """A bank's policies, this member's own unless another is named: those that hold, will hold, and wait."""
        return await self._calls.ask(PolicyBook, BANK, "policies:book", bank)

    # -- watch lists -----------------------------------------------------------------------------------------------

    async def file_list(
        self, heading: WatchList, entries: Sequence[WatchEntry], *, tell: Callable[[str], None] | None = None
    ) -> FiledList:
        """File an edition of a watch list and make it hold from its `valid_from` on: SAFE's for all members, an
        `OwnWatchList` for this bank alone. `heading_of` makes the heading. Interrupted, it is called again and goes on;
        nothing of it counts before its last step. `tell` hears how far it is."""
        return await file_list(self._calls, heading, entries, tell or (lambda _where: None))

    async def discard_list(self, heading: WatchList) -> None:
        """Take away what an edition left on the ledger that holds no longer, or that was never made to hold."""
        await discard_old(self._calls, KINDS[heading.KIND].channel, filing_of(heading))

    async def watch_lists(self, *, own: bool = False, bank: str = "") -> Directory:
        """The watch lists that hold or will hold: SAFE's, or a bank's own."""
        return await read_directory(self._calls, own=own, bank=bank)

    async def watch_entry(self, list_id: str, entry_id: str, *, own: bool = False, bank: str = "") -> WatchEntry:
        """One entry of a list, by its publisher's id."""
        return await self._calls.ask(WatchEntry, BANK if own else FX, "watch:entry", list_id, entry_id, bank)

    async def propose_clearing(self, loan_id: str, hit: str, reason: str) -> Clearing:
        """Propose that a party of the loan is not whom a list's entry means; `hit` is `Hit.key`, as findings say."""
        return await self._calls.take(Clearing, BANK, "screening:propose", loan_id, hit, reason)

    async def confirm_clearing(self, subject: str, sha256: str) -> Clearing:
        """Clear just what another person proposed, as a checker; by `Clearing.hit.subject` and `Clearing.sha256`. It
        holds for every loan of the bank until the entry or the party changes."""
        return await self._calls.take(Clearing, BANK, "screening:confirm", subject, sha256)

    async def screen(self, *, bank: str = "", record: bool = True) -> list[Rescreened]:
        """Hold every loan of the bank that money may still move for against today's lists: what was found of each, and
        what is new. A bank's peers record it; SAFE, which names the `bank`, looks alone."""
        loans = await screened_loans(self._calls, bank)
        opened = partial(self.open_case, bank=bank)
        return [await rescreen(self._calls, loan, bank, opened, record=record and not bank) for loan in loans]

    # -- looking ---------------------------------------------------------------------------------------------------

    async def loan(self, loan_id: str, *, bank: str = "") -> Loan:
        """The loan as it stands. Here and below: a bank sees its own loans, SAFE names the `bank`."""
        return await self._calls.ask(Loan, BANK, "loans:get", loan_id, bank)

    async def loans(self, *, state: str = "", bank: str = "", page_size: int = 100, bookmark: str = "") -> LoanPage:
        """A page of loans in the order in which they were opened; with a state only those in it."""
        return await self._calls.ask(LoanPage, BANK, "loans:list", state, page_size, bookmark, bank)

    async def loan_history(self, loan_id: str, *, bank: str = "") -> list[LoanHistoryItem]:
        """The loan after each transaction on it, newest first."""
        return await self._calls.ask(list[LoanHistoryItem], BANK, "loans:history", loan_id, bank)

    async def letter(self, loan_id: str, *, until: date | None = None, letterhead: str = "") -> Letter:
        """What the bank writes to the exporter of what was found on an undecided loan: only what that one may know.

        It is dated today, and asks for an answer by `until`, in 15 days where nobody says; `letterhead` is the bank's
        name where it is not as the consortium knows it. Raises `Refused` where there is nothing to write about.
        """
        loan = await self.loan(loan_id)
        names = {member.msp_id: member.name for member in await self.members()}
        bank = letterhead or names.get(loan.bank, loan.bank)
        return write_letter(loan, bank, day_in_china(self._clock()), until)

    async def balance(self, declaration_number: str) -> Balance:
        """What a declaration is worth, what of it is held and collected, and what is free."""
        try:
            return await self._calls.ask(Balance, BANK, "financing:balance", declaration_number)
        except NotFound as refused:
            raise await naming_nearest(self._calls, refused, "declaration", declaration_number) from None

    async def vote(self, members: Sequence[Member], floors: Floors | None = None) -> Sequence[Member]:
        """Vote in this member's name for the consortium's members, and floors, on the customs channel; the members as
        they stand after it. A majority decides."""
        return await self._calls.vote(members, floors)

    async def floors(self) -> Floors:
        """What no bank's policy goes under."""
        return await self._calls.ask(Floors, CUSTOMS, "consortium:floors")

    async def members(self) -> Sequence[Member]:
        """The consortium's members."""
        return await self._calls.members()


def _uncompared(loan: Loan, told: VerdictHash, own: Verdict) -> Verdict:
    """The peers' verdict, where what stands beside the papers was another than this client read. Raises `Conflict`."""
    loan_id, recorded = loan.loan_id, loan.verdict
    if recorded is None or VerdictHash.of(recorded) != told:
        raise Conflict(f"others keep changing loan {loan_id}: check it again", loan_id=loan_id)
    hashes = {"evidence_hash": recorded.evidence_hash, "own_evidence_hash": own.evidence_hash}
    if recorded.evidence != own.evidence:
        raise Conflict(
            f"papers of loan {loan_id} were filed between every reading of this client and the peers': check it again",
            loan_id=loan_id,
            **hashes,
        )
    if recorded.read == own.read:
        raise Conflict(
            f"the peers' verdict on loan {loan_id} is not the one that this client computes by the same rule "
            f"set {own.rule_set}: one of the two does not run the rules it claims",
            loan_id=loan_id,
            **hashes,
        )
    return recorded


def _overrides(reasons: Mapping[str, str]) -> list[Override]:
    """Overrides from finding id -> reason, in the contract's order. Raises `InvalidDocument`."""
    try:
        return [Override(finding=finding, reason=reason) for finding, reason in sorted(reasons.items())]
    except ValidationError as error:
        raise invalid_document("override", error) from None
