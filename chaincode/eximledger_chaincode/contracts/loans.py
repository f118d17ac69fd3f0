"""loans: applications, checks, decisions and payments on the bank channel."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, ClassVar, TypeAlias

from pydantic import Field

from eximledger_chaincode.contracts.casefile.facts import LoanFacts
from eximledger_chaincode.contracts.casefile.judged import reconcile
from eximledger_chaincode.contracts.loanbook.applying import apply_for
from eximledger_chaincode.contracts.loanbook.approval import (
    conditions_of,
    require_decider,
    require_stranger,
    require_supported,
)
from eximledger_chaincode.contracts.loanbook.book import (
    OpenedLoan,
    list_of_loans,
    open_loan,
    open_own_loan,
    read_history,
    read_step,
    read_written,
    save_loan,
)
from eximledger_chaincode.contracts.loanbook.converting import preview_bill
from eximledger_chaincode.contracts.loanbook.facts import loan_facts_json, open_case
from eximledger_chaincode.contracts.loanbook.receipts import offered_receipts
from eximledger_chaincode.contracts.loanbook.steps import confirm_step, propose_step, read_to_propose
from eximledger_chaincode.contracts.register.frames import frame_accounts
from eximledger_chaincode.contracts.register.holding import hold, mark_undrawn, release, release_frames
from eximledger_chaincode.contracts.register.presenting import present
from eximledger_chaincode.contracts.state.calendar import require_business_day
from eximledger_chaincode.contracts.state.keys import BUSINESS_DAY_KEY, holding_key, loan_version_key, presented_key
from eximledger_chaincode.contracts.state.lists import PageSize, page_json, read_page
from eximledger_chaincode.contracts.state.members import read_consortium
from eximledger_chaincode.contracts.state.names import BANK, require_channel
from eximledger_chaincode.contracts.state.records import decode
from eximledger_chaincode.contracts.state.shelves import open_papers
from eximledger_chaincode.documents import LoanApplication
from eximledger_chaincode.documents.parts.base import Count, Day, Version
from eximledger_chaincode.documents.parts.record import Hex256
from eximledger_chaincode.lending.accounts.offers import OfferedReceipt
from eximledger_chaincode.lending.accounts.transitions import approved, checked
from eximledger_chaincode.lending.loan import (
    Application,
    Decision,
    Loan,
    LoanHistoryItem,
    LoanId,
    LoanPage,
    LoanState,
    LoanStep,
    WrittenStep,
    require_step,
)
from eximledger_chaincode.lending.packing.bill import ExportBill
from eximledger_chaincode.lending.roles import Person, person_of
from eximledger_chaincode.lending.steps import Override, Proposal, Reason
from eximledger_chaincode.lending.time import day_in_china
from eximledger_chaincode.lending.verdict import Verdict, VerdictHash
from eximledger_chaincode.rules import require_rule_set
from hlf_chaincode.contract import Context, Contract, Encoded, query, transaction
from hlf_chaincode.errors import InvalidDocument, NotFound, Refused

__all__ = ["LoansContract"]

Overrides: TypeAlias = Annotated[list[Override], Field(max_length=200)]
History: TypeAlias = list[LoanHistoryItem]
Offered: TypeAlias = list[OfferedReceipt]
RuleSetId: TypeAlias = Annotated[str, Field(max_length=64)]


class LoansContract(Contract):
    """Every step repeats harmlessly: a step that the same person took already, with the same words, answers with the
    loan. Asked for its short answer, a step tells which step of the loan it was (`LoanStep`), and a check the verdict's
    hash: a block keeps answers for ever."""

    name: ClassVar[str] = "loans"

    @transaction(private=True, brief=LoanStep.of)
    async def apply(self, context: Context, application: LoanApplication) -> Loan:
        """Apply for a loan, or again with an amended application while it is undecided."""
        require_channel("loans", BANK, context.channel)
        return await apply_for(context, application)

    @transaction(private=True, brief=VerdictHash.of)
    async def check(self, context: Context, loan_id: LoanId, rule_set: RuleSetId = "") -> Verdict:
        """Reconcile the case as it stands on the channels and record the verdict; by `rule_set`, where one is named."""
        require_rule_set(rule_set, day_in_china(context.timestamp))
        opened = await _own(context, loan_id, presented_key(loan_id))
        loan = opened.loan
        require_step(loan, LoanState.CHECKED)
        found = await open_case(context, opened)
        verdict = reconcile(found.case)
        await present(context, opened.consortium, opened.vault, loan_id, found.papers)
        if loan.state is not LoanState.CHECKED or loan.verdict != verdict:
            await save_loan(context, opened.vault, loan, checked(loan, verdict, context.timestamp))
        return verdict

    @query(ahead=True)
    async def preview(self, context: Context, loan_id: LoanId, bank: str = "") -> Verdict:
        """The verdict as it would be now, recorded nowhere; SAFE names the loan's bank."""
        return reconcile((await open_case(context, await _readable(context, loan_id, bank))).case)

    @transaction(private=True, brief=LoanStep.of)
    async def approve(
        self, context: Context, loan_id: LoanId, version: Version, evidence_hash: Hex256, overrides: Overrides
    ) -> Loan:
        """Hold the balance and approve, on this peer's own reading of the three channels; by a checker who neither
        applied for the loan nor wrote a paper of it. `version` is that of the application, `evidence_hash` that of the
        verdict which the checker saw."""
        await read_consortium(context, [BUSINESS_DAY_KEY])
        opened = await _own(context, loan_id)
        loan, person = opened.loan, require_decider(opened.loan, context.creator)
        wanted = tuple(sorted(overrides, key=lambda override: override.finding))
        if _is_that_approval(loan, person, version, evidence_hash, wanted):
            return loan
        require_step(loan, LoanState.APPROVED)
        if loan.version != version:
            raise Refused(
                f"version {loan.version} of loan {loan_id} is to be decided, not {version}: check it again",
                loan_id=loan_id,
            )
        await require_business_day(context)
        case = await open_case(context, opened, person)
        require_stranger(case.case, person)
        verdict = reconcile(case.case)
        require_supported(loan_id, verdict, evidence_hash, wanted)
        frames = frame_accounts(loan.application.document.frames, case.case.contracts, case.case.letters_of_credit)
        await hold(context, opened.vault, loan, case.papers, case.seals, frames)
        decision = Decision(
            by=person,
            at=context.timestamp,
            outcome=LoanState.APPROVED,
            evidence_hash=evidence_hash,
            overrides=wanted,
        )
        draws_until = case.case.today + timedelta(days=case.case.tolerances.drawing_days)
        after = approved(loan, decision, verdict, conditions_of(case.case), draws_until)
        return await save_loan(context, opened.vault, loan, after)

    @transaction(private=True, brief=LoanStep.of)
    async def reject(self, context: Context, loan_id: LoanId, reason: Reason) -> Loan:
        """Reject an undecided loan, for good; by a checker who did not apply for it."""
        opened = await _own(context, loan_id)
        person = require_decider(opened.loan, context.creator)
        return await _decided(context, opened, LoanState.REJECTED, reason, person)

    @transaction(private=True, brief=LoanStep.of)
    async def refer(self, context: Context, loan_id: LoanId, reason: Reason) -> Loan:
        """Put an undecided loan before an officer."""
        opened = await _own(context, loan_id)
        return await _decided(context, opened, LoanState.REFERRED, reason, person_of(context.creator))

    @transaction(private=True, brief=LoanStep.of)
    async def withdraw(self, context: Context, loan_id: LoanId, reason: Reason) -> Loan:
        """Take back an undecided loan, for good. An approved one takes two persons: `propose`, `confirm`."""
        opened = await _own(context, loan_id)
        if opened.loan.state is LoanState.APPROVED:
            raise Refused(
                f"loan {loan_id} is approved: its withdrawal takes two persons (loans:propose, loans:confirm)",
                loan_id=loan_id,
            )
        return await _decided(context, opened, LoanState.WITHDRAWN, reason, person_of(context.creator))

    @transaction(private=True, brief=LoanStep.of)
    async def propose(self, context: Context, loan_id: LoanId, proposal: Proposal) -> Loan:
        """Propose a disbursement, a repayment, an extension, a conversion, an indemnity, a withdrawal after approval or
        a write-off; nothing moves."""
        return await propose_step(context, await _own(context, loan_id, *read_to_propose(loan_id, proposal)), proposal)

    @transaction(private=True, brief=LoanStep.of)
    async def confirm(self, context: Context, loan_id: LoanId, proposal_id: Hex256) -> Loan:
        """Take the step that another person proposed, named by its id; by a checker. A disbursement, an extension and a
        conversion judge the case again; a repayment frees balance in proportion, a conversion moves it."""
        await read_consortium(context, [BUSINESS_DAY_KEY])
        return await confirm_step(context, await _own(context, loan_id, holding_key(loan_id)), proposal_id)

    @transaction(private=True, brief=LoanStep.of)
    async def lapse(self, context: Context, loan_id: LoanId) -> Loan:
        """End an approved loan that was not drawn while it could be, and free its balance."""
        opened = await _own(context, loan_id)
        loan, today = opened.loan, day_in_china(context.timestamp)
        if loan.state is LoanState.LAPSED:
            return loan
        require_step(loan, LoanState.LAPSED)
        if loan.draws_until is None or today <= loan.draws_until:
            raise Refused(f"loan {loan_id} can be drawn until {loan.draws_until}", loan_id=loan_id)
        await release(context, opened.vault, loan, ())
        await release_frames(opened.vault, loan, ())
        await mark_undrawn(context, opened.vault, loan)
        return await _moved(context, opened, LoanState.LAPSED, held=(), held_frames=(), proposed=None)

    @transaction(private=True, brief=LoanStep.of)
    async def mark_overdue(self, context: Context, loan_id: LoanId) -> Loan:
        """Note that a loan was not repaid by its maturity. What it owes runs by the calendar, noted or not."""
        opened = await _own(context, loan_id)
        loan, today = opened.loan, day_in_china(context.timestamp)
        if loan.state is LoanState.OVERDUE:
            return loan
        require_step(loan, LoanState.OVERDUE)
        if today <= loan.matures_on:
            raise Refused(f"loan {loan_id} matures on {loan.matures_on}", loan_id=loan_id)
        return await _moved(context, opened, LoanState.OVERDUE)

    @query
    async def preview_bill(
        self, context: Context, loan_id: LoanId, bill: ExportBill, matures_on: Day | None = None, bank: str = ""
    ) -> Verdict:
        """The verdict on a packing loan as the export bill that it would become, recorded nowhere."""
        return await preview_bill(context, await _readable(context, loan_id, bank), bill, matures_on)

    @query
    async def offered(self, context: Context, loan_id: LoanId, bank: str = "") -> Offered:
        """The receipts out of which the loan may be repaid, and what is left of each."""
        return await offered_receipts(context, await _readable(context, loan_id, bank))

    @query
    async def get(self, context: Context, loan_id: LoanId, bank: str = "") -> Encoded[Loan]:
        """The loan as it stands; SAFE names its bank."""
        return Encoded((await _readable(context, loan_id, bank)).data)

    @query
    async def version(self, context: Context, loan_id: LoanId, version: Version, bank: str = "") -> Application:
        """One version of a loan's application."""
        opened = await _readable(context, loan_id, bank)
        stored = await opened.vault.get(loan_version_key(loan_id, version))
        if stored is None:
            raise NotFound(f"there is no version {version} of loan {loan_id}", loan_id=loan_id)
        return decode(Application, stored)

    @query
    async def list(
        self, context: Context, state: str = "", page_size: PageSize = 100, bookmark: str = "", bank: str = ""
    ) -> Encoded[LoanPage]:
        """A page of the bank's loans in the order in which they were opened; with a state only those in it. SAFE names
        the bank."""
        require_channel("loans", BANK, context.channel)
        vault = await open_papers(context, await read_consortium(context), bank)
        name = list_of_loans(_state(state) if state else "")
        page = await read_page(context, vault, name, page_size, bookmark)
        return Encoded(page_json("loans", page.values, page.bookmark))

    @query
    async def history(self, context: Context, loan_id: LoanId, bank: str = "") -> History:
        """The loan after each transaction on it, newest first; at most the last 1000."""
        return await read_history(await _readable(context, loan_id, bank))

    @query
    async def step(self, context: Context, loan_id: LoanId, step: Count, bank: str = "") -> Encoded[Loan]:
        """The loan as one transaction left it, by the number of the step; nothing writes it again."""
        return Encoded(await read_step(await _readable(context, loan_id, bank), step))

    @query
    async def written(self, context: Context, loan_id: LoanId, step: Count, bank: str = "") -> WrittenStep:
        """One step of a loan with the key and the salt that a block has the hashes of: what a proof is made of."""
        return await read_written(await _readable(context, loan_id, bank), step)

    @query
    async def facts(self, context: Context, loan_id: LoanId, bank: str = "") -> Encoded[LoanFacts]:
        """What the bank channel knows for the loan's case; SAFE names its bank."""
        return Encoded(await loan_facts_json(context, await _readable(context, loan_id, bank)))

    @query
    async def named(self, context: Context, name: Hex256, bank: str = "") -> Loan:
        """The loan that an event `loan.changed` tells of by its opaque name."""
        require_channel("loans", BANK, context.channel)
        vault = await open_papers(context, await read_consortium(context), bank)
        (stored,) = await vault.get_named([name])
        if stored is None:
            raise NotFound("there is no loan of this name: it is another bank's")
        return decode(Loan, stored)


