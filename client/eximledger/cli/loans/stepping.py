"""`eximledger loan disburse, repay, extend, indemnity, write-off`: each proposes a step, `confirm` takes it.

One person says just what is to happen, another confirms just that; before, nothing moves.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final, NoReturn

import click
from pydantic import ValidationError

from eximledger.cli.frame.session import Session, SessionCommand
from eximledger.cli.frame.verdict import answer_verdict
from eximledger.cli.loans.answers import answer_loan
from eximledger.cli.loans.saying import (
    FINDING_REASON,
    conditions_of,
    day_option,
    exchange_of,
    overrides_of,
    paid_options,
)
from eximledger.desk import LoanDesk
from eximledger.reports import Report
from eximledger_chaincode.documents import invalid_document
from eximledger_chaincode.documents.parts.terms import Condition
from eximledger_chaincode.lending.loan import Loan
from eximledger_chaincode.lending.steps import Proposal, RepaidBy, Step

__all__ = ["COMMANDS", "proposal_of", "propose"]


def proposal_of(step: Step, said: Mapping[str, object]) -> Proposal:
    """The proposal that the options say. Raises `InvalidDocument` naming what is missing or too much."""
    stated = {name: value for name, value in said.items() if value is not None}
    try:
        return Proposal.model_validate({"step": step} | stated)
    except ValidationError as error:
        raise invalid_document("proposal", error) from None


def propose(session: Session, loan_id: str, step: Step, said: Mapping[str, object], amount: str | None = None) -> None:
    """Propose a step; an amount is in the loan's currency."""

    async def proposed(desk: LoanDesk) -> Loan:
        if amount is None:
            return await desk.propose(loan_id, proposal_of(step, said))
        money = {"amount": amount.replace(",", ""), "currency": (await desk.loan(loan_id)).currency}
        return await desk.propose(loan_id, proposal_of(step, {**said, "amount": money}))

    answer_loan(session, session.run(proposed))


def _payment(day: datetime, reference: str, paid: str | None, rate: str | None) -> dict[str, object]:
    return {"day": day.date(), "reference": reference, "exchange": exchange_of(paid, rate)}


@click.command(cls=SessionCommand)
@click.argument("loan_id", metavar="ID")
@paid_options
@click.option(
    "--condition", "conditions", multiple=True, metavar="CONDITION=NUMBER",
    help=f"The number by which a condition precedent is met: {', '.join(Condition)}.",
)  # fmt: skip
@click.pass_obj
def disburse(
    session: Session,
    loan_id: str,
    amount: str,
    day: datetime,
    reference: str,
    paid: str | None,
    rate: str | None,
    conditions: tuple[str, ...],
) -> None:
    """Propose to pay out an approved loan, or a part of it.

    Its conditions precedent must be met (`loan conditions`), now or by what is given here; the case is judged again.
    """
    said = _payment(day, reference, paid, rate) | {"conditions": conditions_of(conditions)}
    propose(session, loan_id, Step.DISBURSEMENT, said, amount)


@click.command(cls=SessionCommand)
@click.argument("loan_id", metavar="ID")
@paid_options
@click.option("--from", "source", type=click.Choice([each.value for each in RepaidBy]), help="Who repays.")
@click.option("--receipt", metavar="ID", help="The receipt out of which is repaid, as `loan offered` names it.")
@click.pass_obj
def repay(
    session: Session,
    loan_id: str,
    amount: str,
    day: datetime,
    reference: str,
    paid: str | None,
    rate: str | None,
    source: str | None,
    receipt: str | None,
) -> None:
    """Propose to take a repayment in, or a part: interest that has run first, then principal, freeing in proportion."""
    said = _payment(day, reference, paid, rate) | {"source": source, "receipt": receipt}
    propose(session, loan_id, Step.REPAYMENT, said, amount)


