"""What a table's header says: which column is which field, and in what its numbers count.

A header that says something of its numbers which is not understood is refused with its name; so is one of two columns
for one field, unless the currencies or units beside their names tell which of them is meant.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import reduce
from typing import Final

from eximledger.formats.tables import codes
from eximledger.formats.tables.measures import Measure, measure_of
from eximledger.formats.tables.naming.names import Vocabulary
from eximledger.formats.tables.sheets import Cell
from eximledger_chaincode.documents.parts.units import to_base
from hlf_chaincode.errors import InvalidDocument

__all__ = ["columns_of", "said_above"]

Cells = dict[int, Cell]
Rows = Sequence[tuple[int, Cells]]

_ABOVE: Final = re.compile(
    r"(?:^|[\s(,:;【\[])(?:以[上下])?(?:金额单位|重量单位|货币单位|计价单位|计量单位|数量单位|报表单位|统计单位|数据单位|单位|币种|币制|货币|units?|currency|amounts?|values?|prices?|weights?)"
    r"\s*(?:[:：;]|均?[为是]|\b(?:are|is)?\s*in\b|\bis\b)\s*(?P<said>[^;()【】\[\]\n]{1,40})",
    re.IGNORECASE,
)
"""A line over a table that says in what its numbers count: `单位：万元`, `Currency: USD`, `amounts in USD thousand`."""
_TITLED: Final = re.compile(r"[^:;0-9()]{1,60}\((?P<said>[^()]{1,40})\)")
"""A title and what it says of all numbers: `商业发票（万美元）`."""
_LONGEST_LINE: Final = 500
_APART: Final = re.compile(r"、|,(?![0-9])|/|和|及|与|\band\b")
_MEANS: Final = re.compile(
    r"[百千万萬亿元币吨磅斤$€£¥￥]|公斤|千克|thousand|million|'?000|\b(?:[A-Z]{3}|kgs?|lbs?|tons?|tonnes?|dollars?)\b"
)
_COMPANY: Final = re.compile(r"公司|厂|局|集团|中心|商行|有限|\b(?:co|ltd|inc|corp|gmbh)\b", re.IGNORECASE)


def said_above(rows: Rows) -> tuple[Measure, ...]:
    """What lines over the header say of all numbers below it; lines about other things say nothing.

    Raises `InvalidDocument` for a line that names a scale, a currency or a unit in words that are not understood.
    """
    found: list[Measure] = []
    for _, cells in rows:
        ordered = [cells[column] for column in sorted(cells)]
        for cell, after in zip(ordered, [*ordered[1:], None], strict=True):
            found += _said(cell, after, alone=len(cells) == 1)
    return tuple(each for each in found if each.says_something and each.per is None)


def _is_mass(said: Measure) -> bool:
    return said.unit is not None and to_base(Decimal(1), said.unit)[1] == "KGM"


def _said(cell: Cell, after: Cell | None, *, alone: bool) -> Iterator[Measure]:
    text = unicodedata.normalize("NFKC", cell.text[:_LONGEST_LINE]).strip()
    if (titled := _TITLED.fullmatch(text)) is not None and after is None and alone:
        said = measure_of(titled["said"])
        if said is not None and (said.factor != 1 or said.currencies or _is_mass(said)):
            yield said
            return
    if (whole := measure_of(text.strip("()[] "))) is not None and whole.says_something:
        yield whole
        return
    matches = list(_ABOVE.finditer(text))
    if not matches and after is not None:
        matches = list(_ABOVE.finditer(f"{text}: {unicodedata.normalize('NFKC', after.text)}"))
    for match in matches:
        for piece in _APART.split(match["said"]):
            said = measure_of(piece.strip())
            if said is not None:
                yield said
            elif _MEANS.search(piece) and not _COMPANY.search(match["said"]):
                reason = f"says {piece.strip()[:40]!r} of the numbers below it, which is not understood here"
                raise InvalidDocument(f"{cell.where} {reason}", field=cell.where, reason=reason)


def columns_of(
    vocabulary: Vocabulary,
    header: Cells,
    named: dict[int, str],
    rows: Rows,
    above: Mapping[int, Sequence[Sequence[Measure]]],
) -> tuple[dict[int, str], dict[str, Measure]]:
    """The field of each column that counts, and the measures of those fields that have numbers. `above` is what rows
    over the header say of a column, the nearest first.

    Raises `InvalidDocument` for two columns of one field, and for words beside a field's name that are not understood.
    """
    filled = {column for _, cells in rows for column in cells}
    measures = {
        column: _measure(vocabulary, header[column], field, used=column in filled)
        for column, field in named.items()
        if vocabulary.counts(field)
    }
    fields: dict[int, str] = {}
    for field in dict.fromkeys(named.values()):
        columns = [column for column, own in named.items() if own == field]
        kept = columns[0] if len(columns) == 1 else _meant(columns, measures, _currencies(named, rows))
        exact = [column for column in columns if vocabulary.is_whole_name(header[column].text)]
        kept = exact[0] if kept is None and len(exact) == 1 and not vocabulary.counts(field) else kept
        if kept is None:
            where = " and ".join(header[column].where for column in columns)
            raise InvalidDocument(f"{where} both name {field}", field=field, reason="two columns")
        fields[kept] = field
    return fields, {
        field: _with_default(vocabulary, field, header[column], measures[column], above.get(column, ()))
        for column, field in fields.items()
        if column in measures
    }


def _measure(vocabulary: Vocabulary, cell: Cell, field: str, *, used: bool) -> Measure:
    """What the header says beside its name; words that are not understood only matter where there are numbers below."""
    found = Measure()
    for words in vocabulary.beside(cell.text, field):
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
    tries = (measure_of(f"{first}{between}{last}") for between in (" ", "/") for first, last in pairs)
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


def _with_default(
    vocabulary: Vocabulary, field: str, cell: Cell, own: Measure, above: Sequence[Sequence[Measure]]
) -> Measure:
    """What is said over the table counts for numbers of which the header says nothing, the nearest first."""
    if own.says_something:
        return own
    for layer in above:
        said = [each for each in layer if _is_of(vocabulary, field, each)]
        if said:
            return reduce(lambda one, other: _added(cell, one, other), said)
    return own


def _is_of(vocabulary: Vocabulary, field: str, said: Measure) -> bool:
    """Whether what is said of all numbers is said of money, of weights, or of a scale of quantities."""
    of_weight = _is_mass(said) and not said.currencies
    if vocabulary.is_money(field):
        return said.unit is None and not said.rate
    if vocabulary.is_weight(field):
        return of_weight
    counted = said.unit is not None and said.factor != 1 and not said.currencies
    return vocabulary.is_quantity(field) and counted and not of_weight


def _added(cell: Cell, one: Measure, other: Measure) -> Measure:
    """Two lines over a table, one with the currency and one with the scale; they may not differ in either."""
    currencies = tuple(code for code in one.currencies or other.currencies if code in (other.currencies or (code,)))
    scales = {each.factor for each in (one, other) if each.factor != 1}
    said = (one.currencies or other.currencies) != ()
    if len(scales) > 1 or (said and not currencies) or (one.unit is not None and one.unit != other.unit):
        reason = f"is said to be in {one.written} and in {other.written} over the table"
        raise InvalidDocument(f"column {cell.where} ({cell.text}) {reason}", field=cell.where, reason=reason)
    written = ", ".join(dict.fromkeys((one.written, other.written)))
    return replace(one, written=written, currencies=currencies, factor=max(one.factor, other.factor))
