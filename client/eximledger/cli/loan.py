"""`eximledger loan`: from an application to its end."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click
from pydantic import ValidationError
from rich.console import RenderableType

from eximledger.cli.frame.output import Output
from eximledger.cli.frame.session import Group, Session
from eximledger.cli.frame.verdict import answer_verdict, approval_of, report_option
from eximledger.desk import LoanDesk
from eximledger.formats import read
from eximledger.reports import Report, life_of, loan_table, verdict_view, write_html
from eximledger_chaincode.documents import LoanApplication, invalid_document
from eximledger_chaincode.lending.loan import Loan, LoanState
from eximledger_chaincode.lending.steps import Proposal, Step
from eximledger_chaincode.rules import Verdict
from hlf_client.errors import InvalidDocument, Refused

__all__ = ["loan"]

_PAGE = 100

_reason = click.option("--reason", required=True, help="Why; it is recorded on the ledger.")


_bank = click.option("--bank", metavar="MSP", default="", help="Whose loan; SAFE says it, a bank means its own.")


@click.group(cls=Group)
def loan() -> None:
    """Export loans: apply, check, decide, pay."""


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
@_bank
@report_option
@click.pass_obj
def check(session: Session, loan_id: str, preview: bool, bank: str, report: Path | None) -> None:
    """Reconcile the loan's papers, and record the verdict. Exit code 0 approvable, 3 refer, 4 reject."""

    async def checked(desk: LoanDesk) -> tuple[Loan, Verdict]:
        verdict = await (desk.reconcile(loan_id, bank=bank) if preview else desk.check(loan_id))
        return await desk.loan(loan_id, bank=bank), verdict

    found, verdict = session.look(checked)
    answer_verdict(session, Report(found.application.document, verdict, found), report)


@loan.command()
@click.argument("loan_id", metavar="ID")
@click.option("--version", type=click.IntRange(1), required=True, help="The application's version that was checked.")
@click.option("--evidence", metavar="HASH", required=True, help="The evidence hash of the verdict that you saw.")
@click.option(
    "--override", "overrides", multiple=True, metavar="FINDING=REASON", help="Set a referring finding aside, and why."
)
@click.pass_obj
def approve(session: Session, loan_id: str, version: int, evidence: str, overrides: tuple[str, ...]) -> None:
    """Approve what was checked and hold the balance; as a checker who neither applied nor filed a paper of the loan."""
    reasons = dict(_override(text) for text in overrides)
    _answer_loan(session, session.run(lambda desk: desk.approve(loan_id, version, evidence, reasons)))


@loan.command()
@click.argument("loan_id", metavar="ID")
@_reason
@click.pass_obj
def reject(session: Session, loan_id: str, reason: str) -> None:
    """Reject an undecided loan for good; as a checker who did not apply for it."""
    _answer_loan(session, session.run(lambda desk: desk.reject(loan_id, reason)))


@loan.command()
@click.argument("loan_id", metavar="ID")
@_reason
@click.pass_obj
def withdraw(session: Session, loan_id: str, reason: str) -> None:
    """Take back an undecided loan. An approved one: propose a withdrawal, and confirm it."""
    _answer_loan(session, session.run(lambda desk: desk.withdraw(loan_id, reason)))


@loan.command()
@click.argument("loan_id", metavar="ID")
@click.option("--reason", default="put before an officer", show_default=True, help="Why; it is recorded.")
@click.pass_obj
def refer(session: Session, loan_id: str, reason: str) -> None:
    """Put an undecided loan before an officer."""
    _answer_loan(session, session.run(lambda desk: desk.refer(loan_id, reason)))


@loan.command()
@click.argument("step", type=click.Choice([step.value for step in Step]))
@click.argument("loan_id", metavar="ID")
@click.option("--amount", metavar="CNY", help="Of a payment, in yuan: 7760000.00.")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="Of a payment; at most three days from today.")
@click.option("--reference", help="The bank's own reference of a payment.")
@click.option("--reason", help="Of a withdrawal or a write-off.")
@click.pass_obj
def propose(
    session: Session,
    step: str,
    loan_id: str,
    amount: str | None,
    day: datetime | None,
    reference: str | None,
    reason: str | None,
) -> None:
    """Propose a payment, the withdrawal of an approved loan or a write-off; another person confirms it."""
    proposal = _proposal(step, amount, None if day is None else day.date(), reference, reason)
    _answer_loan(session, session.run(lambda desk: desk.propose(loan_id, proposal)))


