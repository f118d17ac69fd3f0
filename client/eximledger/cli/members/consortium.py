"""`eximledger consortium`: who its members are, and votes for what they have in common."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from pydantic import ValidationError

from eximledger.cli.frame.session import Group, Session
from eximledger.consent import read_authority
from eximledger_chaincode.contracts.state.members import Member
from eximledger_chaincode.documents import invalid_document
from eximledger_chaincode.lending.floors import Floors
from hlf_client.errors import InvalidDocument

__all__ = ["consortium"]

_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(cls=Group)
def consortium() -> None:
    """The members, and what they vote on: a majority decides."""


@consortium.command()
@click.pass_obj
def show(session: Session) -> None:
    """The members and their roles, and who runs an exporters' authority."""
    _answer(session, session.look(lambda desk: desk.members()))


@consortium.command()
@click.argument("certificate", type=_file)
@click.option("--member", metavar="MSP", required=True, help="The member that runs the authority.")
@click.pass_obj
def authority(session: Session, certificate: Path, member: str) -> None:
    """Vote for CERTIFICATE as an exporters' authority: what exporters sign under it counts once a majority has."""
    pem = read_authority(certificate)
    present = session.look(lambda desk: desk.members())
    if member not in {each.msp_id for each in present}:
        raise InvalidDocument(f"there is no member {member}", field="member", reason="no member")
    wanted = [_with_authority(each, pem) if each.msp_id == member else each for each in present]
    _answer(session, session.run(lambda desk: desk.vote(wanted)))


@consortium.command()
@click.argument("file", type=_file)
@click.pass_obj
def floors(session: Session, file: Path) -> None:
    """Vote for the floors in FILE (JSON): what no bank's policy goes under, and how consent may be given."""
    try:
        wanted = Floors.model_validate_json(file.read_bytes())
    except ValidationError as error:
        raise invalid_document("floors", error) from None
    present = session.look(lambda desk: desk.members())
    _answer(session, session.run(lambda desk: desk.vote(present, wanted)))


def _with_authority(member: Member, pem: str) -> Member:
    held = member.exporters_authority
    return member if pem in held else member.model_copy(update={"exporters_authority": (*held, pem)})


def _answer(session: Session, members: Sequence[Member]) -> None:
    rows = [
        (each.msp_id, session.output.word(each.role.value), each.name, str(len(each.exporters_authority) or ""))
        for each in members
    ]
    session.output.answer(
        list(members), session.output.table(("Member", "Role", "Name", "Exporters' authorities"), rows)
    )
