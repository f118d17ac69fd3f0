"""What a table's header says: which column is which field, and in what its numbers count.

A header that says something of its numbers which is not understood is refused with its name; so is one of two columns
for one field, unless the currencies or units beside their names tell which of them is meant.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from eximledger.formats.tables import codes
from eximledger.formats.tables.headers import MONEY, NUMBERS, WEIGHTS, beside, is_whole_name
from eximledger.formats.tables.measures import Measure, measure_of
from eximledger.formats.tables.sheets import Cell
from eximledger_chaincode.documents.parts.units import to_base
from hlf_chaincode.errors import InvalidDocument

__all__ = ["columns_of", "said_above"]

Cells = dict[int, Cell]
Rows = Sequence[tuple[int, Cells]]

_ABOVE: Final = re.compile(
    r"(?:金额单位|重量单位|货币单位|计价单位|单位|币种|币制|货币|unit|units|currency|amounts?|values?|prices?|weights?)"
    r"\s*(?:[:：]|\bin\b|are in|is)\s*(?P<said>[^,;，；()（）\n]{1,30})",
    re.IGNORECASE,
)
"""A line over a table that says in what its numbers count: `单位：万元`, `Currency: USD`, `amounts in USD thousand`."""


def said_above(rows: Rows) -> tuple[Measure, ...]:
    """What lines over the header say of all numbers below it; lines about other things say nothing."""
    texts = [unicodedata.normalize("NFKC", cell.text) for _, cells in rows for cell in cells.values()]
    found = [measure_of(match["said"].strip()) for text in texts for match in _ABOVE.finditer(text)]
    return tuple(each for each in found if each is not None and each.says_something and each.per is None)


def columns_of(
    header: Cells, named: dict[int, str], rows: Rows, above: Sequence[Measure]
) -> tuple[dict[int, str], dict[str, Measure]]:
    """The field of each column that counts, and the measures of those fields that have numbers.

    Raises `InvalidDocument` for two columns of one field, and for words beside a field's name that are not understood.
    """
    filled = {column for _, cells in rows for column in cells}
    measures = {
        column: _measure(header[column], field, used=column in filled)
        for column, field in named.items()
        if field in NUMBERS
    }
    fields: dict[int, str] = {}
    for field in dict.fromkeys(named.values()):
        columns = [column for column, own in named.items() if own == field]
        kept = columns[0] if len(columns) == 1 else _meant(columns, measures, _currencies(named, rows))
        exact = [column for column in columns if is_whole_name(header[column].text)]
        kept = exact[0] if kept is None and len(exact) == 1 and field not in NUMBERS else kept
        if kept is None:
            where = " and ".join(header[column].where for column in columns)
            raise InvalidDocument(f"{where} both name {field}", field=field, reason="two columns")
        fields[kept] = field
    said = {field: measures[column] for column, field in fields.items() if column in measures}
    return fields, {field: _with_default(field, measure, above) for field, measure in said.items()}


def _measure(cell: Cell, field: str, *, used: bool) -> Measure:
    """What the header says beside its name; words that are not understood only matter where there are numbers below."""
    found = Measure()
    for words in beside(cell.text, field):
        said = measure_of(words)
        if said is None and used:
            reason = (
                f"says {words[:40]!r} of its numbers, which is not understood here; name what they count in otherwise"
            )
            raise InvalidDocument(f"column {cell.where} ({cell.text}) {reason}", field=cell.where, reason=reason)
        if said is None or not said.says_something:
            continue
        found = said if not found.says_something else _both(cell, found, said)
    return found


def _both(cell: Cell, one: Measure, other: Measure) -> Measure:
    """Two things said of one column, such as `USD` and `pc` of `Unit price USD/pc` or in brackets."""
    pairs = ((one.written, other.written), (other.written, one.written))
    tries = (measure_of(f"{first}{between}{last}") for between in ("", "/") for first, last in pairs)
    together = next((each for each in tries if each is not None), None)
    if together is None and (one.currencies, one.unit, one.factor) == (other.currencies, other.unit, other.factor):
        return one
    if together is None:
        reason = f"says {one.written} and {other.written} of its numbers"
        raise InvalidDocument(f"column {cell.where} ({cell.text}) {reason}", field=cell.where, reason=reason)
    return together


def _currencies(named: dict[int, str], rows: Rows) -> set[str | None]:
    column = next((column for column, field in named.items() if field == "currency"), None)
    return {codes.currency(cells[column].text) for _, cells in rows if column in cells} if column is not None else set()


def _meant(columns: list[int], measures: dict[int, Measure], currencies: set[str | None]) -> int | None:
    """Of several columns of one field: the one with nothing beside its name, else the one in the rows' currency."""
    if not all(column in measures for column in columns):
        return None
    said = {column: measures[column] for column in columns}
    if len({(each.currencies, each.unit, each.factor, each.per, each.rate) for each in said.values()}) < len(columns):
        return None
    bare = [
        column for column, each in said.items() if not each.says_something or (each.unit == "KGM" and each.factor == 1)
    ]
    own = [column for column, each in said.items() if each.currencies and currencies == set(each.currencies)]
    found = bare if len(bare) == 1 else own
    return found[0] if len(found) == 1 else None


def _with_default(field: str, own: Measure, above: Sequence[Measure]) -> Measure:
    """What is said over the table counts for money and weights of which the header says nothing."""
    if own.says_something:
        return own
    for each in above:
        is_weight = each.unit is not None and to_base(Decimal(1), each.unit)[1] == "KGM" and not each.currencies
        if (field in WEIGHTS and is_weight) or (field in MONEY and each.unit is None and not each.rate):
            return each
    return own
