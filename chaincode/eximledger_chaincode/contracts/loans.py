"""loans: applications, checks, decisions and payments on the bank channel."""

from __future__ import annotations

from typing import Annotated, ClassVar, TypeAlias

from pydantic import Field

from eximledger_chaincode.contracts.casefile.facts import LoanFacts
from eximledger_chaincode.contracts.loanbook.applying import apply_for
from eximledger_chaincode.contracts.loanbook.approval import require_decider, require_stranger, require_supported
from eximledger_chaincode.contracts.loanbook.book import (
    OpenedLoan,
    open_loan,
    open_own_loan,
    read_loans,
    save_loan,
)
from eximledger_chaincode.contracts.loanbook.facts import loan_facts_json, open_case
from eximledger_chaincode.contracts.loanbook.steps import confirm_step, propose_step
from eximledger_chaincode.contracts.papers.private import require_reader
from eximledger_chaincode.contracts.register.holding import hold
from eximledger_chaincode.contracts.state.calendar import require_business_day
from eximledger_chaincode.contracts.state.keys import LOAN, LOAN_STATE, loan_key, loan_version_key
from eximledger_chaincode.contracts.state.names import BANK, require_channel
from eximledger_chaincode.contracts.state.paging import PageSize, key_page, page_json
from eximledger_chaincode.contracts.state.records import decode, encode
from eximledger_chaincode.documents import LoanApplication
from eximledger_chaincode.documents.parts.base import Version
from eximledger_chaincode.documents.parts.record import Hex256
from eximledger_chaincode.lending.loan import (
    Application,
    Decision,
    Loan,
    LoanHistoryItem,
    LoanId,
    LoanPage,
    LoanState,
    Override,
    Proposal,
    Reason,
    require_step,
)
from eximledger_chaincode.lending.roles import Person, person_of
from eximledger_chaincode.lending.verdict import Verdict
from eximledger_chaincode.rules import reconcile, require_rule_set
from hlf_chaincode.contract import Context, Contract, Encoded, query, transaction
from hlf_chaincode.errors import InvalidDocument, NotFound, Refused

__all__ = ["LoansContract"]

Overrides: TypeAlias = Annotated[list[Override], Field(max_length=200)]
History: TypeAlias = list[LoanHistoryItem]
RuleSetId: TypeAlias = Annotated[str, Field(max_length=64)]


