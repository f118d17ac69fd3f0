"""Reading a file whole: its format found, its papers taken out, and those of the files that it holds."""

from __future__ import annotations

from typing import Final

from eximledger.formats._detect import format_of
from eximledger.formats._exporter import checked_exporter
from eximledger.formats._gathered import Gathered, soundly
from eximledger.formats._known import Format, Papers
from eximledger.formats._limits import MAX_BYTES, MAX_PARTS_WORK
from eximledger.formats._papers import read_papers
from eximledger.formats._reading import Reading
from eximledger.formats._source import Named, Source, bytes_of
from eximledger.formats.containers.parts import Part
from hlf_chaincode.errors import InvalidDocument

__all__ = ["detect", "read"]

_OLE: Final = b"\xd0\xcf\x11\xe0"
_ARCHIVE: Final = "zip"
"""What may hold files that hold files, such as a month's invoices as PDFs; anything else within another is closed."""


class _Holder:
    """A file that holds others, by its format, and what its files come to, with those that they hold themselves."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._size = self._work = 0

    def hold(self, parts: tuple[Part, ...]) -> None:
        """Count what a file in it holds. Raises `InvalidDocument` for more, in all, than one file may unpack to."""
        self._size += sum(len(part.content) for part in parts)
        if self._size > MAX_BYTES:
            reason = f"brings what its archive holds to more than {MAX_BYTES // 2**20} MiB; send it by itself"
            raise InvalidDocument(f"the file {reason}", field="file", reason=reason)

    def spend(self, content: bytes) -> None:
        """Count what reading a file in it costs. Raises `InvalidDocument` for more, in all, than a file may cost."""
        self._work += _work(content)
        if self._work > MAX_PARTS_WORK:
            reason = "comes after more than is read of one archive; send it by itself"
            raise InvalidDocument(f"the file {reason}", field="file", reason=reason)


def _work(content: bytes) -> int:
    """What reading costs at most, in elements of XML: a line of text as much as some twenty, a value as some four."""
    if content.startswith((b"PK", _OLE)):
        return len(content)
    if b"%PDF-" in content[:1024]:
        return len(content) // 8
    if content[:400].lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").startswith(b"<"):
        return content.count(b"<")
    lines = max(content.count(end) for end in (b"\n", b"\r", b"'"))
    return max(20 * lines, 4 * content.count(b","), len(content) // 16)


def detect(source: Source, *, name: str = "") -> str:
    """As `formats.detect`."""
    with Named(source, name):
        return format_of(bytes_of(source))[1]


def read(source: Source, *, name: str = "", exporter: str | None = None, declarations: bool = False) -> Reading:
    """As `formats.read`."""
    uscc = checked_exporter(exporter)
    with Named(source, name):
        reading = _read(bytes_of(source), uscc, declarations=declarations)
    if uscc is None:
        return reading
    documents = tuple(document.of_exporter(uscc) for document in reading.documents)
    return Reading(reading.format, documents, reading.unmapped)


def _read(source: bytes, exporter: str | None, *, declarations: bool, within: tuple[_Holder, ...] = ()) -> Reading:
    row, name = format_of(source)
    for holder in within[:1]:
        holder.spend(source)
    reader = row.declared if declarations and row.declared is not None else row.read
    parts = _parts(row, name, source, within)
    if parts or reader is None:
        return _of_parts(parts, exporter, declarations=declarations, within=(*within, _Holder(name)))
    with soundly(name):
        found = read_papers(row, source) if isinstance(reader, Papers) else reader(source, exporter)
    return Reading(name, *found)


def _parts(row: Format, name: str, source: bytes, within: tuple[_Holder, ...]) -> tuple[Part, ...]:
    """The files in a file, which counts in what holds it. Raises `InvalidDocument` where it is closed there."""
    if row.opens is None:
        return ()
    is_closed = bool(within) and (row.name == _ARCHIVE or [each.name for each in within] != [_ARCHIVE])
    parts = () if is_closed and row.read is None else row.opens(source)
    if is_closed and (parts or row.read is None):
        reason = f"is a {name} within a {within[-1].name}; send it by itself"
        raise InvalidDocument(f"the file {reason}", field="file", reason=reason)
    for each in within:
        each.hold(parts)
    return parts


def _of_parts(
    parts: tuple[Part, ...], exporter: str | None, *, declarations: bool, within: tuple[_Holder, ...]
) -> Reading:
    """What can be read of the files in a file."""
    gathered = Gathered()
    for part in parts:
        try:
            with Named(part.content, part.name):
                reading = _read(bytes_of(part.content), exporter, declarations=declarations, within=within)
        except InvalidDocument as error:
            gathered.miss(part.name, error)
            continue
        gathered.add(part.name, reading.documents, reading.unmapped)
    gathered.require_some()
    return Reading(within[-1].name, tuple(gathered.documents), tuple(gathered.unmapped))
