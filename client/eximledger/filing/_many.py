"""The run over many files: known ones passed over, the others read and filed in batches, each refusal by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, TypeAlias

from eximledger.desk import Filed, LoanDesk
from eximledger.filing._files import digest_of
from eximledger.filing._journal import Journal, Papers, Standing
from eximledger.filing._outcomes import Outcome, Progress, State, Summary, Tally
from eximledger.formats import Reading, read
from eximledger_chaincode.documents import DeclarationCopy, Document, ExportDeclaration
from hlf_client.errors import FabricError, InvalidDocument, NotAuthorized, NotFound, Refused

__all__ = ["as_copies", "file_many"]

BATCH_PAPERS: Final = 500
"""Papers of one batch: what one transaction takes."""
BATCH_BYTES: Final = 1024 * 1024
"""Of files in one batch: less than one transaction takes of papers."""
_CHUNK: Final = 100
"""Files looked up, and read, at a time; between them a run can be cancelled, and says how far it is."""
_ABOUT_A_FILE: Final = (InvalidDocument, NotAuthorized, NotFound, Refused)
"""What the ledger says of papers. Anything else is about the ledger and ends the run."""

Key: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """A file with its hash, "" where it has none."""

    path: Path
    digest: str


@dataclass(frozen=True, slots=True)
class _Read:
    """A file that was read, on its way to the ledger."""

    file: _Found
    reading: Reading
    size: int

    @property
    def names(self) -> set[tuple[str, str]]:
        return {(document.KIND, document.id) for document in self.reading.documents}


@dataclass(frozen=True, slots=True)
class _Reading:
    """How files are read: whose papers, and whether declarations in them are copies, or customs' forms declarations."""

    exporter: str | None
    copies: bool
    declarations: bool

    def read(self, path: Path) -> Reading:
        reading = read(path, exporter=self.exporter, declarations=self.declarations)
        return as_copies(reading) if self.copies else reading


@dataclass
class _Batch:
    """Files whose papers are of the same kinds, so that one transaction takes them."""

    files: list[_Read] = field(default_factory=list)
    names: set[tuple[str, str]] = field(default_factory=set)
    """Kind and id of every paper in it: a transaction takes each but once."""
    digests: set[str] = field(default_factory=set)
    size: int = 0

    def takes(self, each: _Read) -> bool:
        papers = len(self.names) + len(each.reading.documents)
        fits = papers <= BATCH_PAPERS and self.size + each.size <= BATCH_BYTES
        return not self.files or (fits and self.names.isdisjoint(each.names))

    def add(self, each: _Read) -> None:
        self.files.append(each)
        self.names |= each.names
        self.digests.add(each.file.digest)
        self.size += each.size


async def file_many(
    desk: LoanDesk | None,
    files: Sequence[Path],
    *,
    journal: Journal | None = None,
    exporter: str | None = None,
    copies: bool = False,
    declarations: bool = False,
    on_file: Callable[[Outcome], None] = lambda _outcome: None,
    on_progress: Callable[[Progress], None] = lambda _progress: None,
) -> Summary:
    """Read and file files in this order (of each kind), and say of each what became of it; without a desk they are only
    read. `declarations` has customs' forms read as customs' own declarations, `copies` declarations as copies of them.

    A file that cannot be read, or whose papers are refused, is an outcome and stops no other. A file whose bytes the
    journal knows is passed over while the ledger has its papers, amended since or not; without a journal every file is
    read. What ends the run (`LedgerUnavailable`, a kill) loses nothing: run again, it goes on. Memory does not grow
    with the number of files.
    """
    run = _Run(desk, journal, _Reading(exporter, copies, declarations), Tally(len(files), on_file, on_progress))
    for start in range(0, len(files), _CHUNK):
        await run.take(files[start : start + _CHUNK])
    return await run.finish()


def as_copies(reading: Reading) -> Reading:
    """The reading with declarations as the exporter's own copies of them."""
    documents = tuple(
        DeclarationCopy.of(each) if isinstance(each, ExportDeclaration) else each for each in reading.documents
    )
    return replace(reading, documents=documents)


