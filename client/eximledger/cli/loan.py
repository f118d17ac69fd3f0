"""`eximledger loan`: from an application to a released balance."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import RenderableType

from eximledger.cli._output import Output
from eximledger.cli._session import Group, Session
from eximledger.cli._verdict import answer_verdict, report_option
from eximledger.desk import LoanDesk
from eximledger.formats import read
from eximledger.reports import Report, loan_table, verdict_view, write_html
from eximledger_chaincode.documents import LoanApplication
from eximledger_chaincode.lending.loan import Loan, LoanState
from eximledger_chaincode.lending.register import Reservation
from eximledger_chaincode.rules import Verdict
from hlf_client.errors import InvalidDocument, Refused

__all__ = ["loan"]

_PAGE = 100

_reason = click.option("--reason", required=True, help="Why; it is recorded on the ledger.")
_reference = click.option("--reference", help="The bank's own reference of the payment; the loan's ID unless given.")


@click.group(cls=Group)
def loan() -> None:
    """Export loans: apply, check, decide, pay, finish."""


@loan.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def apply(session: Session, file: Path) -> None:
    """Apply for a loan with the application in FILE (JSON), or again with an amended one."""
    documents = read(file).documents
    if len(documents) != 1 or not isinstance(documents[0], LoanApplication):
        kinds = ", ".join(sorted({each.KIND for each in documents})) or "nothing"
        raise InvalidDocument(f"{file.name} holds {kinds}, not one application", field="file", reason="no application")
    application = documents[0]
    _answer_loan(session, session.run(lambda desk: desk.apply(application)))


@loan.command()
@click.argument("loan_id", metavar="ID")
@click.option("--preview", is_flag=True, help="Compute the verdict here; record nothing.")
@report_option
@click.pass_obj
def check(session: Session, loan_id: str, preview: bool, report: Path | None) -> None:
    """Reconcile the loan's papers, and record the verdict. Exit code 0 approvable, 3 refer, 4 reject."""

    async def checked(desk: LoanDesk) -> tuple[Loan, Verdict]:
        verdict = await (desk.reconcile(loan_id) if preview else desk.check(loan_id))
        return await desk.loan(loan_id), verdict

    found, verdict = session.look(checked)
    answer_verdict(session, Report(found.application.document, verdict, found), report)


@loan.command()
@click.argument("loan_id", metavar="ID")
@click.option("--evidence", metavar="HASH", help="The verdict's evidence hash; the recorded one unless given.")
@click.option(
    "--override", "overrides", multiple=True, metavar="FINDING=REASON", help="Set a referring finding aside, and why."
)
@click.pass_obj
def approve(session: Session, loan_id: str, evidence: str | None, overrides: tuple[str, ...]) -> None:
    """Hold the balance and approve what was checked; as another officer than the one who applied."""
    reasons = dict(_override(text) for text in overrides)

    async def approved(desk: LoanDesk) -> Loan:
        return await desk.approve(loan_id, evidence or await _recorded_evidence(desk, loan_id), reasons)

    _answer_loan(session, session.run(approved))


@loan.command()
@click.argument("loan_id", metavar="ID")
@_reason
@click.pass_obj
def reject(session: Session, loan_id: str, reason: str) -> None:
    """Reject an undecided loan for good, and free what it held."""
    _answer_loan(session, session.run(lambda desk: desk.reject(loan_id, reason)))


@loan.command()
@click.argument("loan_id", metavar="ID")
@_reason
@click.pass_obj
def withdraw(session: Session, loan_id: str, reason: str) -> None:
    """Take back a loan that is not disbursed, and free what it held."""
    _answer_loan(session, session.run(lambda desk: desk.withdraw(loan_id, reason)))


@loan.command()
@click.argument("loan_id", metavar="ID")
@click.option("--reason", default="put before an officer", show_default=True, help="Why; it is recorded.")
@click.pass_obj
def refer(session: Session, loan_id: str, reason: str) -> None:
    """Put an undecided loan before an officer."""
    _answer_loan(session, session.run(lambda desk: desk.refer(loan_id, reason)))


@loan.command()
@click.argument("loan_id", metavar="ID")
@_reference
@click.pass_obj
def disburse(session: Session, loan_id: str, reference: str | None) -> None:
    """Record that an approved loan was paid out."""
    _answer_loan(session, session.run(lambda desk: desk.disburse(loan_id, reference or loan_id)))


@loan.command()
@click.argument("loan_id", metavar="ID")
@_reference
@click.pass_obj
def repay(session: Session, loan_id: str, reference: str | None) -> None:
    """Record that a disbursed loan was paid back, free its balance and close it."""
    _answer_loan(session, session.run(lambda desk: desk.repay(loan_id, reference or loan_id)))


