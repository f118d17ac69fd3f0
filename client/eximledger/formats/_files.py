"""Reading a file whole: its format found, its papers taken out, and those of the files that it holds."""

from __future__ import annotations

from eximledger.formats._detect import format_of
from eximledger.formats._exporter import checked_exporter
from eximledger.formats._gathered import Gathered, soundly
from eximledger.formats._known import Papers
from eximledger.formats._papers import read_papers
from eximledger.formats._reading import Reading
from eximledger.formats._source import Named, Source, bytes_of
from eximledger.formats.containers.parts import Part
from hlf_chaincode.errors import InvalidDocument

__all__ = ["detect", "read"]


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


def _read(source: bytes, exporter: str | None, *, declarations: bool, within: str = "") -> Reading:
    row, name = format_of(source)
    reader = row.declared if declarations and row.declared is not None else row.read
    parts = row.opens(source) if row.opens is not None and not (within and reader is None) else ()
    if parts or reader is None:
        if within:
            reason = f"is a {name} within a {within}; send it by itself"
            raise InvalidDocument(f"the file {reason}", field="file", reason=reason)
        return _of_parts(name, parts, exporter, declarations=declarations)
    with soundly(name):
        found = read_papers(row, source) if isinstance(reader, Papers) else reader(source, exporter)
    return Reading(name, *found)


def _of_parts(name: str, parts: tuple[Part, ...], exporter: str | None, *, declarations: bool) -> Reading:
    """What can be read of the files in a file."""
    gathered = Gathered()
    for part in parts:
        try:
            with Named(part.content, part.name):
                reading = _read(bytes_of(part.content), exporter, declarations=declarations, within=name)
        except InvalidDocument as error:
            gathered.miss(part.name, error)
            continue
        gathered.add(part.name, reading.documents, reading.unmapped)
    gathered.require_some()
    return Reading(name, tuple(gathered.documents), tuple(gathered.unmapped))
