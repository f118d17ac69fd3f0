"""`eximledger document put`: a few files all or none; a folder, or many, one by one, to be gone on with."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TextIO
from urllib.parse import unquote

import click
from pydantic_core import to_jsonable_python

from eximledger.cli.frame.output import Output
from eximledger.cli.frame.session import Session, SessionCommand
from eximledger.cli.papers.saying import note_unmapped, papers_table, read_table, readings_json, summary_view
from eximledger.desk import Filed, LoanDesk
from eximledger.filing import Journal, Outcome, Progress, State, Summary, as_copies, file_many, files_in
from eximledger.formats import read
from hlf_client.errors import FabricError, InvalidDocument

__all__ = ["put"]

_FEW: Final = 100
"""So many files named one by one are filed all or none."""
_SHOWN: Final = 50
"""So many papers of a folder are listed; of more the numbers are said."""
_SOME_REFUSED: Final = 5


@click.command(cls=SessionCommand)
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="FILE...")
@click.option("--exporter", metavar="USCC", help="The exporter of papers that do not carry one.")
@click.option("--as-copies", "copies", is_flag=True, help="Declarations in the files are the exporter's own copies.")
@click.option("--as-declarations", "declarations", is_flag=True, help="Customs' forms are customs' own declarations.")
@click.option("--dry-run", is_flag=True, help="Read and report only; file nothing.")
@click.option("--again", is_flag=True, help="Of a folder: read and file also what was filed before.")
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE.jsonl",
    help="Of a folder: write a line for each file, what became of it and what of it no paper holds.",
)
@click.pass_obj
def put(
    session: Session,
    files: tuple[Path, ...],
    exporter: str | None,
    copies: bool,
    declarations: bool,
    dry_run: bool,
    again: bool,
    report: Path | None,
) -> None:
    """File papers; the format of each FILE is found out, a folder stands for the files in it.

    A paper that stands there already with another content is amended: its history keeps both. Of FILEs nothing is
    filed when one of them cannot be read. With a folder, or more than 100 files, each file that can be read is filed
    and the others are counted by reason. Interrupted, the same command goes on: files are known by their hash.

    Exit code 0 everything is filed, 5 some files were refused, 1 all were, or the ledger could not be reached.
    """
    if copies and declarations:
        raise click.UsageError("--as-copies and --as-declarations: one paper is not both")
    how = _How(exporter, copies, declarations, dry_run)
    if len(files) <= _FEW and not any(path.is_dir() for path in files):
        _put_few(session, files, how)
        return
    _Many(session, how, again, report).put(files_in(files))


@dataclass(frozen=True, slots=True)
class _How:
    """How files are read, and whether they are only read."""

    exporter: str | None
    copies: bool
    declarations: bool
    dry_run: bool

    @property
    def scope(self) -> tuple[str, ...]:
        """What of it decides what becomes of a file's bytes."""
        return (self.exporter or "", "copies" * self.copies, "declarations" * self.declarations)


def _put_few(session: Session, files: Sequence[Path], how: _How) -> None:
    dry_run = how.dry_run
    readings = [(path, read(path, exporter=how.exporter, declarations=how.declarations)) for path in files]
    if how.copies:
        readings = [(path, as_copies(each)) for path, each in readings]
    documents = [document for _, reading in readings for document in reading.documents]
    filed = [] if dry_run else session.run(lambda desk: desk.file(documents))
    note_unmapped(session.output, readings)
    table = read_table(session.output, documents) if dry_run else papers_table(session.output, filed)
    session.output.answer(readings_json(readings, filed), table)
    _note_filed(session.output, filed)


def _note_filed(output: Output, filed: Iterable[Filed]) -> None:
    for one in filed:
        if one.entry.note is not None:
            output.note(f"{output.word(one.entry.kind)} {one.entry.number}: {one.entry.note}")


