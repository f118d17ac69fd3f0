"""`eximledger document`: file, find and read papers."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import click
from rich.console import RenderableType
from rich.json import JSON

from eximledger.cli.frame.output import Output
from eximledger.cli.frame.session import Group, Session
from eximledger.desk import Filed
from eximledger.formats import Reading, checked_exporter, read
from eximledger.reports import moment
from eximledger_chaincode.contracts.papers.answers import EntryPage, HistoryItem
from eximledger_chaincode.contracts.papers.recipients import Recipient
from eximledger_chaincode.documents import (
    KINDS,
    DeclarationCopy,
    Document,
    Entry,
    ExportDeclaration,
    Record,
    json_schema,
)
from hlf_client.errors import InvalidDocument

__all__ = ["document"]

_PAGE = 100
_EXAMPLES = 3
"""Of parts of a paper that are in no document, so many are named on a terminal; --json names all."""

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


@document.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="FILE...")
@click.option("--exporter", metavar="USCC", help="The exporter of papers that do not carry one.")
@click.option("--as-copies", is_flag=True, help="Declarations in the files are the exporter's own copies.")
@click.option("--as-declarations", is_flag=True, help="Customs' forms in the files are customs' own declarations.")
@click.option("--dry-run", is_flag=True, help="Read and report only; file nothing.")
@click.pass_obj
def put(
    session: Session,
    files: tuple[Path, ...],
    exporter: str | None,
    as_copies: bool,
    as_declarations: bool,
    dry_run: bool,
) -> None:
    """File papers; the format of each FILE is found out, a folder stands for the files in it.

    A paper that stands there already with another content is amended: its history keeps both. Nothing is filed when
    one of the files cannot be read.
    """
    if as_copies and as_declarations:
        raise click.UsageError("--as-copies and --as-declarations: one paper is not both")
    readings = [(path, read(path, exporter=exporter, declarations=as_declarations)) for path in _each(files)]
    if as_copies:
        readings = [(path, replace(each, documents=_as_copies(each.documents))) for path, each in readings]
    documents = [document for _, reading in readings for document in reading.documents]
    filed = [] if dry_run else session.run(lambda desk: desk.file(documents))
    _note_unmapped(session.output, readings)
    if dry_run:
        rows = [
            (session.output.word(one.KIND), one.number, one.dated.isoformat() if one.dated else "") for one in documents
        ]
        session.output.answer(_readings(readings, []), session.output.table(("Kind", "Number", "Dated"), rows))
    else:
        table = session.output.table(
            ("Kind", "Number", "Version", "State"),
            [
                (
                    session.output.word(one.entry.kind),
                    one.entry.number,
                    str(one.entry.version),
                    session.output.word(one.change.value),
                )
                for one in filed
            ],
        )
        session.output.answer(_readings(readings, filed), table)
        for one in filed:
            if one.entry.note is not None:
                session.output.note(f"{session.output.word(one.entry.kind)} {one.entry.number}: {one.entry.note}")


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
@_kind
@click.pass_obj
def schema(session: Session, kind: str) -> None:
    """The JSON Schema of a kind of paper."""
    text = json.dumps(json_schema(kind), ensure_ascii=False, indent=2)
    session.output.answer(json_schema(kind), JSON(text, indent=2, highlight=False))


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


def _each(paths: Iterable[Path]) -> list[Path]:
    """The files that are meant: a folder's own, hidden ones and subfolders left out."""
    found: list[Path] = []
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        inside = sorted(file for file in path.iterdir() if file.is_file() and not file.name.startswith("."))
        if not inside:
            raise InvalidDocument(f"{path}: there is no file in this folder", field="file", reason="no file")
        found += inside
    return found


def _as_copies(documents: Iterable[Document]) -> tuple[Document, ...]:
    return tuple(DeclarationCopy.of(each) if isinstance(each, ExportDeclaration) else each for each in documents)


def _readings(readings: Iterable[tuple[Path, Reading]], filed: list[Filed]) -> list[dict[str, object]]:
    """What each file gave, as JSON says it: its documents in order, and what of it is in none."""
    rest = iter(filed)
    answer: list[dict[str, object]] = []
    for path, reading in readings:
        documents = [
            {"kind": one.KIND, "number": one.number, "id": one.id} | _change(next(rest, None))
            for one in reading.documents
        ]
        answer.append({
            "file": str(path), "format": reading.format, "documents": documents,
            "unmapped": [
                {"path": part.path, "reason": part.reason, "cause": part.cause.value, "values": part.values}
                for part in reading.unmapped
            ],
        })  # fmt: skip
    return answer


def _change(filed: Filed | None) -> dict[str, object]:
    return {} if filed is None else {"version": filed.entry.version, "change": filed.change.value}


def _note_unmapped(output: Output, readings: Iterable[tuple[Path, Reading]]) -> None:
    for path, reading in readings:
        if not reading.unmapped:
            continue
        counted = Counter(part.cause.value for part in reading.unmapped)
        causes = ", ".join(f"{number} {cause}" for cause, number in sorted(counted.items()))
        output.note(f"{path.name}: {causes}; --json names all")
        for part in reading.unmapped[:_EXAMPLES]:
            output.note(f"  {part.path}: {part.reason}")


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
