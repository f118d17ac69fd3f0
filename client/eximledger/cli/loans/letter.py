"""`eximledger loan letter`: what does not agree, written to the exporter."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from eximledger.cli.frame.session import Session, SessionCommand
from eximledger.desk import Letter, LoanDesk, left_out
from eximledger.reports import write_letters
from eximledger_chaincode.rules import Finding

__all__ = ["letter"]


@click.command(cls=SessionCommand)
@click.argument("loan_id", metavar="ID")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day for an answer; in 15 days by default.")
@click.option("--letterhead", default="", metavar="NAME", help="The bank's name, where the consortium has another.")
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="Where both files are written; the present folder by default.",
)
@click.pass_obj
def letter(session: Session, loan_id: str, until: datetime | None, letterhead: str, folder: Path) -> None:
    """Write to the exporter, in Chinese and English, what does not agree, by which source, and what to bring.

    Writes letter-ID.docx and letter-ID.html of the verdict that was recorded last. What names other banks' financings,
    what policy allows, or who works at the bank is worded for the exporter or left out; what is left out is said here.
    """
    last = None if until is None else until.date()

    async def written(desk: LoanDesk) -> tuple[Letter, tuple[Finding, ...]]:
        found = await desk.letter(loan_id, until=last, letterhead=letterhead)
        loan = await desk.loan(loan_id)
        return found, () if loan.verdict is None else left_out(loan.verdict)

    found, silent = session.look(written)
    paths = write_letters(found, folder)
    output = session.output
    zh = output.language == "zh"
    points = [
        (f"{output.word(section.paper.kind)} {section.paper.number}", *(words.zh if zh else words.en for words in each))
        for section in found.sections
        for each in ((point.says, point.bring) for point in section.points)
    ]
    facts = [
        ("Loan", found.loan_id),
        ("Applicant", found.to.name),
        ("Time", str(found.dated)),
        ("Until", str(found.until)),
    ]
    output.answer(found, output.facts(facts), "", output.table(("Document", "Finding", "To bring"), points))
    for path in paths:
        output.note(f"letter: {path.resolve()}")
    if silent:
        output.note(f"left out, not for the exporter: {', '.join(finding.id for finding in silent)}")
