"""`eximledger document`: file, find and read papers."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import click
from rich.console import RenderableType
from rich.json import JSON

from eximledger.cli.frame.output import Output
from eximledger.cli.frame.session import Group, Session
from eximledger.cli.papers import attaching
from eximledger.cli.papers.putting import put
from eximledger.formats import TABLE_KINDS, checked_exporter, json_schema, template_of
from eximledger.reports import moment
from eximledger_chaincode.contracts.papers.answers import EntryPage, HistoryItem
from eximledger_chaincode.contracts.papers.recipients import Recipient
from eximledger_chaincode.documents import (
    KINDS,
    Document,
    Entry,
    Record,
)

__all__ = ["document"]

_PAGE = 100

_kind = click.argument("kind", type=click.Choice(sorted(KINDS)))
_exporter = click.option(
    "--exporter",
    metavar="USCC",
    help="Only this exporter's papers.",
    callback=lambda _context, _option, value: checked_exporter(value) or "",
)
_bank = click.option("--bank", metavar="MSP", default="", help="The bank whose paper it is, where several have it.")


@click.group(cls=Group)
def document() -> None:
    """Trade papers on their channels."""


for _command in (put, *attaching.COMMANDS):
    document.add_command(_command)


@document.command()
@_kind
@click.argument("name", metavar="ID")
@_exporter
@_bank
@click.pass_obj
def get(session: Session, kind: str, name: str, exporter: str, bank: str) -> None:
    """The latest version of a paper, by its ledger ID or its bare number."""
    found: Record[Document] = session.look(lambda desk: desk.document(kind, name, exporter=exporter, bank=bank))
    content = found.document.model_dump_json(exclude_none=True)
    session.output.answer(found, _entry_facts(session.output, found), "", JSON(content, indent=2, highlight=False))


@document.command("list")
@_kind
@_exporter
@click.option("--limit", type=click.IntRange(1, 1000), default=_PAGE, show_default=True, help="At most so many.")
@click.option("--after", metavar="BOOKMARK", default="", help="Go on where the page before ended.")
@click.pass_obj
def list_documents(session: Session, kind: str, exporter: str, limit: int, after: str) -> None:
    """Papers of a kind, a page at a time."""
    page: EntryPage = session.look(
        lambda desk: desk.documents(kind, exporter=exporter, page_size=limit, bookmark=after)
    )
    session.output.answer(page, _entries(session.output, page.entries))
    if page.bookmark:
        session.output.note(f"more: --after {page.bookmark!r}")


@document.command()
@_kind
@click.argument("name", metavar="ID")
@_exporter
@_bank
@click.pass_obj
def history(session: Session, kind: str, name: str, exporter: str, bank: str) -> None:
    """Every version of a paper, newest first."""
    found: list[HistoryItem] = session.look(lambda desk: desk.history(kind, name, exporter=exporter, bank=bank))
    rows = [
        (
            str(item.entry.version),
            moment(item.timestamp),
            item.entry.issuer,
            item.entry.sha256[:16],
            item.transaction_id[:16],
        )
        for item in found
    ]
    session.output.answer(found, session.output.table(("Version", "Time", "Issuer", "SHA-256", "Transaction"), rows))


@document.command()
@click.argument("kind", type=click.Choice(sorted(KINDS)), required=False)
@click.pass_obj
def schema(_session: Session, kind: str | None) -> None:
    """The JSON Schema of a kind of paper, or of all: JSON as it is, on a terminal, in a pipe and in a file."""
    click.echo(json.dumps(json_schema(kind or ""), ensure_ascii=False, indent=2))


@document.command()
@click.argument("kind", type=click.Choice(TABLE_KINDS))
@click.option(
    "--output",
    "-o",
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Where to write it; KIND.xlsx in this folder by default.",
)
@click.pass_obj
def template(session: Session, kind: str, path: Path | None) -> None:
    """Write a workbook to fill in: headers, types, allowed values, notes and an example row."""
    target = path if path is not None else Path(f"{kind}.xlsx")
    with target.open("xb") as file:  # what somebody has filled in is not written over
        file.write(template_of(kind, session.language))
    session.output.answer({"file": str(target), "kind": kind}, str(target))


@document.command()
@click.argument("numbers", nargs=-1, required=True, metavar="NUMBER...")
@click.pass_obj
def recipients(session: Session, numbers: tuple[str, ...]) -> None:
    """Which banks were given declarations; for customs and SAFE."""
    found: list[Recipient] = session.look(lambda desk: desk.recipients(numbers))
    rows = [(one.declaration_number, one.bank, one.exporter) for one in found]
    session.output.answer(found, session.output.table(("Declaration", "Given to", "Exporter"), rows))
    given = {one.declaration_number for one in found}
    if nobody := [number for number in dict.fromkeys(numbers) if number not in given]:
        session.output.note(f"given to no bank: {', '.join(nobody)}")


def _entries(output: Output, entries: Iterable[Entry]) -> RenderableType:
    return output.table(
        ("Number", "Dated", "Version", "Issuer", "Exporter", "Id"),
        [
            (
                one.number, one.dated.isoformat() if one.dated else "", str(one.version), one.issuer,
                one.exporter or "", one.id,
            )
            for one in entries
        ],
    )  # fmt: skip


def _entry_facts(output: Output, entry: Entry) -> RenderableType:
    return output.facts(
        [
            ("Kind", output.word(entry.kind)),
            ("Number", entry.number),
            ("Id", entry.id),
            ("Version", str(entry.version)),
            ("Issuer", entry.issuer),
            ("Time", moment(entry.written_at)),
            ("SHA-256", entry.sha256),
            ("Collection", entry.collection or ""),
        ]
    )