async def _own(context: Context, loan_id: str, *ahead: str) -> OpenedLoan:
    """The caller's own bank's loan, on its channel."""
    require_channel("loans", BANK, context.channel)
    return await open_own_loan(context, loan_id, ahead)


async def _readable(context: Context, loan_id: str, bank: str) -> OpenedLoan:
    require_channel("loans", BANK, context.channel)
    return await open_loan(context, loan_id, bank)


def _is_that_approval(
    loan: Loan, person: Person, version: int, evidence_hash: str, overrides: tuple[Override, ...]
) -> bool:
    """Whether this person has approved just this, wherever the loan's life went on to since."""
    approval = loan.approval
    return (
        approval is not None
        and approval.by.is_same(person)
        and (loan.version, approval.evidence_hash, approval.overrides) == (version, evidence_hash, overrides)
    )


async def _moved(context: Context, opened: OpenedLoan, to: LoanState, **changes: object) -> Loan:
    """The loan in its next state, saved and announced."""
    after = opened.loan.model_copy(update={"state": to, "updated_at": context.timestamp, **changes})
    return await save_loan(context, opened.vault, opened.loan, after)


async def _decided(context: Context, opened: OpenedLoan, to: LoanState, reason: str, person: Person) -> Loan:
    """An undecided loan decided without money: rejected, referred, withdrawn."""
    loan, before = opened.loan, opened.loan.decision
    if loan.state is to and before is not None and before.reason == reason and before.by.is_same(person):
        return loan
    require_step(loan, to)
    decision = Decision(by=person, at=context.timestamp, outcome=to, reason=reason)
    return await _moved(context, opened, to, decision=decision)


def _state(text: str) -> LoanState:
    try:
        return LoanState(text)
    except ValueError:
        raise InvalidDocument(
            f"state: a loan is one of {', '.join(LoanState)}", field="state", reason="unknown state"
        ) from None