def _judge(session: Session, loan_id: str, matures_on: date) -> NoReturn:
    """Print the verdict on an extension, and end with its exit code."""

    async def judged(desk: LoanDesk) -> Report:
        found = await desk.loan(loan_id)
        return Report(found.application.document, await desk.judge_again(loan_id, matures_on=matures_on), found)

    answer_verdict(session, session.look(judged), None)


@click.command(cls=SessionCommand)
@click.argument("loan_id", metavar="ID")
@day_option("--until", "The new maturity.", required=True)
@click.option("--rate", "rate_percent", metavar="PERCENT", help="A year, from the extension on; as before by default.")
@click.option("--reason", help="Why; it is recorded on the ledger.")
@click.option(
    "--override", "overrides", multiple=True, metavar=FINDING_REASON,
    help="Set a referring finding aside, and why (--preview shows them).",
)  # fmt: skip
@click.option("--preview", is_flag=True, help="Judge the case with the new maturity here; propose nothing.")
@click.pass_obj
def extend(
    session: Session,
    loan_id: str,
    until: datetime,
    rate_percent: str | None,
    reason: str | None,
    overrides: tuple[str, ...],
    preview: bool,
) -> None:
    """Propose a later maturity; the balance stays held, and the case is judged again with the new day."""
    if preview:
        _judge(session, loan_id, until.date())
    aside = [{"finding": finding, "reason": why} for finding, why in sorted(overrides_of(overrides).items())]
    said = {"matures_on": until.date(), "rate_percent": rate_percent, "reason": reason, "overrides": aside}
    propose(session, loan_id, Step.EXTENSION, said)


@click.command(cls=SessionCommand)
@click.argument("loan_id", metavar="ID")
@click.option("--amount", metavar="AMOUNT", required=True, help="What is asked, in the loan's currency.")
@day_option("--day", "When the claim is made; at most three days from today.", required=True)
@click.option("--reference", required=True, help="The claim's reference.")
@click.option("--insurer", required=True, help="Who is asked.")
@click.pass_obj
def indemnity(session: Session, loan_id: str, amount: str, day: datetime, reference: str, insurer: str) -> None:
    """Propose to ask the insurer to pay; what it pays is a repayment (`loan repay --from insurer`)."""
    said = {"day": day.date(), "reference": reference, "insurer": insurer}
    propose(session, loan_id, Step.INDEMNITY, said, amount)


@click.command("write-off", cls=SessionCommand)
@click.argument("loan_id", metavar="ID")
@click.option("--reason", required=True, help="Why; it is recorded on the ledger.")
@click.pass_obj
def write_off(session: Session, loan_id: str, reason: str) -> None:
    """Propose to give up a loan; what is owed stays held for good, and may still be repaid."""
    propose(session, loan_id, Step.WRITE_OFF, {"reason": reason})


@click.command(cls=SessionCommand)
@click.argument("loan_id", metavar="ID")
@click.argument("proposal_id", metavar="PROPOSAL")
@click.pass_obj
def confirm(session: Session, loan_id: str, proposal_id: str) -> None:
    """Take just the step that another person proposed (`loan show` gives PROPOSAL); as a checker."""
    answer_loan(session, session.run(lambda desk: desk.confirm(loan_id, proposal_id)))


@click.command(cls=SessionCommand)
@click.argument("loan_id", metavar="ID")
@click.pass_obj
def overdue(session: Session, loan_id: str) -> None:
    """Note that a loan was not repaid by its maturity; interest runs at the higher rate, noted or not."""
    answer_loan(session, session.run(lambda desk: desk.mark_overdue(loan_id)))


@click.command(cls=SessionCommand)
@click.argument("loan_id", metavar="ID")
@click.pass_obj
def lapse(session: Session, loan_id: str) -> None:
    """End an approved loan that was not drawn while it could be, and free its balance."""
    answer_loan(session, session.run(lambda desk: desk.lapse(loan_id)))


COMMANDS: Final = (disburse, repay, extend, indemnity, write_off, confirm, overdue, lapse)
