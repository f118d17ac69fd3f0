"""`eximledger document attach, attachments, attachment get`: files beside papers."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final, TypeVar

import click

from eximledger.attachments import open_store
from eximledger.cli.frame.session import Group, Session, SessionCommand
from eximledger.desk import LoanDesk
from eximledger_chaincode.documents import KINDS, Kept
from eximledger_chaincode.documents.attached.attachment import MAX_ATTACHMENT, Attachment
from hlf_client import Ledger, require_ledger
from hlf_client.errors import InvalidDocument

__all__ = ["COMMANDS"]

AnswerT = TypeVar("AnswerT")

_kind = click.argument("kind", type=click.Choice(sorted(name for name, row in KINDS.items() if row.kept is Kept.OWN)))
_name = click.argument("name", metavar="ID")
_exporter = click.option("--exporter", metavar="USCC", default="", help="Whose paper, where several carry the number.")
_bank = click.option("--bank", metavar="MSP", default="", help="The bank whose paper it is; SAFE says it.")
_store = click.option(
    "--attachments",
    "url",
    envvar="EXIM_ATTACHMENTS",
    show_envvar=True,
    default="",
    show_default="an embedded ledger's own file",
    metavar="URL",
    help="Where the bytes are: folder:PATH, or s3:https://HOST/BUCKET/PREFIX with its key in AWS_ACCESS_KEY_ID.",
)


@click.command(cls=SessionCommand)
@_kind
@_name
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(exists=True, path_type=Path))
@_exporter
@_store
@click.pass_obj
def attach(session: Session, kind: str, name: str, files: tuple[Path, ...], exporter: str, url: str) -> None:
    """Attach scans (PDF, JPEG, PNG, TIFF, WebP) to a paper that is filed: hash, size and name go on the ledger, for the
    bank and SAFE alone, the bytes beside it. They are shown, and never read as data."""
    contents = [(path, _content(path)) for path in files]

    async def attached(desk: LoanDesk) -> list[Attachment]:
        return [await desk.attach(kind, name, path.name, content, exporter=exporter) for path, content in contents]

    _answer(session, _at_desk(session, url, attached))


@click.command(cls=SessionCommand)
@_kind
@_name
@_exporter
@_bank
@click.pass_obj
def attachments(session: Session, kind: str, name: str, exporter: str, bank: str) -> None:
    """What is attached to a paper, in the order in which it came."""
    _answer(session, session.look(lambda desk: desk.attachments(kind, name, exporter=exporter, bank=bank)))


@click.group(cls=Group)
def attachment() -> None:
    """One attached file."""


@attachment.command()
@_kind
@_name
@click.argument("which", metavar="HASH|NAME")
@click.option("--to", "path", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path),
              help="Where it is written; by its own name here unless given. Nothing is overwritten.")  # fmt: skip
@_exporter
@_bank
@_store
@click.pass_obj
def get(
    session: Session, kind: str, name: str, which: str, path: Path | None, exporter: str, bank: str, url: str
) -> None:
    """Write an attached file, checked by its hash, by eight digits of that or by its name."""
    require_ledger(session.ledger)

    async def found(desk: LoanDesk) -> tuple[Attachment, bytes]:
        return await desk.attachment(kind, name, which, exporter=exporter, bank=bank)

    one, content = _at_desk(session, url, found)
    place = path or Path(one.name)
    try:
        with place.open("xb") as file:
            file.write(content)
    except OSError as error:
        raise InvalidDocument(f"{place} cannot be written: {error.strerror}", field="to", reason="") from None
    session.output.answer({"file": str(place), **one.model_dump(mode="json")}, f"{place}")


COMMANDS: Final = (attach, attachments, attachment)


def _at_desk(session: Session, url: str, work: Callable[[LoanDesk], Awaitable[AnswerT]]) -> AnswerT:
    def at(ledger: Ledger) -> Awaitable[AnswerT]:
        store = open_store(url, ledger=session.ledger, msp_id=ledger.msp_id, environment=os.environ)
        return work(LoanDesk(ledger, attachments=store))

    return session.on_ledger(at)


def _content(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise InvalidDocument(f"{path.name}: this is not a file", field="file", reason="not a file")
        with path.open("rb") as file:
            return file.read(MAX_ATTACHMENT + 1)
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        raise InvalidDocument(f"{path.name}: {reason}", field="file", reason=reason) from None


def _answer(session: Session, found: list[Attachment]) -> None:
    rows = [
        (
            each.name, each.media_type, f"{each.size:,}", each.sha256[:16], each.attached_by,
            f"{each.attached_at:%Y-%m-%d %H:%M:%S}", str(each.paper_version),
        )
        for each in found
    ]  # fmt: skip
    columns = ("Name", "Type", "Bytes", "SHA-256", "By", "Time", "Version")
    session.output.answer(found, session.output.table(columns, rows))