class _Many:
    """One run over many files, as the command line has it."""

    def __init__(self, session: Session, how: _How, again: bool, report: Path | None) -> None:
        self._session = session
        self._how = how
        self._again = again
        self._report = report
        self._seen: list[Outcome] = []
        self._papers = 0
        self._last: Progress | None = None

    def put(self, files: Sequence[Path]) -> None:
        output = self._session.output
        with nullcontext() if self._report is None else _lines_of(self._report) as lines:
            summary = self._run(files, lines)
        if summary.first_error is not None and not (summary.filed or summary.known or summary.read):
            raise summary.first_error
        self._answer(summary)
        if summary.refused:
            output.note(output.word("Mend what was refused and give the same command again."))
            click.get_current_context().exit(_SOME_REFUSED)

    def _run(self, files: Sequence[Path], lines: TextIO | None) -> Summary:
        def on_file(outcome: Outcome) -> None:
            self._see(outcome)
            if lines is not None:
                lines.write(f"{json.dumps(_line(outcome), ensure_ascii=False)}\n")

        def on_progress(say: Callable[[str], None]) -> Callable[[Progress], None]:
            def tell(progress: Progress) -> None:
                self._last = progress
                say(_said(output, progress))

            return tell

        async def filed(desk: LoanDesk, say: Callable[[str], None]) -> Summary:
            with self._journal(desk) as journal:
                return await file_many(
                    desk, files, journal=journal, exporter=how.exporter, copies=how.copies,
                    declarations=how.declarations, on_file=on_file, on_progress=on_progress(say),
                )  # fmt: skip

        output, how = self._session.output, self._how
        try:
            if not self._how.dry_run:
                return self._session.run_long(filed)
            with output.working() as say:
                only = file_many(
                    None, files, exporter=how.exporter, copies=how.copies, declarations=how.declarations,
                    on_file=on_file, on_progress=on_progress(say),
                )  # fmt: skip
                return asyncio.run(only)
        except (FabricError, KeyboardInterrupt):
            if self._last is not None and not self._how.dry_run:
                output.note(f"{_said(output, self._last)}: {output.word('the same command goes on from here')}")
            raise

    def _see(self, outcome: Outcome) -> None:
        """Keep the first outcomes: those of a small folder are shown."""
        self._papers += len(outcome.reading.documents) if outcome.reading is not None else 1
        if self._papers <= _SHOWN:
            self._seen.append(outcome)
        elif self._seen:
            self._seen = []

    def _answer(self, summary: Summary) -> None:
        output = self._session.output
        parts = []
        if self._papers <= _SHOWN:
            seen = [each for each in self._seen if each.state in {State.READ, State.FILED}]
            readings = [(each.path, each.reading) for each in seen if each.reading is not None]
            filed = [one for each in seen for one in each.filed]
            note_unmapped(output, readings)
            documents = [document for _, reading in readings for document in reading.documents]
            parts.append(read_table(output, documents) if self._how.dry_run else papers_table(output, filed))
            _note_filed(output, filed)
        if self._papers > _SHOWN or summary.refused or summary.known:
            parts += summary_view(output, summary)
        output.answer(_summary_json(summary), *parts)

    @contextmanager
    def _journal(self, desk: LoanDesk) -> Iterator[Journal | None]:
        path = None if self._again else _journal_of(self._session.ledger)
        if path is None:
            yield None
            return
        scope = ("1", desk.ledger.msp_id, *self._how.scope)
        with Journal(path, scope) as journal:
            yield journal


def _journal_of(ledger: str) -> Path | None:
    """Beside an embedded ledger's file, none for one in memory; for any other among the user's state."""
    kind, _, location = ledger.partition(":")
    if kind == "embedded":
        path = unquote(location.partition("?")[0])
        return None if path.startswith(":memory:") else Path(f"{path}.filed").expanduser()
    state = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local/state")
    name = hashlib.sha256(str(Path(location or kind).resolve()).encode()).hexdigest()[:16]
    return state / "eximledger" / f"{name}.filed"


@contextmanager
def _lines_of(path: Path) -> Iterator[TextIO]:
    try:
        file = path.open("w", encoding="utf-8")
    except OSError as error:
        raise InvalidDocument(f"{path} cannot be written: {error.strerror}", field="report", reason="") from None
    with file:
        yield file


def _said(output: Output, progress: Progress) -> str:
    word = output.word
    parts = [f"{progress.done:,} / {progress.total:,}", f"{progress.per_second:,.0f} /s"]
    if progress.left is not None:
        minutes, seconds = divmod(round(progress.left), 60)
        parts.append(f"{word('left')} {minutes}:{seconds:02}")
    if progress.known:
        parts.append(f"{word('known')} {progress.known:,}")
    if progress.refused:
        parts.append(f"{word('refused')} {progress.refused:,}")
    return ", ".join(parts)


def _line(outcome: Outcome) -> dict[str, object]:
    """One file's line of the report."""
    line: dict[str, object] = {"file": str(outcome.path), "state": outcome.state.value}
    if outcome.reading is not None:
        (line_of_reading,) = readings_json([(outcome.path, outcome.reading)], list(outcome.filed))
        line |= line_of_reading
    if outcome.error is not None:
        line |= {"error": type(outcome.error).__name__, "message": outcome.error.message}
    return line


def _summary_json(summary: Summary) -> dict[str, object]:
    return {
        "files": summary.files, "read": summary.read, "filed": summary.filed, "known": summary.known,
        "refused": summary.refused, "papers": summary.papers, "unmapped": summary.unmapped,
        "refusals": to_jsonable_python(summary.refusals), "seconds": round(summary.seconds, 3),
        "per_second": round(summary.per_second, 1),
    }  # fmt: skip
