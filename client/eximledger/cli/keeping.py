"""`eximledger backup` and `restore`: an embedded ledger and its keys as one file, taken while it is used."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from eximledger.cli.frame.session import Session, SessionCommand
from hlf_client import backup as ledger_backup
from hlf_client import restore as ledger_restore

if TYPE_CHECKING:
    from hlf_client.embedded import Verification

__all__ = ["backup", "restore"]


@click.command(cls=SessionCommand)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def backup(session: Session, file: Path) -> None:
    """Copy the ledger and its keys into a new FILE, as they are at one moment, while others go on; and verify the copy.

    FILE holds every member's keys and private papers: keep it as the ledger is kept.
    """
    with session.output.working():
        found = ledger_backup(session.ledger, file.absolute())
    _answer(session, file, found, "The ledger was copied, and the copy verified.")


@click.command(cls=SessionCommand)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def restore(session: Session, file: Path) -> None:
    """Put the ledger of a FILE that `backup` wrote where --ledger says, and verify it. Nothing there is replaced."""
    with session.output.working():
        found = ledger_restore(file, session.ledger)
    _answer(session, file, found, "The ledger was restored and verified.")


def _answer(session: Session, file: Path, found: Verification, says: str) -> None:
    output = session.output
    body = {"file": str(file.resolve()), "ledger": session.ledger, "channels": found.channels}
    rows = [(one.name, f"{one.height:,}", f"{one.transactions:,}", one.last_hash[:16]) for one in found.channels]
    output.answer(
        body,
        output.word(says),
        "",
        output.facts([("Copy", str(file.resolve())), ("Ledger", session.ledger)]),
        "",
        output.table(("Channel", "Good blocks", "Transactions", "Last hash"), rows),
    )
