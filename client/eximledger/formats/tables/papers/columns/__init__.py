"""The tables of columns, one for each kind: a row is a column, with its names, what it holds, and an example."""

from __future__ import annotations

import csv
import io
from importlib.resources import files

from eximledger.formats.tables.naming.column import Column, Holds, Stands
from eximledger_chaincode.documents import Words

__all__ = ["columns_of_kind"]


def columns_of_kind(kind: str) -> tuple[Column, ...]:
    """In the order of a template; other people's tables have them in any."""
    text = files(__name__).joinpath(f"{kind}.csv").read_text(encoding="utf-8")
    return tuple(_column(row) for row in csv.DictReader(io.StringIO(text)))


def _column(row: dict[str, str]) -> Column:
    note = Words(row["note"], row["note_zh"]) if row["note"] else None
    return Column(
        row["field"],
        tuple(row["chinese"].split()),
        tuple(name.strip() for name in row["english"].split(",")),
        Holds[row["holds"]],
        Stands[row["stands"]],
        row["example"],
        row["needed"] == "yes",
        note,
    )
