"""`eximledger demo`: a case from its papers to a released balance."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import Final

import click
from click.core import ParameterSource
from rich.console import RenderableType
from rich.text import Text

from eximledger._connect import connect
from eximledger.cli.frame.output import Output
from eximledger.cli.frame.placing import given_globally
from eximledger.cli.frame.session import OutputCommand, Session, SessionCommand
from eximledger.demo import CASES, DONGYU, PACKING, Outcome, Told, run, run_packing, write_consents, write_papers
from eximledger.reports import Report, verdict_json, verdict_view, word, write_html
from eximledger_chaincode.lending.time import day_in_china
from hlf_client import utc_now, verify
from hlf_client.errors import FabricError

__all__ = ["demo"]

_FOLDER: Final = "eximledger-demo"

_case = click.option(
    "--case",
    type=click.Choice(CASES),
    default=DONGYU,
    show_default=True,
    help="Which: a loan that is refused first, or a packing loan on a letter of credit.",
)


class _Demo(SessionCommand, click.Group):
    """The demo itself, with the common options, unless one of its commands is named: that one is handed them."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        rest = super().parse_args(ctx, args)
        rest[:0] = given_globally(ctx)
        return rest


@click.group(cls=_Demo, invoke_without_command=True)
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=_FOLDER,
    show_default=True,
    help="Where the reports and the exporters' authority go, and a new ledger unless --ledger names one.",
)
@_case
@click.pass_context
def demo(ctx: click.Context, folder: Path, case: str) -> None:
    """Walk a case. Dongyu's: three members' papers, a refusal, corrections, an approval, a repayment. Packing: a loan
    before shipment that becomes an export bill.

    The papers are dated from today. Both cases can be walked on one ledger, with the same --folder.
    """
    if ctx.invoked_subcommand is not None:
        return
    session: Session = ctx.obj
    named = ctx.get_parameter_source("ledger_url") is not ParameterSource.DEFAULT
    url = session.ledger if named else f"embedded:{_fresh_ledger(folder, case)}"
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as papers:
        write_papers(Path(papers), day_in_china(utc_now()), case)
        walk = run_packing if case == PACKING else run
        tell, authority = _Teller(session.output).tell, folder / "authority"
        outcome = asyncio.run(walk(lambda who: connect(url, who), Path(papers), tell, authority=authority))
    seconds = time.perf_counter() - started
    pages = _write_pages(outcome, folder, session)
    verified = _verified(url)
    body = {
        "first": verdict_json(outcome.first.verdict, session.language),
        "second": verdict_json(outcome.second.verdict, session.language),
        "loan": outcome.loan,
        "balances": outcome.balances,
        "reports": [str(page) for page in pages],
        "ledger": url,
        "verified": verified,
    }
    session.output.answer(body, *_ending(session.output, outcome, pages, url, seconds, verified=verified))


@demo.command(cls=OutputCommand)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--day",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    show_default="today",
    help="The day on which the case happens.",
)
@_case
@click.pass_obj
def papers(output: Output, folder: Path, day: datetime | None, case: str) -> None:
    """Write a case's papers into a new FOLDER, to be filed by hand.

    They are dated from today: a ledger takes an application on its day and three days around it.
    """
    dated = day_in_china(utc_now()) if day is None else day.date()
    written = write_papers(folder, dated, case).resolve()
    output.answer({"folder": str(written), "day": dated}, output.facts([("Papers", str(written)), ("Day", str(dated))]))


@demo.command(cls=SessionCommand)
@click.argument("papers", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.pass_obj
def consent(session: Session, papers: Path) -> None:
    """Let the exporter of PAPERS (see `demo papers`) sign what both banks may read, on a ledger of this machine.

    It plays an exporters' authority, the members who vote for it and the exporter: on a consortium of many hosts each
    of these is somebody else's (`eximledger exporter`, `eximledger consortium`).
    """
    files = asyncio.run(write_consents(session.connect, papers))
    rows = [("To be filed", "\n".join(f"eximledger consent file {file} --as {file.stem}" for file in files))]
    session.output.answer({"files": [str(file) for file in files]}, session.output.facts(rows))


def _fresh_ledger(folder: Path, case: str) -> Path:
    """The path of a new ledger; the one of an earlier demo is removed."""
    folder.mkdir(parents=True, exist_ok=True)
    path = (folder / f"{case}.db").resolve()
    for old in (path, *(path.with_name(path.name + ending) for ending in ("-wal", "-shm"))):
        old.unlink(missing_ok=True)
    shutil.rmtree(path.with_name(path.name + ".msp"), ignore_errors=True)
    return path


class _Teller:
    """Says each step as it is taken."""

    def __init__(self, output: Output) -> None:
        self._output = output

    def tell(self, told: Told) -> None:
        if self._output.as_json:
            return
        what = told.what.zh if self._output.language == "zh" else told.what.en
        self._output.show(Text.assemble((f"{told.by:<18}", "bold"), what))
        if told.verdict is not None:
            self._output.show("", verdict_view(told.verdict, self._output.language), "")


def _write_pages(outcome: Outcome, folder: Path, session: Session) -> list[Path]:
    final = Report(outcome.loan.application.document, outcome.second.verdict, outcome.loan, zone=None)
    pages = ((outcome.first, "first-check.html"), (final, "report.html"))
    return [write_html(report, folder / name, session.language).resolve() for report, name in pages]


def _verified(url: str) -> bool | None:
    """Whether every block is as it was committed; None for a ledger that is not a file."""
    if not url.startswith("embedded:") or url.startswith("embedded::memory:"):
        return None
    report = verify(url.partition("?")[0])
    if not report.is_good:
        raise FabricError(f"the ledger does not verify: {report.problems[0]}")
    return True


def _ending(
    output: Output, outcome: Outcome, pages: list[Path], url: str, seconds: float, *, verified: bool | None
) -> list[RenderableType]:
    rows = [
        (one.declaration_number, str(one.value), str(one.held), str(one.collected), str(one.free))
        for one in outcome.balances
    ]
    state = word(outcome.loan.state.value, output.language)
    return [
        "",
        output.table(("Declarations", "Value", "Held", "Collected", "Free"), rows),
        "",
        output.facts(
            [
                ("Loan", f"{outcome.loan.loan_id} {state}"),
                ("Reports", "\n".join(str(page) for page in pages)),
                ("Ledger", url + (f" ({output.word('verified')})" if verified else "")),
                ("Time", f"{seconds:.2f} s"),
            ]
        ),
        "",
        f"eximledger loan show {outcome.loan.loan_id} --ledger {url}",
    ]
