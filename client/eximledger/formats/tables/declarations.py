"""Customs export declarations as tables (CSV, XLSX): one row for each line of goods.

Fields of the declaration stand on each of its rows or only on the first; a file may hold several declarations. Column
names are Chinese, English or both (`_declaration_headers`); codes may be codes or names (`codes`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from eximledger.formats._limits import MAX_COLUMNS
from eximledger.formats._reading import Cause, Unmapped
from eximledger.formats.tables import codes
from eximledger.formats.tables.amounts import (
    Rate,
    charge_of,
    count_of,
    currency_said,
    money_of,
    price_of,
    quantity_of,
    weight_of,
)
from eximledger.formats.tables.cells import Columns, Row
from eximledger.formats.tables.columns import columns_of, said_above
from eximledger.formats.tables.headers import HEADER_COLUMNS, MEASURE_COLUMNS, column_of
from eximledger.formats.tables.sheets import Cell, Sheet, read_csv
from eximledger.formats.text.values import imo_of, unique
from eximledger_chaincode.documents import (
    DeclarationCopy,
    DeclarationLine,
    DeclarationStatus,
    ExportDeclaration,
    Identifier,
    LegalQuantity,
    Money,
    Party,
)
from hlf_chaincode.errors import InvalidDocument

__all__ = ["Declaring", "names_columns", "read_declarations", "shows_declarations"]

_WHOLE: Final = 100
"""Percent."""
_HEADER_WITHIN: Final = 20
"""Rows from the top among which the header is looked for: titles and stamps may stand above it."""
_LINES: Final = 40
"""Lines of a text that are looked at to tell whether it is such a table."""
_MUST_NAME: Final = ("declaration_number", "hs_code", "amount")


def _header_fields(cells: dict[int, Cell]) -> dict[int, str]:
    return {column: field for column, cell in cells.items() if (field := column_of(cell.text)) is not None}


def _is_header(cells: dict[int, Cell]) -> bool:
    fields = set(_header_fields(cells).values())
    return "declaration_number" in fields and len(fields) >= 3


def names_columns(head: str) -> bool:
    """Whether a text begins as a table with some column of a declaration."""
    lines = head.splitlines()[:_LINES]
    pieces = (piece for line in lines for piece in re.split(r"[,;\t]", line.replace('"', ""), maxsplit=MAX_COLUMNS))
    return any(column_of(piece) for piece in pieces)


def shows_declarations(head: str, *, complete: bool) -> bool:
    """Whether a text begins as a table of declarations; `complete` where the head is all of it."""
    if not names_columns(head):
        return False
    try:
        return _has_header(read_csv(head if complete else "\n".join(head.splitlines()[:_LINES])))
    except InvalidDocument:
        return True  # the header is there; reading will say what is wrong further down


def _has_header(sheet: Sheet) -> bool:
    return any(_is_header(cells) for _, cells in sheet.rows[:_HEADER_WITHIN])


def read_declarations(
    sheets: list[Sheet], exporter: str | None = None
) -> tuple[tuple[ExportDeclaration, ...], tuple[Unmapped, ...]]:
    """The declarations of all sheets that hold some, and what of them is in no declaration.

    `exporter` stands for the consignor's USCC where the table has none. Raises `InvalidDocument` naming the cell.
    """
    found: list[ExportDeclaration] = []
    unmapped: list[Unmapped] = []
    read = False
    for sheet in sheets:
        if not _has_header(sheet):
            if sheet.rows:
                texts = sum(len(cells) for _, cells in sheet.rows)
                unmapped.append(Unmapped(f"sheet {sheet.name}", "holds no declarations", Cause.SKIPPED, texts))
            continue
        read = True
        table = _Table(sheet, exporter)
        found += table.declarations
        unmapped += table.unmapped
    if not read:
        raise InvalidDocument(
            "the table has no header row with a declaration number (报关单号) and other columns of a declaration",
            field="header",
            reason="no header row",
        )
    if not found:
        raise InvalidDocument("the table has a header row but no declarations", field="rows", reason="no rows")
    numbers = [declaration.declaration_number for declaration in found]
    if len(set(numbers)) != len(numbers):
        raise InvalidDocument(
            "a declaration stands on two sheets; keep its rows on one", field="declaration_number", reason="twice"
        )
    return tuple(found), tuple(unmapped)


class _Table:
    """One sheet: its header, its rows by declaration, and what they do not hold."""

    def __init__(self, sheet: Sheet, exporter: str | None) -> None:
        self._declaring = Declaring(exporter)
        self.unmapped = self._declaring.unmapped
        self._start = next(index for index, (_, cells) in enumerate(sheet.rows) if _is_header(cells))
        self._fields, self._columns = self._read_header(sheet)
        groups = self._grouped(sheet)
        self.declarations = [self._declaring.declaration(rows) for rows in groups.values()]

    def _read_header(self, sheet: Sheet) -> tuple[dict[int, str], Columns]:
        """Columns by their field, and what they say; those that are of no field and have values are reported."""
        above, rows = sheet.rows[: self._start], sheet.rows[self._start + 1 :]
        for number, cells in above:
            path = f"{sheet.name + '!' if sheet.name else ''}row {number}"
            self.unmapped.append(Unmapped(path, "stands above the header", Cause.NOT_MODELLED, len(cells)))
        header = sheet.rows[self._start][1]
        named = _header_fields(header)
        for field in _MUST_NAME:
            if field not in named.values():
                name = ({**HEADER_COLUMNS, "hs_code": "商品编号", "amount": "总价"})[field].split()[0]
                raise InvalidDocument(f"the table has no column {name} ({field})", field=field, reason="no column")
        filled = {column for _, cells in rows for column in cells}
        fields, measures = columns_of(header, named, rows, said_above(above))
        unknown: list[str] = []
        for column in sorted(filled - set(fields)):
            values = sum(1 for _, cells in rows if column in cells)
            title = header.get(column)
            path = f"column {title.where} ({title.text})" if title else f"column {column + 1} without a name"
            again = column in named
            reason = f"stands beside another for {named[column]}" if again else "names no field of a declaration"
            self.unmapped.append(Unmapped(path, reason, Cause.NOT_MODELLED, values))
            if not again and title is not None:
                unknown.append(f"{title.where} ({title.text})")
        names = {field: header[column].text for column, field in fields.items()}
        return fields, Columns(names, measures, tuple(unknown))

    def _grouped(self, sheet: Sheet) -> dict[str, list[Row]]:
        groups: dict[str, list[Row]] = {}
        current: str | None = None
        for number, cells in sheet.rows[self._start + 1 :]:
            known = {self._fields[column]: cell for column, cell in cells.items() if column in self._fields}
            row = Row(number, sheet.name, known, self._columns)
            if not known:
                continue
            if row.is_total():
                self.unmapped.append(Unmapped(row.where, "a row of totals", Cause.SKIPPED, len(cells)))
                continue
            current = row.declaration_number() or current
            if current is None:
                raise row.missing("declaration_number")
            groups.setdefault(current, []).append(row)
        return groups


class Declaring:
    """Rows of one declaration as a document, in whatever paper they stood, and what of them it does not hold."""

    def __init__(self, exporter: str | None) -> None:
        self.unmapped: list[Unmapped] = []
        self._exporter = exporter

    def copy(self, rows: Sequence[Row]) -> DeclarationCopy:
        """The exporter's own copy of it, as far as that is held against customs' record."""
        first, consignor, lines, total = self._core(rows)
        with first.located():
            return DeclarationCopy(
                declaration_number=first.declaration_number() or "",
                consignor=consignor,
                consignee=_party(first, "consignee"),
                declared_on=first.day("declared_on"),
                exported_on=first.day("exported_on"),
                printed_on=first.day("printed_on"),
                lines=lines,
                total=total,
                remarks=first.prose("remarks"),
            )

    def _core(self, rows: Sequence[Row]) -> tuple[Row, Party, tuple[DeclarationLine, ...], Money]:
        first = _merged(rows)
        lines = tuple(_line(row, number) for number, row in enumerate(rows, 1))
        total = money_of(first, "total", lines[0].amount.currency)
        if total is None:
            with rows[0].located():
                total = sum((line.amount for line in lines[1:]), lines[0].amount)
        consignor = _party(first, "consignor", self._exporter)
        if consignor is None:
            raise first.missing("consignor_name")
        return first, consignor, lines, total

    def declaration(self, rows: Sequence[Row]) -> ExportDeclaration:
        """Customs' record of it; each row has a line of goods, the first what is said of all of them."""
        first, consignor, lines, total = self._core(rows)
        freight, freight_percent = self._charge_or_rate(first, "freight", total)
        insurance, insurance_percent = self._charge_or_rate(first, "insurance", total)
        with first.located():
            return ExportDeclaration(
                declaration_number=first.declaration_number() or "",
                status=_status(first),
                consignor=consignor,
                producer=_party(first, "producer"),
                consignee=_party(first, "consignee"),
                agent=_party(first, "agent"),
                declared_on=first.need_day("declared_on"),
                exported_on=first.day("exported_on"),
                released_on=first.day("released_on"),
                settled_on=first.day("settled_on"),
                supervision_mode=first.need_code("supervision_mode", codes.supervision_mode),
                transaction_mode=first.need_code("transaction_mode", codes.transaction_mode),
                transport_mode=first.code("transport_mode", codes.transport_mode),
                conveyance=first.text("conveyance"),
                imo_number=first.code("imo_number", imo_of),
                bill_number=first.text("bill_number"),
                contract_number=first.text("contract_number"),
                licence_number=first.text("licence_number"),
                exit_port=self._port(first, "exit_port"),
                loading_port=self._port(first, "loading_port"),
                destination_port=self._port(first, "destination_port"),
                trade_country=first.code("trade_country", codes.country),
                destination_country=first.code("destination_country", codes.country),
                package_kind=first.text("package_kind"),
                packages=count_of(first, "packages"),
                gross_weight_kg=weight_of(first, "gross_weight_kg"),
                net_weight_kg=weight_of(first, "net_weight_kg"),
                containers=first.listed("containers"),
                freight=freight,
                freight_percent=freight_percent,
                insurance=insurance,
                insurance_percent=insurance_percent,
                other_charges=self._charge(first, "other_charges", total),
                lines=lines,
                total=total,
                remarks=first.prose("remarks"),
            )

    def _port(self, row: Row, field: str) -> str | None:
        """A port by its code; one that is only named is reported, for no table here knows the names of all ports."""
        cell = row.cell(field)
        found = codes.port(cell.text) if cell is not None else None
        if cell is not None and found is None:
            self.unmapped.append(Unmapped(row.at(cell, field), "has no code of a port", Cause.UNUSABLE))
        return found

    def _charge_or_rate(self, row: Row, field: str, total: Money) -> tuple[Money | None, Decimal | None]:
        """A charge as an amount, or as a rate of the declared total in percent."""
        found = charge_of(row, field, total.currency)
        if isinstance(found, Rate) and found.percent is not None and 0 <= found.percent <= _WHOLE:
            return None, found.percent
        return self._amount(found), None

    def _charge(self, row: Row, field: str, total: Money) -> Money | None:
        """A charge as an amount; a rate or a price for each tonne is none, and reported."""
        return self._amount(charge_of(row, field, total.currency))

    def _amount(self, found: Money | Rate | None) -> Money | None:
        if isinstance(found, Rate):
            self.unmapped.append(Unmapped(found.where, found.reason, Cause.UNUSABLE))
            return None
        return found


