"""`eximledger loan`: from an application to its end."""

from __future__ import annotations

from pathlib import Path

import click

from eximledger.cli.frame.session import Group, Session
from eximledger.cli.frame.verdict import answer_verdict, report_option
from eximledger.cli.loans import looking, stepping
from eximledger.cli.loans.answers import answer_loan, loan_view
from eximledger.cli.loans.converting import convert
from eximledger.cli.loans.letter import letter
from eximledger.cli.loans.listing import list_loans
from eximledger.cli.loans.looking import bank_option
from eximledger.cli.loans.saying import FINDING_REASON, overrides_of
from eximledger.cli.loans.signers import roles_in
from eximledger.desk import LoanDesk
from eximledger.formats import read
from eximledger.reports import Report, Roles, moment, write_report
from eximledger_chaincode.documents import LoanApplication
from eximledger_chaincode.lending.loan import Loan, LoanState
from eximledger_chaincode.lending.steps import Step
from eximledger_chaincode.rules import Verdict
from hlf_client.errors import InvalidDocument, Refused

__all__ = ["loan"]

_reason = click.option("--reason", required=True, help="Why; it is recorded on the ledger.")


@click.group(cls=Group)
def loan() -> None:
    """Export loans: apply, check, decide, pay, to the end."""


for _command in (*stepping.COMMANDS, *looking.COMMANDS, convert, letter, list_loans):
    loan.add_command(_command)


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
    answer_loan(session, session.run(lambda desk: desk.apply(application)))


@loan.command()
@click.argument("loan_id", metavar="ID")
@click.option("--preview", is_flag=True, help="Tell the verdict as it would be; record nothing.")
@bank_option
@report_option
@click.pass_obj
def check(session: Session, loan_id: str, preview: bool, bank: str, report: Path | None) -> None:
    """Reconcile the loan's papers, and record the verdict. Exit code 0 approvable, 3 refer, 4 reject.

    Of a loan that is approved `--preview` judges what it still holds and owes.
    """

    async def checked(desk: LoanDesk) -> tuple[Loan, Verdict, Roles]:
        if preview:
            found = await desk.loan(loan_id, bank=bank)
            judge = desk.judge_again if found.holds else desk.preview
            verdict = await judge(loan_id, bank=bank)
        else:
            verdict = await desk.check(loan_id)
            found = await desk.loan(loan_id)
        if report is None:
            return found, verdict, {}
        return found, verdict, await roles_in(desk.ledger, await desk.loan_history(loan_id, bank=bank))

    found, verdict, roles = session.look(checked)
    whole = Report(found.application.document, verdict, found, zone=None, roles=roles)
    answer_verdict(session, whole, report)


@loan.command()
@click.argument("loan_id", metavar="ID")
@click.option("--version", type=click.IntRange(1), required=True, help="The application's version that was checked.")
@click.option("--evidence", metavar="HASH", required=True, help="The evidence hash of the verdict that you saw.")
@click.option(
    "--override", "overrides", multiple=True, metavar=FINDING_REASON, help="Set a referring finding aside, and why."
)
@click.pass_obj
def approve(session: Session, loan_id: str, version: int, evidence: str, overrides: tuple[str, ...]) -> None:
    """Approve what was checked and hold the balance; as a checker who neither applied nor filed a paper of the loan."""
    reasons = overrides_of(overrides)
    answer_loan(session, session.run(lambda desk: desk.approve(loan_id, version, evidence, reasons)))


@loan.command()
@click.argument("loan_id", metavar="ID")
@_reason
@click.pass_obj
def reject(session: Session, loan_id: str, reason: str) -> None:
    """Reject an undecided loan for good; as a checker who did not apply for it."""
    answer_loan(session, session.run(lambda desk: desk.reject(loan_id, reason)))


@loan.command()
@click.argument("loan_id", metavar="ID")
@_reason
@click.pass_obj
def withdraw(session: Session, loan_id: str, reason: str) -> None:
    """Take back an undecided loan; of an approved one propose it, for another person to confirm."""

    async def withdrawn(desk: LoanDesk) -> Loan:
        if (await desk.loan(loan_id)).state is LoanState.APPROVED:
            return await desk.propose(loan_id, stepping.proposal_of(Step.WITHDRAWAL, {"reason": reason}))
        return await desk.withdraw(loan_id, reason)

    answer_loan(session, session.run(withdrawn))


@loan.command()
@click.argument("loan_id", metavar="ID")
@click.option("--reason", default="put before an officer", show_default=True, help="Why; it is recorded.")
@click.pass_obj
def refer(session: Session, loan_id: str, reason: str) -> None:
    """Put an undecided loan before an officer."""
    answer_loan(session, session.run(lambda desk: desk.refer(loan_id, reason)))


@loan.command()
@click.argument("loan_id", metavar="ID")
@bank_option
@report_option
@click.pass_obj
def show(session: Session, loan_id: str, bank: str, report: Path | None) -> None:
    """A loan: its state, what is proposed, its last verdict, the steps of its life."""

    async def looked(desk: LoanDesk) -> tuple[Loan, Roles]:
        return await desk.loan(loan_id, bank=bank), await roles_in(
            desk.ledger, await desk.loan_history(loan_id, bank=bank)
        )

    found, roles = session.look(looked)
    if report is not None:
        if found.verdict is None:
            raise Refused(f"loan {loan_id} has no verdict to report yet: eximledger loan check {loan_id}")
        whole = Report(found.application.document, found.verdict, found, session.today(), zone=None, roles=roles)
        write_report(whole, report, session.language)
        session.output.note(f"report: {report.resolve()}")
    session.output.answer(found, *loan_view(session.output, found, session.today(), roles))


@loan.command()
@click.argument("loan_id", metavar="ID")
@bank_option
@click.pass_obj
def history(session: Session, loan_id: str, bank: str) -> None:
    """Every version of a loan that was written, newest first."""
    found = session.look(lambda desk: desk.loan_history(loan_id, bank=bank))
    rows = [
        (moment(item.timestamp), session.output.word(item.loan.state.value), str(item.loan.version),
         item.transaction_id[:16])
        for item in found
    ]  # fmt: skip
    session.output.answer(found, session.output.table(("Time", "State", "Version", "Transaction"), rows))
