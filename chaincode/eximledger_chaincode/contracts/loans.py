"""loans: applications, checks, decisions and payments on the bank channel."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, ClassVar, TypeAlias

from pydantic import Field

from eximledger_chaincode.contracts.casefile.assembling import paper_fingerprints
from eximledger_chaincode.contracts.casefile.facts import LoanFacts, ReservationFacts
from eximledger_chaincode.contracts.loanbook.applying import apply_for
from eximledger_chaincode.contracts.loanbook.approval import require_four_eyes, require_held, require_supported
from eximledger_chaincode.contracts.loanbook.book import (
    announce,
    effective,
    open_loan,
    open_own_loan,
    read_loans,
    save_loan,
)
from eximledger_chaincode.contracts.loanbook.facts import loan_facts_json, open_case, read_loan_facts
from eximledger_chaincode.contracts.papers.private import require_reader
from eximledger_chaincode.contracts.state.crosschannel import ask
from eximledger_chaincode.contracts.state.keys import LOAN, LOAN_STATE, expiry_key, loan_key, loan_state_key
from eximledger_chaincode.contracts.state.members import require_role
from eximledger_chaincode.contracts.state.names import BANK, FX, require_channel
from eximledger_chaincode.contracts.state.paging import PageSize, key_page, page_json
from eximledger_chaincode.contracts.state.records import decode, encode
from eximledger_chaincode.documents import LoanApplication
from eximledger_chaincode.documents.parts.identifiers import Number
from eximledger_chaincode.documents.parts.record import Hex256
from eximledger_chaincode.lending.loan import (
    Decision,
    ExpiryMarker,
    Loan,
    LoanHistoryItem,
    LoanId,
    LoanPage,
    LoanState,
    Override,
    Payment,
    Reason,
    Standing,
    require_step,
)
from eximledger_chaincode.lending.register import Reservation, ReservationState
from eximledger_chaincode.lending.roles import Role
from eximledger_chaincode.lending.verdict import Verdict
from eximledger_chaincode.rules import reconcile, require_rule_set
from hlf_chaincode.contract import Context, Contract, Encoded, query, transaction
from hlf_chaincode.errors import InvalidDocument, NotFound, Refused

__all__ = ["LoansContract"]

RuleSetId: TypeAlias = Annotated[str, Field(max_length=64)]
Overrides: TypeAlias = Annotated[list[Override], Field(max_length=200)]
History: TypeAlias = list[LoanHistoryItem]


class LoansContract(Contract):
    """Every step repeats harmlessly: a step that was taken already, with the same words, answers with the loan."""

    name: ClassVar[str] = "loans"

    @transaction
    async def apply(self, context: Context, application: LoanApplication) -> Loan:
        """Apply for a loan, or again with an amended application while it is undecided or expired."""
        require_channel("loans", BANK, context.channel)
        return await apply_for(context, application)

    @transaction
    async def check(self, context: Context, loan_id: LoanId, rule_set: RuleSetId = "") -> Verdict:
        """Reconcile the case as it stands on the channels and record the verdict; by `rule_set`, where one is named."""
        require_channel("loans", BANK, context.channel)
        require_rule_set(rule_set)
        loan = (await open_own_loan(context, loan_id)).loan
        require_step(loan, LoanState.CHECKED)
        verdict = reconcile((await open_case(context, loan, approving=None)).case)
        if loan.state is not LoanState.CHECKED or loan.verdict != verdict:
            now = context.timestamp
            changes = {"state": LoanState.CHECKED, "verdict": verdict, "checked_at": now, "updated_at": now}
            await save_loan(context, loan, loan.model_copy(update=changes))
        return verdict

    @query
    async def preview(self, context: Context, loan_id: LoanId) -> Verdict:
        """The verdict as it would be now, recorded nowhere; for the loan's own bank and the fx-bureau."""
        require_channel("loans", BANK, context.channel)
        opened = await open_loan(context, loan_id)
        require_reader(context, opened.consortium, opened.loan.bank)
        return reconcile((await open_case(context, opened.loan, approving=None)).case)

    @transaction
    async def approve(self, context: Context, loan_id: LoanId, evidence_hash: Hex256, overrides: Overrides) -> Loan:
        """Approve on this peer's own reading of the three channels, by another officer than the one who applied."""
        require_channel("loans", BANK, context.channel)
        loan = (await open_own_loan(context, loan_id)).loan
        wanted = tuple(sorted(overrides, key=lambda override: override.finding))
        if _is_that_approval(loan, evidence_hash, wanted):
            return loan
        require_step(loan, LoanState.APPROVED)
        require_four_eyes(loan, context.creator)
        opened = await open_case(context, loan, approving=context.creator.certificate_hash)
        require_held(loan, opened, context.timestamp)
        verdict = reconcile(opened.case)
        require_supported(loan_id, verdict, evidence_hash, wanted, context.creator)
        decision = Decision(
            by=context.creator.certificate_hash,
            at=context.timestamp,
            outcome=LoanState.APPROVED,
            evidence_hash=evidence_hash,
            overrides=wanted,
        )
        return await _moved(context, loan, LoanState.APPROVED, decision=decision, verdict=verdict)

    @transaction
    async def reject(self, context: Context, loan_id: LoanId, reason: Reason) -> Loan:
        """Reject an undecided loan, for good."""
        return await _decide(context, loan_id, LoanState.REJECTED, reason)

    @transaction
    async def refer(self, context: Context, loan_id: LoanId, reason: Reason) -> Loan:
        """Put an undecided loan before an officer."""
        return await _decide(context, loan_id, LoanState.REFERRED, reason)

    @transaction
    async def withdraw(self, context: Context, loan_id: LoanId, reason: Reason) -> Loan:
        """Take a loan back that is not disbursed, for good."""
        return await _decide(context, loan_id, LoanState.WITHDRAWN, reason)

    @transaction
    async def expire(self, context: Context, loan_id: LoanId) -> Loan:
        """Mark an undecided loan whose reservation has run out, so that what it holds can be freed. Any bank may."""
        require_channel("loans", BANK, context.channel)
        opened = await open_loan(context, loan_id)
        require_role(context, opened.consortium, {Role.BANK, Role.FX_BUREAU})
        loan = opened.loan
        if loan.state is LoanState.EXPIRED:
            return loan
        require_step(loan, LoanState.EXPIRED)
        reservation = await ask(context, Reservation, FX, "financing:reservation", loan_id)
        _require_run_out(reservation, context.timestamp)
        marker = ExpiryMarker(
            loan_id=loan_id,
            loan_version=loan.version,
            expired_at=reservation.expires_at,
            marked_by=context.creator.msp_id,
            marked_at=context.timestamp,
        )
        writes = {expiry_key(loan_id): encode(marker), loan_state_key(LoanState.EXPIRED, loan_id): b"{}"}
        await context.stub.put_states(writes)
        await context.stub.delete_state(loan_state_key(loan.state, loan_id))
        expired = effective(loan, encode(marker))
        announce(context, expired)
        return expired

    @transaction
    async def disburse(self, context: Context, loan_id: LoanId, reference: Number) -> Loan:
        """Record that an approved loan was paid out, under the bank's own reference."""
        return await _pay(context, loan_id, LoanState.DISBURSED, "disbursement", reference)

    @transaction
    async def repay(self, context: Context, loan_id: LoanId, reference: Number) -> Loan:
        """Record that a disbursed loan was paid back."""
        return await _pay(context, loan_id, LoanState.REPAID, "repayment", reference)

    @transaction
    async def release(self, context: Context, loan_id: LoanId) -> Loan:
        """Close a repaid loan whose balance the fx channel has freed (`financing:release`)."""
        require_channel("loans", BANK, context.channel)
        loan = (await open_own_loan(context, loan_id)).loan
        if loan.state is LoanState.RELEASED:
            return loan
        require_step(loan, LoanState.RELEASED)
        reservation = await ask(context, Reservation, FX, "financing:reservation", loan_id)
        if reservation.state is not ReservationState.RELEASED:
            raise Refused(f"loan {loan_id} still holds balance: call financing:release on {FX} first", loan_id=loan_id)
        return await _moved(context, loan, LoanState.RELEASED, released_at=context.timestamp)

    @query
    async def get(self, context: Context, loan_id: LoanId) -> Loan:
        """The loan in its effective state."""
        require_channel("loans", BANK, context.channel)
        return (await open_loan(context, loan_id)).loan

    @query
    async def list(
        self, context: Context, state: str = "", page_size: PageSize = 100, bookmark: str = ""
    ) -> Encoded[LoanPage]:
        """A page of loans by id, of all banks; with a state only those in it."""
        require_channel("loans", BANK, context.channel)
        if not state:
            page = await key_page(context, LOAN, (), page_size, bookmark)
        else:
            page = await key_page(context, LOAN_STATE, (_state(state),), page_size, bookmark)
        loans = await read_loans(context, [attributes[-1] for attributes in page.attributes])
        return Encoded(page_json("loans", [encode(loan) for loan in loans], page.bookmark))

    @query
    async def history(self, context: Context, loan_id: LoanId) -> History:
        """Every written version of the loan, newest first. An expiry stands in a key of its own, not among them."""
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
        require_channel("loans", BANK, context.channel)
        opened = await open_loan(context, loan_id)
        require_reader(context, opened.consortium, opened.loan.bank)
        return Encoded(await loan_facts_json(context, opened.loan))

    @query
    async def standing(self, context: Context, loan_id: LoanId) -> Standing:
        """Where the loan stands, for `financing:release`."""
        require_channel("loans", BANK, context.channel)
        loan = (await open_loan(context, loan_id)).loan
        return Standing(
            loan_id=loan_id,
            bank=loan.bank,
            state=loan.state,
            version=loan.version,
            disbursed=loan.disbursement is not None,
        )

    @query
    async def reservation_facts(self, context: Context, loan_id: LoanId) -> ReservationFacts:
        """What the loan wants to hold and which papers it brings, for `financing:reserve`."""
        require_channel("loans", BANK, context.channel)
        opened = await open_loan(context, loan_id)
        require_reader(context, opened.consortium, opened.loan.bank)
        loan = opened.loan
        facts = await read_loan_facts(context, loan)
        return ReservationFacts(
            loan_id=loan_id,
            bank=loan.bank,
            state=loan.state,
            version=loan.version,
            exporter=loan.application.document.exporter,
            items=loan.items,
            reservation_hours=facts.tolerances.reservation_hours,
            papers=paper_fingerprints(facts),
        )