def _merged(rows: Sequence[Row]) -> Row:
    """The declaration's own fields from all of its rows; a later row may repeat them, not change them."""
    first = rows[0]
    merged = dict(first.cells)
    for row in rows[1:]:
        for field, cell in row.cells.items():
            if field not in HEADER_COLUMNS and field not in MEASURE_COLUMNS:
                continue
            if field not in merged:
                merged[field] = cell
            elif merged[field].text != cell.text and field != "declaration_number":
                raise row.error(cell, field, f"differs from {merged[field].where} of the same declaration")
    return Row(first.number, first.sheet, merged, first.columns, first.place)


def _status(row: Row) -> DeclarationStatus:
    """The status as stated; a table without one shows it by the dates that it has."""
    stated = row.code("status", codes.status)
    if stated is not None:
        return stated
    if row.day("settled_on") is not None:
        return DeclarationStatus.SETTLED
    return DeclarationStatus.RELEASED if row.day("released_on") is not None else DeclarationStatus.DECLARED


def _party(row: Row, role: str, exporter: str | None = None) -> Party | None:
    """A party by name and code; a ten-digit customs registration is an identifier, not a USCC."""
    name = row.text(f"{role}_name")
    code, registration = row.enterprise_code(f"{role}_uscc", f"{role}_name")
    if name is None and code is None:
        return None
    identifiers = [Identifier(scheme="customs-registration", value=registration)] if registration else []
    with row.located():
        return Party(name=name or code or "", uscc=code or exporter, identifiers=tuple(identifiers))


