"""`eximledger matching`: the secret under which all banks' papers are looked up, from one to the next; SAFE's."""

from __future__ import annotations

from typing import Final

import click

from eximledger.cli.frame.session import Group, Session
from eximledger_chaincode.lending.matching import Generations

__all__ = ["matching"]

_NEXT: Final = (
    "open the business day anew (day open), move what stands (matching rekey), then retire the older one "
    "(matching retire): both are looked up until then"
)


@click.group(cls=Group)
def matching() -> None:
    """The secret under which papers of all banks are looked up: SAFE makes the next one, moves what stands, and retires
    the older."""


@matching.command()
@click.pass_obj
def show(session: Session) -> None:
    """Which generations of the secret are looked up."""
    _answer(session, session.look(lambda desk: desk.generations()))


@matching.command()
@click.pass_obj
def rotate(session: Session) -> None:
    """Make the next generation; papers are entered under it from the next business day that is opened."""
    found = session.look(lambda desk: desk.rotate())
    _answer(session, found)
    if found.previous is not None:
        session.output.note(_NEXT)


@matching.command()
@click.pass_obj
def rekey(session: Session) -> None:
    """Move what stands in the register to the newest generation; interrupted, give it again."""
    done = session.run_long(lambda desk, tell: desk.rekey(tell=tell))
    facts = [("Generation", str(done.generation)), ("Loans", str(done.loans)), ("Marks moved", str(done.marks))]
    session.output.answer(done, session.output.facts(facts))


@matching.command()
@click.pass_obj
def retire(session: Session) -> None:
    """Purge the older generation's secret; refused while anything stands under it."""
    _answer(session, session.look(lambda desk: desk.retire()))


def _answer(session: Session, found: Generations) -> None:
    previous = "" if found.previous is None else str(found.previous)
    facts = [("Generation", str(found.current)), ("Looked up beside it", previous)]
    session.output.answer(found, session.output.facts(facts))
