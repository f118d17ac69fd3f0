"""`eximledger case`: papers on the table, without a ledger."""

from __future__ import annotations

from pathlib import Path

import click

from eximledger.cli.frame.session import Group, Session
from eximledger.cli.frame.verdict import answer_verdict, report_option
from eximledger.desk import check_papers, read_folder
from eximledger.reports import Report

__all__ = ["case"]


@click.group(cls=Group)
def case() -> None:
    """Papers that are on no ledger yet."""


@case.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--exporter", metavar="USCC", help="The exporter of papers that do not carry one.")
@report_option
@click.pass_obj
def check(session: Session, folder: Path, exporter: str | None, report: Path | None) -> None:
    """Reconcile a FOLDER of papers in any supported format with its application.json; stores nothing."""
    papers = read_folder(folder, exporter=exporter)
    verdict = check_papers(papers.application, papers.documents)
    answer_verdict(session, Report(papers.application, verdict), report)
