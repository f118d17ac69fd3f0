"""`eximledger balance`: what a declaration has free."""

from __future__ import annotations

import click

from eximledger.cli.frame.session import Session, SessionCommand
from eximledger.reports import balance_table

__all__ = ["balance"]


@click.command(cls=SessionCommand)
@click.argument("declaration_no")
@click.pass_obj
def balance(session: Session, declaration_no: str) -> None:
    """What a declaration is worth, what is collected, what loans hold of it, what is free."""
    found = session.look(lambda desk: desk.balance(declaration_no))
    session.output.answer(found, balance_table(found, session.language))