def _line(row: Row, number: int) -> DeclarationLine:
    stated = row.count("number")
    if row.cell("amount") is None:
        raise row.missing("amount")
    currency = row.code("currency", codes.currency) or currency_said(row, "amount")
    amount = money_of(row, "amount", currency)
    quantity, unit = quantity_of(row, "quantity", "unit")
    if amount is None or quantity is None or unit is None:
        raise row.missing("amount" if amount is None else "quantity" if quantity is None else "unit")
    with row.located():
        return DeclarationLine(
            number=stated if stated is not None else number,
            hs_code=row.hs_code("hs_code"),
            description=row.need_prose("description"),
            specification=row.prose("specification"),
            quantity=quantity,
            unit=unit,
            unit_price=price_of(row, "unit_price", amount.currency, unit),
            amount=amount,
            legal_quantities=unique(list(_legal_quantities(row))),
            origin_country=row.code("origin_country", codes.country),
            destination_country=row.code("line_destination_country", codes.country),
            duty_mode=row.text("duty_mode"),
        )


def _legal_quantities(row: Row) -> Iterator[LegalQuantity]:
    for place in ("1", "2"):
        quantity, unit = quantity_of(row, f"legal_quantity_{place}", f"legal_unit_{place}")
        if quantity is not None and unit is not None:
            yield LegalQuantity(quantity=quantity, unit=unit)
        elif quantity is not None or unit is not None:
            raise row.missing(f"legal_{'unit' if unit is None else 'quantity'}_{place}")
