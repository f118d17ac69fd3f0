"""Printing a verdict, and the exit code that it means."""

from __future__ import annotations

from pathlib import Path
from typing import Final, NoReturn

import click

from eximledger.cli.frame.session import Session
from eximledger.reports import Report, verdict_json, verdict_view, write_report
from eximledger_chaincode.lending.loan import OPEN
from eximledger_chaincode.rules import Decision, Severity

__all__ = ["answer_verdict", "approval_of", "report_option"]

_EXIT_CODES: Final = {Decision.APPROVE: 0, Decision.REFER: 3, Decision.REJECT: 4}

report_option = click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE.html|FILE.pdf",
    help="Write the report as a page or as a PDF, too.",
)


def answer_verdict(session: Session, report: Report, page: Path | None) -> NoReturn:
    """Print the verdict, write the page where one is asked for, and end with the verdict's exit code."""
    output, verdict = session.output, report.verdict
    if page is not None:
        write_report(report, page, session.language)
    output.answer(
        verdict_json(verdict, session.language),
        verdict_view(verdict, session.language, report.set_aside),
        *approval_of(report),
    )
    if page is not None:
        output.note(f"report: {page.resolve()}")
    click.get_current_context().exit(_EXIT_CODES[verdict.verdict])


def approval_of(report: Report) -> list[str]:
    """How a checker approves just this: the command with the version and the evidence that were shown, and each finding
    that takes a reason."""
    loan, verdict = report.loan, report.verdict
    if loan is None or loan.verdict != verdict or loan.state not in OPEN or verdict.verdict is Decision.REJECT:
        return []
    command = f"eximledger loan approve {loan.loan_id} --version {loan.version} --evidence {verdict.evidence_hash}"
    referring = [finding.id for finding in verdict.findings if finding.severity is Severity.REFER]
    return ["", " ".join([command, *(f"--override '{finding}=REASON'" for finding in referring)])]
