"""Readers of the papers that exporters, banks and customs really have.

`read` turns a file into documents and says what of it they do not hold; `detect` says what a file is. `_known` is the
table of formats; each family of formats has a folder of its own. May be imported by desk, cli and examples; may import
`eximledger_chaincode.documents` and `hlf_chaincode.errors`, and nothing of a ledger. docs/formats.md lists the formats,
the fields and the limits. What reads is imported when something is read: a server starts without it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

from eximledger.formats._reading import Cause, Reading, Unmapped

if TYPE_CHECKING:
    from eximledger.formats._exporter import checked_exporter
    from eximledger.formats._source import Source
    from eximledger.formats.schemas.schema import json_schema, schema_id
    from eximledger.formats.tables.papers.kinds import TABLE_KINDS
    from eximledger.formats.tables.template import template_of

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

_HOMES: Final = {
    "Source": "_source",
    "TABLE_KINDS": "tables.papers.kinds",
    "checked_exporter": "_exporter",
    "json_schema": "schemas.schema",
    "schema_id": "schemas.schema",
    "template_of": "tables.template",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    return found


def detect(source: Source, *, name: str = "") -> str:
    """The format of a file, such as `ubl-invoice-2.1`, by its first bytes. A `str` is a path; of an open file it takes
    what is left to read.

    Raises `InvalidDocument` when it cannot be read or is none of the formats. `name` stands in the message.
    """
    from eximledger.formats import _files

    return _files.detect(source, name=name)


def read(source: Source, *, name: str = "", exporter: str | None = None, declarations: bool = False) -> Reading:
    """Read a paper: a file by its path (a `str` is one), bytes, or what is left to read of an open binary file.

    `exporter` is a USCC for papers that do not carry their exporter's. Customs' form is read as the exporter's copy,
    and for customs' own system as `declarations`. Raises `InvalidDocument`, and nothing else, for anything that is not
    a sound file of a known format; its `field` is an XPath, a cell, or a field of a document.
    """
    from eximledger.formats import _files

    return _files.read(source, name=name, exporter=exporter, declarations=declarations)
