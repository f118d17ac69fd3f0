"""What the papers of all tables have in common: parties, ports, lines of goods, sums."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple, TypeVar

from eximledger.formats.tables import codes
from eximledger.formats.tables.amounts import currency_said, money_of, price_of, quantity_of
from eximledger.formats.tables.cells import Row
from eximledger.formats.tables.papers.kind import TablePaper
from eximledger.formats.text.terms import incoterm_in, payment_days_in, place_after
from eximledger_chaincode.documents import TRANSACTION_MODE_INCOTERM, Address, GoodsLine, Identifier, Money, Party
from hlf_chaincode.errors import InvalidDocument

__all__ = [
    "Delivery",
    "amount_of",
    "articles_of",
    "delivery_of",
    "goods_lines",
    "need_party",
    "notes_of",
    "party_of",
    "payment_days_of",
    "port_of",
    "sum_of",
    "summed",
]

T = TypeVar("T", Decimal, int)


def party_of(row: Row, role: str, exporter: str | None = None) -> Party | None:
    """A party by name and code; a ten-digit customs registration is an identifier, not a USCC."""
    name = row.text(f"{role}_name")
    code, registration = row.enterprise_code(f"{role}_uscc", f"{role}_name")
    if name is None and code is None:
        return None
    identifiers = [Identifier(scheme="customs-registration", value=registration)] if registration else []
    written, country = row.text(f"{role}_address"), row.code(f"{role}_country", codes.country)
    with row.located():
        return Party(
            name=name or code or "",
            uscc=code or exporter,
            identifiers=tuple(identifiers),
            address=Address(lines=(written,) if written else (), country=country) if written or country else None,
        )


def need_party(row: Row, role: str, exporter: str | None = None) -> Party:
    found = party_of(row, role, exporter)
    if found is None:
        raise row.missing(f"{role}_name")
    return found


def port_of(paper: TablePaper, field: str) -> str | None:
    """A port by its code; one that is only named is reported, for no table here knows the names of all ports."""
    cell = paper.first.cell(field)
    found = codes.port(cell.text) if cell is not None else None
    if cell is not None and found is None:
        paper.unusable(paper.first.at(cell, field), "has no code of a port")
    return found


class Delivery(NamedTuple):
    """The Incoterm, its place, and the words where they say more."""

    incoterm: str | None
    place: str | None
    terms: str | None


def delivery_of(row: Row) -> Delivery:
    """`FOB SHANGHAI` is FOB and its place; customs' codes (3, FOB(3)) are Incoterms, too."""
    written = row.text("incoterm")
    if written is None:
        return Delivery(None, row.text("incoterm_place"), None)
    mode = codes.transaction_mode(written) if len(written) <= len("C&F(2)") else None
    term = incoterm_in(written) or (TRANSACTION_MODE_INCOTERM.get(mode) if mode is not None else None)
    place = row.text("incoterm_place") or (place_after(written) if incoterm_in(written) else None)
    more = written.casefold() != (term or "").casefold() and mode is None
    return Delivery(term, place, written if more else None)


def payment_days_of(row: Row) -> int | None:
    """As its column states them, else as the terms of payment do."""
    stated = row.count("payment_days")
    terms = row.text("payment_terms")
    return stated if stated is not None or terms is None else payment_days_in(terms)


def notes_of(row: Row) -> tuple[str, ...]:
    written = row.prose("notes")
    return (written,) if written is not None else ()


def goods_lines(paper: TablePaper) -> tuple[GoodsLine, ...]:
    """The lines of an invoice or a contract, all in one currency."""
    lines = tuple(_goods_line(row, number) for number, row in enumerate(paper.lines, 1))
    currencies = {line.amount.currency for line in lines if line.amount is not None}
    if len(currencies) > 1:
        reason = f"has lines in {' and '.join(sorted(currencies))}"
        raise InvalidDocument(f"{paper.first.where} {reason}", field="currency", reason=reason)
    return lines


def _goods_line(row: Row, number: int) -> GoodsLine:
    if row.cell("amount") is None:
        raise row.missing("amount")
    currency = row.code("currency", codes.currency) or currency_said(row)
    amount = money_of(row, "amount", currency)
    quantity, unit = quantity_of(row, "quantity", "unit")
    if amount is None:
        raise row.missing("amount")
    if row.cell("unit_price") is not None and unit is None:
        raise row.missing("unit")
    stated = row.count("number")
    with row.located():
        return GoodsLine(
            number=str(stated if stated is not None else number),
            name=row.need_text("description"),
            description=row.prose("specification"),
            hs_code=row.optional_hs_code("hs_code"),
            identifiers=articles_of(row),
            quantity=quantity,
            unit=unit,
            unit_price=price_of(row, "unit_price", amount.currency, unit or ""),
            amount=amount,
            origin_country=row.code("origin_country", codes.country),
        )


def articles_of(row: Row) -> tuple[Identifier, ...]:
    """The seller's own number of the goods."""
    article = row.text("article")
    return (Identifier(scheme="seller", value=article),) if article is not None else ()


def sum_of(lines: Sequence[GoodsLine]) -> Money:
    """Of the lines' amounts, of which each has one."""
    amounts = [line.amount for line in lines if line.amount is not None]
    return sum(amounts[1:], amounts[0])


def amount_of(row: Row, field: str, currency: str) -> Money | None:
    """An amount of the paper as a whole: in the currency of its own column, else that of the lines."""
    beside = row.code(f"{field}_currency", codes.currency) if f"{field}_currency" in row.cells else None
    return money_of(row, field, beside, currency)


def summed(stated: T | None, each: Iterable[T | None]) -> T | None:
    """As stated, else the sum of what all lines state."""
    if stated is not None:
        return stated
    found = list(each)
    whole = [one for one in found if one is not None]
    return sum(whole[1:], whole[0]) if whole and len(whole) == len(found) else None