class _Run:
    def __init__(self, desk: LoanDesk | None, journal: Journal | None, how: _Reading, tally: Tally) -> None:
        self._desk = desk
        self._journal = journal
        self._how = how
        self._tally = tally
        self._batches: dict[Key, _Batch] = {}

    async def take(self, paths: Sequence[Path]) -> None:
        found = await asyncio.to_thread(lambda: [_Found(path, digest_of(path) or "") for path in paths])
        known = await self._known(found)
        unknown = []
        for each in found:
            if each.digest in known:
                self._tally.take(Outcome(each.path, State.KNOWN))
            else:
                unknown.append(each)
        for each, read_ in zip(unknown, await asyncio.to_thread(self._read, unknown), strict=True):
            if isinstance(read_, FabricError):
                self._tally.take(Outcome(each.path, State.REFUSED, error=read_))
            elif self._desk is None:
                self._tally.take(Outcome(each.path, State.READ, read_.reading))
            else:
                await self._add(self._desk, read_)
        self._tally.step()

    async def finish(self) -> Summary:
        """File what is left."""
        for batch in self._batches.values():
            if self._desk is not None:
                await self._flush(self._desk, batch)
        self._tally.step()
        return self._tally.summary()

    async def _known(self, found: Sequence[_Found]) -> set[str]:
        """Which of these files were filed, by the journal and by the ledger."""
        if self._desk is None or self._journal is None:
            return set()
        noted = self._journal.known([each.digest for each in found if each.digest])
        standing = await _standing(self._desk, [paper for papers in noted.values() for paper in papers])
        return {digest for digest, papers in noted.items() if standing.issuperset(papers)}

    def _read(self, found: Sequence[_Found]) -> list[_Read | FabricError]:
        return [self._read_one(each) for each in found]

    def _read_one(self, file: _Found) -> _Read | FabricError:
        try:
            reading = self._how.read(file.path)
            size = file.path.stat().st_size
        except FabricError as error:
            return error
        except OSError as error:
            return InvalidDocument(f"{file.path.name}: {error.strerror}", field="file", reason=error.strerror or "")
        return _Read(file, reading, size)

    async def _add(self, desk: LoanDesk, each: _Read) -> None:
        kinds = tuple(sorted({document.KIND for document in each.reading.documents}))
        batch = self._batches.setdefault(kinds, _Batch())
        if each.file.digest and each.file.digest in batch.digests:
            self._tally.take(Outcome(each.file.path, State.KNOWN))  # the same bytes under another name
            return
        if not batch.takes(each):
            await self._flush(desk, batch)
            batch = self._batches[kinds] = _Batch()
        batch.add(each)

    async def _flush(self, desk: LoanDesk, batch: _Batch) -> None:
        await self._file(desk, batch.files)
        self._tally.step()

    async def _file(self, desk: LoanDesk, files: Sequence[_Read]) -> None:
        """File papers of files together; where they are refused, in halves, until the file that is refused is alone."""
        documents: list[Document] = [document for each in files for document in each.reading.documents]
        try:
            filed = await desk.file(documents)
        except _ABOUT_A_FILE as error:
            if len(files) == 1:
                self._tally.take(Outcome(files[0].file.path, State.REFUSED, files[0].reading, error=error))
                return
            middle = len(files) // 2
            await self._file(desk, files[:middle])
            await self._file(desk, files[middle:])
            return
        self._note(files, filed)

    def _note(self, files: Sequence[_Read], filed: Sequence[Filed]) -> None:
        rest = iter(filed)
        noted: dict[str, Papers] = {}
        outcomes = []
        for each in files:
            own = tuple(next(rest) for _ in each.reading.documents)
            noted[each.file.digest] = tuple(Standing(one.entry.kind, one.entry.id, one.entry.version) for one in own)
            outcomes.append(Outcome(each.file.path, State.FILED, each.reading, own))
        if self._journal is not None:
            self._journal.note(noted)
        for outcome in outcomes:
            self._tally.take(outcome)


async def _standing(desk: LoanDesk, papers: Sequence[Standing]) -> set[Standing]:
    """Those of the papers that the ledger has, in this version or a later one."""
    found: set[Standing] = set()
    for kind in sorted({paper.kind for paper in papers}):
        own = [paper for paper in papers if paper.kind == kind]
        for start in range(0, len(own), _CHUNK):
            some = own[start : start + _CHUNK]
            entries = await desk.entries(kind, [paper.id for paper in some])
            found |= {
                paper
                for paper, entry in zip(some, entries, strict=True)
                if entry is not None and entry.version >= paper.version
            }
    return found
