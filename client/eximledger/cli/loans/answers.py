"""What the commands of `eximledger loan` print of a loan."""

from __future__ import annotations

from datetime import date

from rich.console import RenderableType

from eximledger.cli.frame.output import Output
from eximledger.cli.frame.session import Session
from eximledger.cli.frame.verdict import approval_of
from eximledger.reports import (
    Report,
    Roles,
    account_table,
    conditions_table,
    decider_of,
    life_of,
    member_with_role,
    moment,
    next_step,
    proposal_words,
    terms_table,
    verdict_view,
)
from eximledger_chaincode.lending.accounts.account import account_of
from eximledger_chaincode.lending.loan import Loan

__all__ = ["answer_loan", "loan_view"]


def answer_loan(session: Session, found: Loan) -> None:
    """The loan after a command: where it stands, and what waits for a second person."""
    output = session.output
    output.answer(found, _facts(output, found, session.today()), *_proposed(output, found))


def loan_view(output: Output, found: Loan, day: date, roles: Roles) -> list[RenderableType]:
    """All that is known of a loan, with its account on a day, and persons with their `roles`."""
    shown: list[RenderableType] = [_facts(output, found, day, roles)]
    if found.verdict is not None:
        report = Report(found.application.document, found.verdict, found, roles=roles)
        shown += ["", verdict_view(found.verdict, output.language, report.set_aside, roles)]
    shown += ["", terms_table(found, output.language)]
    if found.payments:
        shown += ["", account_table(account_of(found, day), output.language)]
    if found.conditions:
        shown += ["", conditions_table(found, output.language)]
    rows = [
        (moment(one.at), output.word(one.state), one.by, one.confirmed_by, one.note)
        for one in life_of(found, output.language, roles)
    ]
    shown += ["", output.table(("Time", "Step", "By", "Confirmed by", "Reason or payment"), rows)]
    if found.verdict is not None:
        shown += approval_of(Report(found.application.document, found.verdict, found))
    return [*shown, *_proposed(output, found, roles)]


def _facts(output: Output, found: Loan, day: date, roles: Roles | None = None) -> RenderableType:
    application = found.application.document
    rows = [
        ("Loan", found.loan_id),
        ("State", output.word(found.state.value)),
        ("Bank", found.bank),
        ("Applicant", f"{application.applicant.name} {application.exporter}"),
        ("Amount asked", str(application.amount)),
        ("Declarations", ", ".join(item.declaration_number for item in application.declarations)),
        ("Version", str(found.version)),
        ("Applied by", member_with_role(found.applied_by, output.language, roles or {})),
        ("Decided", _decided(output, found, roles or {})),
    ]
    if found.payments:
        account = account_of(found, day)
        rows += [("Outstanding", str(account.outstanding)), ("Interest due", f"{account.interest_due} ({day})")]
        rows += [("Matures on", str(account.matures_on))]
        if found.held:
            rows += [("Held", ", ".join(f"{item.amount} ({item.declaration_number})" for item in found.held))]
    return output.facts([*rows, ("To do next", next_step(found, day, output.language))])


def _decided(output: Output, found: Loan, roles: Roles) -> str:
    """The last decision: what, when, by whom, why."""
    decision = found.decision
    if decision is None:
        return ""
    person, as_checker = decider_of(decision)
    by = member_with_role(person, output.language, roles, checker=as_checker)
    reason = f": {decision.reason}" if decision.reason else ""
    return f"{output.word(decision.outcome.value)}, {moment(decision.at)}, {by}{reason}"


def _proposed(output: Output, found: Loan, roles: Roles | None = None) -> list[RenderableType]:
    """What waits for a second person, and the command with which that one confirms just it."""
    waiting = found.proposed
    if waiting is None:
        return []
    proposal = waiting.proposal
    by = member_with_role(waiting.by, output.language, roles or {})
    row = (output.word(proposal.step.value), proposal_words(proposal, output.language), by)
    table = output.table(("Proposed", "Reason or payment", "Proposed by"), [row])
    return ["", table, "", f"eximledger loan confirm {found.loan_id} {waiting.sha256}"]
