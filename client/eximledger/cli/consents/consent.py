"""`eximledger consent`: filing what an exporter has signed, and looking at what it lets banks read."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import RenderableType

from eximledger.cli.frame.output import Output
from eximledger.cli.frame.session import Group, Session
from eximledger.consent import read_consent
from eximledger_chaincode.contracts.papers.consents import ConsentBook
from eximledger_chaincode.lending.consent import SignedAuthorisation, SignedRevocation

__all__ = ["consent"]


@click.group(cls=Group)
def consent() -> None:
    """What exporters let banks read: filed from the papers that `eximledger exporter` signs."""


@consent.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def file(session: Session, file: Path) -> None:
    """File the authorisation or the revocation in FILE. A revocation purges the copies that nothing else allows."""
    match read_consent(file):
        case SignedAuthorisation() as signed:
            book = session.run(lambda desk: desk.authorise(signed))
            session.output.answer(book, *_view(session.output, book))
        case SignedRevocation() as revoked:
            session.run(lambda desk: desk.revoke(revoked))
            session.output.answer({"revoked": revoked.paper.authorisation}, session.output.word("Filed."))


@consent.command()
@click.argument("exporter", metavar="USCC")
@click.option("--bank", metavar="MSP", default="", help="Which bank; this one unless customs or SAFE asks.")
@click.pass_obj
def show(session: Session, exporter: str, bank: str) -> None:
    """What an exporter has ever let a bank read."""
    book = session.look(lambda desk: desk.consents(exporter, bank=bank))
    session.output.answer(book, *_view(session.output, book))


@consent.command()
@click.argument("exporter", metavar="USCC")
@click.argument("declarations", nargs=-1, required=True, metavar="NUMBER...")
@click.option("--invoice", "invoices", multiple=True, metavar="NUMBER", help="Whose receipts are wanted; repeat it.")
@click.option("--receipt", "receipts", multiple=True, metavar="NUMBER", help="A receipt wanted; repeat it.")
@click.pass_obj
def pull(
    session: Session,
    exporter: str,
    declarations: tuple[str, ...],
    invoices: tuple[str, ...],
    receipts: tuple[str, ...],
) -> None:
    """Have customs and SAFE copy the exporter's declarations for this bank, with its class and receipts.

    Checking a loan does it by itself.
    """
    pulled = session.run(lambda desk: desk.pull(exporter, declarations, invoices=invoices, receipts=receipts))
    rows = [("Declarations", "\n".join(pulled.declarations)), ("Receipts", "\n".join(pulled.receipts))]
    session.output.answer(
        {"declarations": pulled.declarations, "receipts": pulled.receipts}, session.output.facts(rows)
    )


@consent.command()
@click.pass_obj
def keep(session: Session) -> None:
    """Say which declarations this bank's loans hold, so that what becomes of them is known after an authorisation ends.

    To be repeated as loans begin and end, once a day say.
    """
    kept = session.run(lambda desk: desk.keep())
    rows = [(exporter, "\n".join(numbers)) for exporter, numbers in kept.items()]
    session.output.answer(kept, session.output.table(("Exporter", "Declarations"), rows))


def _view(output: Output, book: ConsentBook) -> list[RenderableType]:
    rows = []
    for each in book.consents:
        paper, revoked = each.consent.authorisation, each.consent.revoked_on
        what = ", ".join(output.word(scope) for scope in paper.what)
        given = output.word("signed" if each.signed is not None else "on a form")
        rows.append((paper.number, what, f"{paper.valid_from} - {paper.valid_until}", given, str(revoked or "")))
    if not rows:
        return [output.word("The exporter has let this bank read nothing.")]
    return [output.table(("Number", "May read", "Holds", "Given", "Revoked"), rows)]
