"""`eximledger loan account, schedule, conditions, offered`: what a loan owes, and what may come for it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import click

from eximledger.cli.frame.session import Session, SessionCommand
from eximledger.cli.loans.saying import day_option
from eximledger.desk import LoanDesk
from eximledger.reports import account_table, conditions_table, offers_table, schedule_table
from eximledger_chaincode.documents import FxReceipt
from eximledger_chaincode.lending.accounts.account import account_of, schedule_of
from eximledger_chaincode.lending.accounts.offers import OfferedReceipt
from hlf_client.errors import NotAuthorized, NotFound, Refused

__all__ = ["COMMANDS", "bank_option"]

_NAMED: Final = 50
"""Of so many receipts the papers are read."""

bank_option = click.option("--bank", metavar="MSP", default="", help="Whose loan; SAFE says it, a bank means its own.")


@click.command(cls=SessionCommand)
@click.argument("loan_id", metavar="ID")
@day_option("--day", "On which day; today by default.")
@bank_option
@click.pass_obj
def account(session: Session, loan_id: str, day: datetime | None, bank: str) -> None:
    """What is drawn, repaid and outstanding, and which interest is due on a day."""
    when = session.today() if day is None else day.date()
    found = account_of(session.look(lambda desk: desk.loan(loan_id, bank=bank)), when)
    session.output.answer(found, account_table(found, session.language))


@click.command(cls=SessionCommand)
@click.argument("loan_id", metavar="ID")
@day_option("--until", "Until which day; until maturity, or today where that is over.")
@bank_option
@click.pass_obj
def schedule(session: Session, loan_id: str, until: datetime | None, bank: str) -> None:
    """The interest period by period, as things stand: days, principal, rate, interest."""
    found = session.look(lambda desk: desk.loan(loan_id, bank=bank))
    last = max(found.matures_on, session.today()) if until is None else until.date()
    periods = schedule_of(found, last)
    session.output.answer(periods, schedule_table(periods, found.day_count, session.language))


@click.command(cls=SessionCommand)
@click.argument("loan_id", metavar="ID")
@bank_option
@click.pass_obj
def conditions(session: Session, loan_id: str, bank: str) -> None:
    """What must be there before money leaves, and by which numbers it is."""
    found = session.look(lambda desk: desk.loan(loan_id, bank=bank))
    numbers = {met.condition: met.reference for met in found.met}
    answer = {"draws_until": found.draws_until, "conditions": [
        {"condition": each, "met_by": numbers.get(each)} for each in found.conditions
    ]}  # fmt: skip
    session.output.answer(answer, conditions_table(found, session.language))


@click.command(cls=SessionCommand)
@click.argument("loan_id", metavar="ID")
@bank_option
@click.pass_obj
def offered(session: Session, loan_id: str, bank: str) -> None:
    """The receipts that name the loan's exports: out of which it may be repaid, and what is left of each."""

    async def looked(desk: LoanDesk) -> tuple[Sequence[OfferedReceipt], dict[str, str]]:
        offers = await desk.offered(loan_id, bank=bank)
        payers = await asyncio.gather(*(_payer(desk, each.receipt_id, bank) for each in offers[:_NAMED]))
        return offers, {each.receipt_id: payer for each, payer in zip(offers, payers, strict=False)}

    found, payers = session.look(looked)
    session.output.answer(found, offers_table(found, session.language, payers))


async def _payer(desk: LoanDesk, receipt_id: str, bank: str) -> str:
    """Who paid; empty where this bank has no copy of the receipt."""
    try:
        receipt = (await desk.document("receipt", receipt_id, bank=bank)).document
    except (NotFound, NotAuthorized, Refused):
        return ""
    payer = (receipt.payer or receipt.ultimate_payer) if isinstance(receipt, FxReceipt) else None
    return "" if payer is None else payer.name


COMMANDS: Final = (account, schedule, conditions, offered)
