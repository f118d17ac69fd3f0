"""`eximledger loan convert`: a packing loan becomes an export bill when its goods are declared."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import NoReturn

import click
from pydantic import ValidationError

from eximledger.cli.frame.session import Session, SessionCommand
from eximledger.cli.frame.verdict import answer_verdict
from eximledger.cli.loans.saying import FINDING_REASON, conditions_of, day_option, overrides_of
from eximledger.cli.loans.stepping import propose
from eximledger.desk import LoanDesk
from eximledger.reports import Report
from eximledger_chaincode.documents import invalid_document
from eximledger_chaincode.lending.packing.bill import ExportBill
from eximledger_chaincode.lending.steps import Step

__all__ = ["convert"]

_MAX_BYTES = 1024 * 1024


def _bill(file: Path) -> ExportBill:
    """The export bill that a file of JSON says. Raises `InvalidDocument` naming the field."""
    try:
        return ExportBill.model_validate_json(file.read_bytes()[: _MAX_BYTES + 1])
    except ValidationError as error:
        raise invalid_document(file.name, error) from None


def _judge(session: Session, loan_id: str, bill: ExportBill, matures_on: date | None) -> NoReturn:
    """Print the verdict on the export bill, and end with its exit code."""

    async def judged(desk: LoanDesk) -> Report:
        found = await desk.loan(loan_id)
        return Report(found.application.document, await desk.preview_bill(loan_id, bill, matures_on), found)

    answer_verdict(session, session.look(judged), None)


@click.command(cls=SessionCommand)
@click.argument("loan_id", metavar="ID")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--condition", "conditions", multiple=True, metavar="CONDITION=NUMBER",
    help="The number by which a condition precedent of a loan on declarations is met.",
)  # fmt: skip
@day_option("--until", "A new maturity; as before by default.")
@click.option("--rate", "rate_percent", metavar="PERCENT", help="A year, from then on; as before by default.")
@click.option(
    "--override", "overrides", multiple=True, metavar=FINDING_REASON,
    help="Set a referring finding aside, and why (--preview shows them).",
)  # fmt: skip
@click.option("--preview", is_flag=True, help="Judge the export bill here; propose nothing.")
@click.pass_obj
def convert(
    session: Session,
    loan_id: str,
    file: Path,
    conditions: tuple[str, ...],
    until: datetime | None,
    rate_percent: str | None,
    overrides: tuple[str, ...],
    preview: bool,
) -> None:
    """Propose that a packing loan becomes the export bill in FILE (JSON): its hold moves to the declarations named.

    FILE says the declarations with the amounts held of each, the papers by number, and when the buyer is to pay. Papers
    are looked up in the register of all banks when it is proposed; before that --preview says that they were not.
    """
    bill, matures_on = _bill(file), None if until is None else until.date()
    if preview:
        _judge(session, loan_id, bill, matures_on)
    aside = [{"finding": finding, "reason": why} for finding, why in sorted(overrides_of(overrides).items())]
    said = {
        "bill": bill, "conditions": conditions_of(conditions), "matures_on": matures_on, "rate_percent": rate_percent,
        "overrides": aside,
    }  # fmt: skip
    propose(session, loan_id, Step.CONVERSION, said)