class LoansContract(Contract):
    """Every step repeats harmlessly: a step that the same person took already, with the same words, answers with the
    loan."""

    name: ClassVar[str] = "loans"

    @transaction
    async def apply(self, context: Context, application: LoanApplication) -> Loan:
        """Apply for a loan, or again with an amended application while it is undecided."""
        require_channel("loans", BANK, context.channel)
        return await apply_for(context, application)

    @transaction
    async def check(self, context: Context, loan_id: LoanId, rule_set: RuleSetId = "") -> Verdict:
        """Reconcile the case as it stands on the channels and record the verdict; by `rule_set`, where one is named."""
        require_rule_set(rule_set)
        opened = await _own(context, loan_id)
        loan = opened.loan
        require_step(loan, LoanState.CHECKED)
        verdict = reconcile((await open_case(context, opened)).case)
        if loan.state is not LoanState.CHECKED or loan.verdict != verdict:
            now = context.timestamp
            changes = {"state": LoanState.CHECKED, "verdict": verdict, "checked_at": now, "updated_at": now}
            await save_loan(context, loan, loan.model_copy(update=changes))
        return verdict

    @query
    async def preview(self, context: Context, loan_id: LoanId) -> Verdict:
        """The verdict as it would be now, recorded nowhere; for the loan's own bank and the fx-bureau."""
        return reconcile((await open_case(context, await _readable(context, loan_id))).case)

    @transaction
    async def approve(
        self, context: Context, loan_id: LoanId, version: Version, evidence_hash: Hex256, overrides: Overrides
    ) -> Loan:
        """Hold the balance and approve, on this peer's own reading of the three channels; by a checker who neither
        applied for the loan nor wrote a paper of it. `version` is that of the application, `evidence_hash` that of the
        verdict which the checker saw."""
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
        await hold(context, opened.consortium, loan, case.papers)
        decision = Decision(
            by=person,
            at=context.timestamp,
            outcome=LoanState.APPROVED,
            evidence_hash=evidence_hash,
            overrides=wanted,
        )
        return await _moved(context, loan, LoanState.APPROVED, decision=decision, approval=decision, verdict=verdict)

    @transaction
    async def reject(self, context: Context, loan_id: LoanId, reason: Reason) -> Loan:
        """Reject an undecided loan, for good; by a checker who did not apply for it."""
        loan = (await _own(context, loan_id)).loan
        return await _decided(context, loan, LoanState.REJECTED, reason, require_decider(loan, context.creator))

    @transaction
    async def refer(self, context: Context, loan_id: LoanId, reason: Reason) -> Loan:
        """Put an undecided loan before an officer."""
        loan = (await _own(context, loan_id)).loan
        return await _decided(context, loan, LoanState.REFERRED, reason, person_of(context.creator))

    @transaction
    async def withdraw(self, context: Context, loan_id: LoanId, reason: Reason) -> Loan:
        """Take back an undecided loan, for good. An approved one takes two persons: `propose`, `confirm`."""
        loan = (await _own(context, loan_id)).loan
        if loan.state is LoanState.APPROVED:
            raise Refused(
                f"loan {loan_id} is approved: its withdrawal takes two persons (loans:propose, loans:confirm)",
                loan_id=loan_id,
            )
        return await _decided(context, loan, LoanState.WITHDRAWN, reason, person_of(context.creator))

    @transaction
    async def propose(self, context: Context, loan_id: LoanId, proposal: Proposal) -> Loan:
        """Propose a disbursement, a repayment, a withdrawal after approval or a write-off; nothing moves."""
        return await propose_step(context, (await _own(context, loan_id)).loan, proposal)

    @transaction
    async def confirm(self, context: Context, loan_id: LoanId, proposal_id: Hex256) -> Loan:
        """Take the step that another person proposed, named by its id; by a checker. A disbursement judges the case
        again; what ends the loan frees its balance."""
        return await confirm_step(context, await _own(context, loan_id), proposal_id)

    @query
    async def get(self, context: Context, loan_id: LoanId) -> Loan:
        """The loan as it stands."""
        require_channel("loans", BANK, context.channel)
        return (await open_loan(context, loan_id)).loan

    @query
    async def version(self, context: Context, loan_id: LoanId, version: Version) -> Application:
        """One version of a loan's application."""
        require_channel("loans", BANK, context.channel)
        stored = await context.stub.get_state(loan_version_key(loan_id, version))
        if stored is None:
            raise NotFound(f"there is no version {version} of loan {loan_id}", loan_id=loan_id)
        return decode(Application, stored)

    @query
    async def list(
        self, context: Context, state: str = "", page_size: PageSize = 100, bookmark: str = "", bank: str = ""
    ) -> Encoded[LoanPage]:
        """A page of loans by id, of all banks; with a state only those in it, and of these with a bank only its own."""
        require_channel("loans", BANK, context.channel)
        if bank and not state:
            raise InvalidDocument(
                "bank: say the state, too: loans are listed by state and bank", field="bank", reason="no state"
            )
        if not state:
            page = await key_page(context, LOAN, (), page_size, bookmark)
        else:
            prefix = (_state(state), bank) if bank else (_state(state),)
            page = await key_page(context, LOAN_STATE, prefix, page_size, bookmark)
        loans = await read_loans(context, [attributes[-1] for attributes in page.attributes])
        return Encoded(page_json("loans", [encode(loan) for loan in loans], page.bookmark))

    @query
    async def history(self, context: Context, loan_id: LoanId) -> History:
        """Every written version of the loan, newest first."""
        require_channel("loans", BANK, context.channel)
        changes = await context.stub.get_history_for_key(loan_key(loan_id))
        if not changes:
            raise NotFound(f"there is no loan {loan_id}", loan_id=loan_id)
        return [
            LoanHistoryItem(
                loan=None if change.is_delete else decode(Loan, change.value),
                is_delete=change.is_delete,
                transaction_id=change.transaction_id,
                timestamp=change.timestamp,
            )
            for change in changes
        ]

    @query
    async def facts(self, context: Context, loan_id: LoanId) -> Encoded[LoanFacts]:
        """What the bank channel knows for the loan's case; for its own bank and the fx-bureau."""
        return Encoded(await loan_facts_json(context, await _readable(context, loan_id)))


async def _own(context: Context, loan_id: str) -> OpenedLoan:
    """The caller's own bank's loan, on its channel."""
    require_channel("loans", BANK, context.channel)
    return await open_own_loan(context, loan_id)


async def _readable(context: Context, loan_id: str) -> OpenedLoan:
    """A loan whose papers the caller may read."""
    require_channel("loans", BANK, context.channel)
    opened = await open_loan(context, loan_id)
    require_reader(context, opened.consortium, opened.loan.bank)
    return opened


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


async def _moved(context: Context, loan: Loan, to: LoanState, **changes: object) -> Loan:
    """The loan in its next state, saved and announced."""
    after = loan.model_copy(update={"state": to, "updated_at": context.timestamp, **changes})
    await save_loan(context, loan, after)
    return after


async def _decided(context: Context, loan: Loan, to: LoanState, reason: str, person: Person) -> Loan:
    """An undecided loan decided without money: rejected, referred, withdrawn."""
    before = loan.decision
    if loan.state is to and before is not None and before.reason == reason and before.by.is_same(person):
        return loan
    require_step(loan, to)
    return await _moved(
        context, loan, to, decision=Decision(by=person, at=context.timestamp, outcome=to, reason=reason)
    )


def _state(text: str) -> LoanState:
    try:
        return LoanState(text)
    except ValueError:
        raise InvalidDocument(
            f"state: a loan is one of {', '.join(LoanState)}", field="state", reason="unknown state"
        ) from None
