"""Cells that stand for others: a text merged over several rows of goods, and marks for what stands above."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from eximledger.formats.tables.naming.column import Stands
from eximledger.formats.tables.naming.names import Vocabulary
from eximledger.formats.tables.sheets import Cell, Sheet

__all__ = ["spread"]

Cells = dict[int, Cell]
Rows = Sequence[tuple[int, Cells]]

_DITTO: Final = re.compile(r"[\"“”〃]|'{1,2}|-?\s*(?:ditto|do\.)\s*-?|-\s*do\s*-|同上[行栏]?|as above", re.IGNORECASE)


def spread(sheet: Sheet, rows: Rows, fields: Mapping[int, str], vocabulary: Vocabulary) -> list[tuple[int, Cells]]:
    """The rows below the header with what each of them says of its goods. Numbers are not spread: what several rows
    have together is none of any one's."""
    lines = {column for column, field in fields.items() if vocabulary.stands(field) is not Stands.PAPER}
    texts = {column for column in lines if not vocabulary.counts(fields[column])}
    counted = {column for column in lines if vocabulary.counts(fields[column])}
    merged = [each for each in sheet.merged if each[2] in texts]
    over: dict[int, tuple[int, Cell]] = {}
    above: Cells = {}
    found = []
    for number, cells in rows:
        whole = dict(cells)
        for first, last, column in merged:
            if first == number and column in cells:
                over[column] = (last, cells[column])
        if counted & cells.keys():
            for column, (last, cell) in over.items():
                if number <= last:
                    whole.setdefault(column, cell)
        for column in lines & whole.keys():
            if column in above and _DITTO.fullmatch(unicodedata.normalize("NFKC", whole[column].text)):
                whole[column] = replace(above[column], where=whole[column].where)
            above[column] = whole[column]
        found.append((number, whole))
    return found