@loan.command()
@click.argument("loan_id", metavar="ID")
@report_option
@click.pass_obj
def show(session: Session, loan_id: str, report: Path | None) -> None:
    """A loan: its state, its last verdict, the steps of its life, what it holds."""

    async def looked(desk: LoanDesk) -> tuple[Loan, Reservation | None]:
        return await desk.loan(loan_id), await desk.reservation(loan_id)

    found, reservation = session.look(looked)
    if report is not None:
        if found.verdict is None:
            raise Refused(f"loan {loan_id} has no verdict to report yet: eximledger loan check {loan_id}")
        write_html(Report(found.application.document, found.verdict, found), report, session.language)
        session.output.note(f"report: {report.resolve()}")
    session.output.answer(
        {"loan": found, "reservation": reservation}, *_view(session.output, found), *_held(session.output, reservation)
    )


@loan.command("list")
@click.option("--state", type=click.Choice([state.value for state in LoanState]), default=None, help="Only in it.")
@click.option("--limit", type=click.IntRange(1, 1000), default=_PAGE, show_default=True, help="At most so many.")
@click.option("--after", metavar="BOOKMARK", default="", help="Go on where the page before ended.")
@click.pass_obj
def list_loans(session: Session, state: str | None, limit: int, after: str) -> None:
    """Loans of all banks, a page at a time."""
    page = session.look(lambda desk: desk.loans(state=state or "", page_size=limit, bookmark=after))
    session.output.answer(page, loan_table(page.loans, session.language))
    if page.bookmark:
        session.output.note(f"more: --after {page.bookmark!r}")


@loan.command()
@click.argument("loan_id", metavar="ID")
@click.pass_obj
def history(session: Session, loan_id: str) -> None:
    """Every version of a loan that was written, newest first."""
    found = session.look(lambda desk: desk.loan_history(loan_id))
    rows = [
        (f"{item.timestamp:%Y-%m-%d %H:%M:%S}", "" if item.loan is None else session.output.word(item.loan.state.value),
         "" if item.loan is None else str(item.loan.version), item.transaction_id[:16])
        for item in found
    ]  # fmt: skip
    session.output.answer(found, session.output.table(("Time", "State", "Version", "Transaction"), rows))


@loan.command()
@click.pass_obj
def resume(session: Session) -> None:
    """Finish what a crash left half done: approve as checked, free what is decided, expire what ran out."""
    found, output = session.run(lambda desk: desk.resume()), session.output
    shown: list[RenderableType] = []
    if found.finished:
        rows = [(one.loan_id, one.bank, output.word(one.outcome.value)) for one in found.finished]
        shown.append(output.table(("Loan", "Bank", "State"), rows))
    if found.left:
        left = [(one.loan_id, one.bank, one.reason) for one in found.left]
        shown.append(output.table(("Loan", "Bank", "Left to its officers"), left))
    output.answer(found, *(shown or [output.word("Nothing is half done.")]))


async def _recorded_evidence(desk: LoanDesk, loan_id: str) -> str:
    verdict = (await desk.loan(loan_id)).verdict
    if verdict is None:
        raise Refused(f"loan {loan_id} has not been checked yet: eximledger loan check {loan_id}")
    return verdict.evidence_hash


def _override(text: str) -> tuple[str, str]:
    finding, equals, reason = text.partition("=")
    if not equals or not finding.strip() or not reason.strip():
        raise click.BadParameter(f"{text!r} is not FINDING=REASON", param_hint="--override")
    return finding.strip(), reason.strip()


def _answer_loan(session: Session, found: Loan) -> None:
    session.output.answer(found, _facts(session.output, found))


def _facts(output: Output, found: Loan) -> RenderableType:
    application = found.application.document
    return output.facts(
        [
            ("Loan", found.loan_id),
            ("State", output.word(found.state.value)),
            ("Bank", found.bank),
            ("Applicant", f"{application.applicant.name} {application.exporter}"),
            ("Amount asked", str(application.amount)),
            ("Declarations", ", ".join(item.declaration_number for item in application.declarations)),
            ("Version", str(found.version)),
        ]
    )


def _view(output: Output, found: Loan) -> list[RenderableType]:
    shown: list[RenderableType] = [_facts(output, found)]
    if found.verdict is None:
        return shown
    shown += ["", verdict_view(found.verdict, output.language)]
    steps = Report(found.application.document, found.verdict, found).steps
    rows = [(f"{one.at:%Y-%m-%d %H:%M:%S}", output.word(one.state), one.by[:16], one.note) for one in steps]
    return [*shown, "", output.table(("Time", "Step", "By", "Reason"), rows)]


def _held(output: Output, reservation: Reservation | None) -> list[RenderableType]:
    if reservation is None:
        return []
    rows = [(item.declaration_number, str(item.amount)) for item in reservation.items]
    head = f"{output.word('Balance')}: {output.word(reservation.state.value)}"
    return ["", head, output.table(("Declarations", "Held"), rows)]
