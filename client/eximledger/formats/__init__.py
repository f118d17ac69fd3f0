"""Readers of the papers that exporters, banks and customs really have.

`read` turns a file into documents and says what of it they do not hold; `detect` says what a file is. `_known` is the
table of formats; each family of formats has a folder of its own. May be imported by desk, cli and examples; may import
`eximledger_chaincode.documents` and `hlf_chaincode.errors`, and nothing of a ledger. docs/formats.md lists the formats,
the fields and the limits.
"""

from __future__ import annotations

from typing import Final

from eximledger.formats._detect import format_of
from eximledger.formats._exporter import checked_exporter
from eximledger.formats._gathered import Gathered, soundly
from eximledger.formats._known import Papers
from eximledger.formats._papers import read_papers
from eximledger.formats._reading import Cause, Reading, Unmapped
from eximledger.formats._source import Named, Source, bytes_of
from eximledger.formats.containers.parts import Part
from eximledger.formats.schemas.schema import json_schema, schema_id
from eximledger.formats.tables.papers.kinds import TABLES
from eximledger.formats.tables.template import template_of
from hlf_chaincode.errors import InvalidDocument

__all__ = [
    "TABLE_KINDS",
    "Cause",
    "Reading",
    "Source",
    "Unmapped",
    "checked_exporter",
    "detect",
    "json_schema",
    "read",
    "schema_id",
    "template_of",
]

TABLE_KINDS: Final = tuple(TABLES)
"""The kinds of paper that come as tables, and have a template."""


def detect(source: Source, *, name: str = "") -> str:
    """The format of a file, such as `ubl-invoice-2.1`, by its first bytes. A `str` is a path; of an open file it takes
    what is left to read.

    Raises `InvalidDocument` when it cannot be read or is none of the formats. `name` stands in the message.
    """
    with Named(source, name):
        return format_of(bytes_of(source))[1]


def read(source: Source, *, name: str = "", exporter: str | None = None, declarations: bool = False) -> Reading:
    """Read a paper: a file by its path (a `str` is one), bytes, or what is left to read of an open binary file.

    `exporter` is a USCC for papers that do not carry their exporter's. Customs' form is read as the exporter's copy,
    and for customs' own system as `declarations`. Raises `InvalidDocument`, and nothing else, for anything that is not
    a sound file of a known format; its `field` is an XPath, a cell, or a field of a document.
    """
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
