"""A loan, and a step of it, as rows."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from eximledger.mirror.writing.papers import Values
from eximledger.mirror.writing.signers import Signer
from eximledger_chaincode.documents import KINDS, LoanApplication, Money, compared_name, compared_number
from eximledger_chaincode.lending.accounts.account import account_of
from eximledger_chaincode.lending.loan import Loan, LoanHistoryItem, LoanState
from eximledger_chaincode.lending.steps import Override, Payment
from eximledger_chaincode.lending.time import day_in_china

__all__ = ["LoanRows", "loan_rows", "step_row"]

_DRAWABLE: Final = frozenset({LoanState.APPROVED, LoanState.DISBURSED})
_RUNNING: Final = frozenset({LoanState.DISBURSED, LoanState.OVERDUE, LoanState.INDEMNITY_SOUGHT})


@dataclass(frozen=True, slots=True)
class LoanRows:
    """What a loan as it stands is in the tables. The lists are those of its other tables, by their names."""

    place: tuple[str, str]
    step: int
    loan: Values
    parts: dict[str, tuple[Values, ...]]


def loan_rows(loan: Loan, body: str, origin: str) -> LoanRows:
    """The rows of a loan as it stands."""
    key = {"bank": loan.bank, "loan_id": loan.loan_id}
    return LoanRows(
        place=(loan.bank, loan.loan_id),
        step=loan.step,
        loan={**key, **_terms(loan), **_amounts(loan), **_decisions(loan), "origin": origin},
        parts={
            "loan_body": ({**key, "body": body},),
            "loan_payment": tuple({**key, **_payment(place, each)} for place, each in enumerate(loan.payments)),
            "loan_hold": tuple({**key, **each} for each in _holds(loan)),
            "loan_paper": tuple({**key, **each} for each in _papers(loan.application.document)),
            "finding": tuple({**key, **each} for each in _findings(loan)),
            "finding_override": tuple({**key, **each} for each in _overrides(loan)),
        },
    )


def _terms(loan: Loan) -> Values:
    application = loan.application.document
    due = loan.matures_on if loan.state in _RUNNING else None
    return {
        "state": loan.state.value,
        "step": loan.step,
        "version": loan.version,
        "financing": application.financing.value,
        "applicant": application.exporter,
        "applicant_name": application.applicant.name,
        "applicant_compared": compared_name(application.applicant.name),
        "currency": loan.currency,
        "rate_percent": loan.rate_percent,
        "applied_on": application.applied_on,
        "matures_on": loan.matures_on,
        "draws_until": loan.draws_until,
        "due_on": loan.draws_until if loan.state is LoanState.APPROVED else due,
        "applied_by": loan.applied_by.name,
        "opened_at": loan.opened_at,
        "checked_at": loan.checked_at,
        "updated_at": loan.updated_at,
    }


def _amounts(loan: Loan) -> Values:
    account = account_of(loan, day_in_china(loan.updated_at))
    undrawn = account.undrawn.amount if loan.state in _DRAWABLE else Decimal(0)
    return {
        "amount": loan.application.document.amount.amount,
        "drawn": account.drawn.amount,
        "repaid": account.repaid.amount,
        "outstanding": account.outstanding.amount,
        "undrawn": max(undrawn, Decimal(0)),
        "eligible": None if loan.verdict is None else loan.verdict.eligible.amount,
    }


def _decisions(loan: Loan) -> Values:
    verdict, decision, proposed = loan.verdict, loan.decision, loan.proposed
    return {
        "verdict": None if verdict is None else verdict.verdict.value,
        "rule_set": None if verdict is None else verdict.rule_set,
        "evidence_hash": None if verdict is None else verdict.evidence_hash,
        "decision": None if decision is None else decision.outcome.value,
        "decided_by": None if decision is None else decision.by.name,
        "decided_at": None if decision is None else decision.at,
        "reason": None if decision is None else decision.reason,
        "proposed": None if proposed is None else proposed.proposal.step.value,
        "proposed_words": None if proposed is None else proposed.proposal.words,
        "proposed_id": None if proposed is None else proposed.sha256,
        "proposed_by": None if proposed is None else proposed.by.name,
        "proposed_at": None if proposed is None else proposed.at,
    }


def _payment(position: int, payment: Payment) -> Values:
    proposal = payment.proposal
    moneys = (proposal.amount, payment.principal, payment.interest)
    return {
        "position": position,
        "taken": proposal.step.value,
        "day": payment.day,
        "currency": next((money.currency for money in moneys if money is not None), None),
        "amount": _amount(proposal.amount),
        "principal": _amount(payment.principal),
        "interest": _amount(payment.interest),
        "reference": proposal.reference,
        "receipt": proposal.receipt,
        "proposed_by": payment.proposed_by.name,
        "confirmed_by": payment.confirmed_by.name,
        "at": payment.at,
    }


def _amount(money: Money | None) -> Decimal | None:
    return None if money is None else money.amount


def _holds(loan: Loan) -> list[Values]:
    """What is asked by the application, and what is held: of an export bill that a packing loan became, that alone."""
    application = loan.application.document
    asked = {("declaration", each.declaration_number): each.amount for each in application.declarations}
    asked |= {(str(each.kind), each.number): each.amount for each in application.frames}
    held = {("declaration", each.declaration_number): each.amount for each in loan.held}
    held |= {(str(each.kind), each.number): each.amount for each in loan.held_frames}
    return [
        {
            "kind": kind,
            "number": number,
            "compared_number": compared_number(number),
            "currency": (held.get((kind, number)) or asked[kind, number]).currency,
            "asked": asked[kind, number].amount if (kind, number) in asked else Decimal(0),
            "held": held[kind, number].amount if (kind, number) in held else Decimal(0),
        }
        for kind, number in sorted(asked.keys() | held.keys())
    ]


def _papers(application: LoanApplication) -> list[Values]:
    found = {
        (kind.name, number): compared_number(number)
        for kind in KINDS.values()
        if kind.named
        for number in application.named(kind.field)
    }
    return [{"kind": kind, "number": number, "compared_number": found[kind, number]} for kind, number in sorted(found)]


def _findings(loan: Loan) -> list[Values]:
    return [
        {
            "position": position,
            "finding_id": each.id,
            "rule": each.rule,
            "severity": each.severity.value,
            "message_en": each.message.en,
            "message_zh": each.message.zh,
            "papers": ", ".join(str(document) for document in each.documents),
        }
        for position, each in enumerate(loan.verdict.findings if loan.verdict is not None else ())
    ]


def _overrides(loan: Loan) -> list[Values]:
    found: list[Values] = []
    if loan.approval is not None:
        made = {"at_step": "approval", "officer": loan.approval.by.name, "at": loan.approval.at}
        found += [{**made, **_override(each)} for each in loan.approval.overrides]
    for place, payment in enumerate(loan.payments):
        made = {"at_step": f"payment {place}", "officer": payment.confirmed_by.name, "at": payment.at}
        found += [{**made, **_override(each)} for each in payment.proposal.overrides]
    return list({(each["at_step"], each["finding_id"]): each for each in found}.values())


def _override(override: Override) -> Values:
    return {
        "finding_id": override.finding,
        "rule": override.finding.partition(":")[0],
        "reason": override.reason,
    }


# -- a step ------------------------------------------------------------------------------------------------------------


def step_row(item: LoanHistoryItem, signer: Signer, origin: str) -> Values:
    """What one transaction did to a loan, and who signed it."""
    loan = item.loan
    act = signer.function.partition(":")[2]
    about = _about(loan, act)
    return {
        "bank": loan.bank,
        "loan_id": loan.loan_id,
        "step": loan.step,
        "act": act,
        "state": loan.state.value,
        "at": item.timestamp,
        "msp_id": signer.msp_id,
        "person": signer.person,
        "roles": signer.roles,
        "transaction_id": item.transaction_id,
        "origin": origin,
        **about,
    }


def _about(loan: Loan, act: str) -> Values:
    """What it was about: the step that was proposed or confirmed, the amount, the words, the reason."""
    nothing: Values = {"taken": None, "currency": None, "amount": None, "words": None, "reason": None}
    proposal = None
    if act == "propose" and loan.proposed is not None:
        proposal = loan.proposed.proposal
    elif act == "confirm" and loan.payments:
        proposal = loan.payments[-1].proposal
    if proposal is not None:
        money = proposal.amount
        return {
            "taken": proposal.step.value,
            "currency": None if money is None else money.currency,
            "amount": _amount(money),
            "words": proposal.words,
            "reason": proposal.reason,
        }
    if act in {"apply", "approve"}:
        asked = loan.application.document.amount
        return {**nothing, "currency": asked.currency, "amount": asked.amount}
    if act in {"refer", "reject", "withdraw"} and loan.decision is not None:
        return {**nothing, "reason": loan.decision.reason}
    return nothing
