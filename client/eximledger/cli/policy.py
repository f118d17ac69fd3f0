"""`eximledger policy`: a bank's policy, proposed by one person and confirmed by another."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import RenderableType

from eximledger.cli.frame.output import Output
from eximledger.cli.frame.session import Group, Session
from eximledger.formats import read
from eximledger_chaincode.documents import TolerancePolicy
from eximledger_chaincode.lending.floors import PolicyBook
from hlf_client.errors import InvalidDocument

__all__ = ["policy"]


@click.group(cls=Group)
def policy() -> None:
    """The bank's policy: what its loans are judged by. Two persons make one."""


@policy.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def propose(session: Session, file: Path) -> None:
    """Propose the policy in FILE (JSON); another person confirms it."""
    documents = read(file).documents
    if len(documents) != 1 or not isinstance(documents[0], TolerancePolicy):
        kinds = ", ".join(sorted({each.KIND for each in documents})) or "nothing"
        raise InvalidDocument(f"{file.name} holds {kinds}, not one policy", field="file", reason="no policy")
    proposed = documents[0]
    _answer(session.output, session.run(lambda desk: desk.propose_policy(proposed)))


@policy.command()
@click.argument("sha256", metavar="HASH")
@click.pass_obj
def confirm(session: Session, sha256: str) -> None:
    """Make just the policy that another person proposed (`policy show` gives HASH); with exim.role=policy."""
    _answer(session.output, session.run(lambda desk: desk.confirm_policy(sha256)))


@policy.command()
@click.option("--bank", metavar="MSP", default="", help="Whose; this member's own unless given.")
@click.pass_obj
def show(session: Session, bank: str) -> None:
    """A bank's policies: those that hold, will hold, and wait for a second person."""
    _answer(session.output, session.look(lambda desk: desk.policies(bank=bank)))


def _answer(output: Output, book: PolicyBook) -> None:
    output.answer(book, *_view(output, book))


def _view(output: Output, book: PolicyBook) -> list[RenderableType]:
    rows = [
        (str(each.record.document.effective_from), str(each.record.version), each.proposed_by.name,
         each.confirmed_by.name, each.record.sha256)
        for each in book.policies
    ]  # fmt: skip
    if book.proposed is not None:
        waiting = book.proposed
        rows.append((str(waiting.policy.effective_from), "", waiting.by.name, output.word("proposed"), waiting.sha256))
    if not rows:
        return [output.word("The built-in policy holds; nothing is proposed.")]
    table = output.table(("From", "Version", "Proposed by", "Confirmed by", "SHA-256"), rows)
    if book.proposed is None:
        return [table]
    return [table, "", f"eximledger policy confirm {book.proposed.sha256}"]