@loan.command()
@click.argument("loan_id", metavar="ID")
@click.argument("proposal_id", metavar="PROPOSAL")
@click.pass_obj
def confirm(session: Session, loan_id: str, proposal_id: str) -> None:
    """Take just the step that another person proposed (`loan show` gives PROPOSAL); as a checker."""
    _answer_loan(session, session.run(lambda desk: desk.confirm(loan_id, proposal_id)))


@loan.command()
@click.argument("loan_id", metavar="ID")
@_bank
@report_option
@click.pass_obj
def show(session: Session, loan_id: str, bank: str, report: Path | None) -> None:
    """A loan: its state, what is proposed, its last verdict, the steps of its life."""
    found = session.look(lambda desk: desk.loan(loan_id, bank=bank))
    if report is not None:
        if found.verdict is None:
            raise Refused(f"loan {loan_id} has no verdict to report yet: eximledger loan check {loan_id}")
        write_html(Report(found.application.document, found.verdict, found), report, session.language)
        session.output.note(f"report: {report.resolve()}")
    session.output.answer(found, *_view(session.output, found))


@loan.command("list")
@click.option("--state", type=click.Choice([state.value for state in LoanState]), default=None, help="Only in it.")
@click.option("--limit", type=click.IntRange(1, 1000), default=_PAGE, show_default=True, help="At most so many.")
@click.option("--after", metavar="BOOKMARK", default="", help="Go on where the page before ended.")
@_bank
@click.pass_obj
def list_loans(session: Session, state: str | None, limit: int, after: str, bank: str) -> None:
    """The bank's loans, a page at a time."""
    page = session.look(lambda desk: desk.loans(state=state or "", bank=bank, page_size=limit, bookmark=after))
    session.output.answer(page, loan_table(page.loans, session.language))
    if page.bookmark:
        session.output.note(f"more: --after {page.bookmark!r}")


@loan.command()
@click.argument("loan_id", metavar="ID")
@_bank
@click.pass_obj
def history(session: Session, loan_id: str, bank: str) -> None:
    """Every version of a loan that was written, newest first."""
    found = session.look(lambda desk: desk.loan_history(loan_id, bank=bank))
    rows = [
        (f"{item.timestamp:%Y-%m-%d %H:%M:%S}", session.output.word(item.loan.state.value), str(item.loan.version),
         item.transaction_id[:16])
        for item in found
    ]  # fmt: skip
    session.output.answer(found, session.output.table(("Time", "State", "Version", "Transaction"), rows))


def _proposal(step: str, amount: str | None, day: date | None, reference: str | None, reason: str | None) -> Proposal:
    """The proposal that the options say. Raises `InvalidDocument` naming what is missing or too much."""
    fields = {
        "amount": None if amount is None else {"amount": amount, "currency": "CNY"},
        "day": day,
        "reference": reference,
    }
    try:
        return Proposal.model_validate({"step": Step(step), "reason": reason} | fields)
    except ValidationError as error:
        raise invalid_document("proposal", error) from None


def _override(text: str) -> tuple[str, str]:
    finding, equals, reason = text.partition("=")
    if not equals or not finding.strip() or not reason.strip():
        raise click.BadParameter(f"{text!r} is not FINDING=REASON", param_hint="--override")
    return finding.strip(), reason.strip()


def _answer_loan(session: Session, found: Loan) -> None:
    session.output.answer(found, _facts(session.output, found), *_proposed(session.output, found))


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
    if found.verdict is not None:
        shown += ["", verdict_view(found.verdict, output.language)]
    rows = [
        (f"{one.at:%Y-%m-%d %H:%M:%S}", output.word(one.state), one.by, one.confirmed_by, one.note)
        for one in life_of(found)
    ]
    shown += ["", output.table(("Time", "Step", "By", "Confirmed by", "Reason or payment"), rows)]
    if found.verdict is not None:
        shown += approval_of(Report(found.application.document, found.verdict, found))
    return [*shown, *_proposed(output, found)]


def _proposed(output: Output, found: Loan) -> list[RenderableType]:
    """What waits for a second person, and the command with which that one confirms just it."""
    waiting = found.proposed
    if waiting is None:
        return []
    proposal = waiting.proposal
    said = proposal.words
    row = (output.word(proposal.step.value), said, waiting.by.name)
    table = output.table(("Proposed", "Reason or payment", "Proposed by"), [row])
    return ["", table, "", f"eximledger loan confirm {found.loan_id} {waiting.sha256}"]