def _is_that_approval(loan: Loan, evidence_hash: str, overrides: tuple[Override, ...]) -> bool:
    decision = loan.decision
    return (
        loan.state is LoanState.APPROVED
        and decision is not None
        and (decision.evidence_hash, decision.overrides) == (evidence_hash, overrides)
    )


async def _moved(context: Context, loan: Loan, to: LoanState, **changes: object) -> Loan:
    """The loan in its next state, saved and announced."""
    after = loan.model_copy(update={"state": to, "updated_at": context.timestamp, **changes})
    await save_loan(context, loan, after)
    return after


async def _decide(context: Context, loan_id: str, to: LoanState, reason: str) -> Loan:
    require_channel("loans", BANK, context.channel)
    loan = (await open_own_loan(context, loan_id)).loan
    if loan.state is to and loan.decision is not None and loan.decision.reason == reason:
        return loan
    require_step(loan, to)
    decision = Decision(by=context.creator.certificate_hash, at=context.timestamp, outcome=to, reason=reason)
    approval = loan.decision if loan.state is LoanState.APPROVED else None
    return await _moved(context, loan, to, decision=decision, approval=approval)


async def _pay(context: Context, loan_id: str, to: LoanState, field: str, reference: str) -> Loan:
    require_channel("loans", BANK, context.channel)
    loan = (await open_own_loan(context, loan_id)).loan
    payment = loan.disbursement if to is LoanState.DISBURSED else loan.repayment
    if loan.state is to and payment is not None and payment.reference == reference:
        return loan
    require_step(loan, to)
    paid = Payment(reference=reference, at=context.timestamp, by=context.creator.certificate_hash)
    return await _moved(context, loan, to, **{field: paid})


def _require_run_out(reservation: Reservation, now: datetime) -> None:
    if reservation.state is ReservationState.RELEASED:
        raise Refused(f"loan {reservation.loan_id} holds nothing that could expire", loan_id=reservation.loan_id)
    if reservation.expires_at > now:
        raise Refused(
            f"the reservation of loan {reservation.loan_id} runs until {reservation.expires_at.isoformat()}",
            loan_id=reservation.loan_id,
            expires_at=reservation.expires_at.isoformat(),
        )


def _state(text: str) -> LoanState:
    try:
        return LoanState(text)
    except ValueError:
        raise InvalidDocument(
            f"state: a loan is one of {', '.join(LoanState)}", field="state", reason="unknown state"
        ) from None
