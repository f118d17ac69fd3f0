"""What the papers of all tables have in common: parties, ports, lines of goods, sums."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final, NamedTuple, TypeVar

from eximledger.formats._reading import Cause, Unmapped
from eximledger.formats.tables import codes
from eximledger.formats.tables.amounts import currency_said, money_of, price_of, quantity_of
from eximledger.formats.tables.cells import Row
from eximledger.formats.tables.papers.kind import TablePaper
from eximledger.formats.tables.sums import Sums
from eximledger.formats.text.terms import incoterm_in, payment_days_in, place_after
from eximledger.formats.text.values import one_line, unique
from eximledger_chaincode.documents import TRANSACTION_MODE_INCOTERM, Address, GoodsLine, Identifier, Money, Party
from hlf_chaincode.errors import InvalidDocument

__all__ = [
    "Delivery",
    "amount_of",
    "articles_of",
    "charges_of",
    "containers_of",
    "delivery_of",
    "goods_lines",
    "need_party",
    "notes_of",
    "number_of",
    "party_of",
    "payment_days_of",
    "port_of",
    "sum_of",
    "summed",
]

T = TypeVar("T", Decimal, int)

_TAX: Final = re.compile(r"\b(?:vat|gst|hst|iva|tva|mwst|ust|taxe?s?)\b|税", re.IGNORECASE)


class Charge(NamedTuple):
    """A row below the goods that has words and an amount: what it adds, or takes off where it is below nothing."""

    row: Row
    words: str
    amount: Money

    @property
    def is_tax(self) -> bool:
        return _TAX.search(self.words) is not None


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
        return _of_prices(row)
    mode = codes.transaction_mode(written) if len(written) <= len("C&F(2)") else None
    term = incoterm_in(written) or (TRANSACTION_MODE_INCOTERM.get(mode) if mode is not None else None)
    place = row.text("incoterm_place") or (place_after(written) if incoterm_in(written) else None)
    more = written.casefold() != (term or "").casefold() and mode is None
    return Delivery(term, place, written if more else None)


def _of_prices(row: Row) -> Delivery:
    """The term that the columns of prices and amounts are headed with, where nothing else says one."""
    said = {
        (TRANSACTION_MODE_INCOTERM.get(each.basis), each.place)
        for field in ("unit_price", "amount")
        if (each := row.measures.get(field)) is not None and each.basis is not None
    }
    terms, places = {term for term, _ in said}, {place for _, place in said if place is not None}
    place = row.text("incoterm_place") or (places.pop() if len(places) == 1 else None)
    return Delivery(terms.pop() if len(terms) == 1 else None, place, None)


_DATED: Final = re.compile(
    r"(?P<number>\S.*?)[\s,;(]+(?:dated?|dd|of)[\s.:]*(?P<day>(?=.*[0-9]{4}).{6,20}?)\)?|(?P<own>\S.*?)[\s,;(]*(?:日期|签订于)[::]?\s*(?P<on>.{6,20}?)\)?",
    re.IGNORECASE,
)


def number_of(paper: TablePaper, field: str) -> str | None:
    """The number of another paper, without the date that some write behind it."""
    written = paper.first.text(field)
    found = _DATED.fullmatch(unicodedata.normalize("NFKC", written)) if written is not None else None
    if found is None:
        return written
    cell = paper.first.cells[field]
    paper.unmapped.append(Unmapped(paper.first.at(cell, field), "a date beside the number", Cause.NOT_MODELLED))
    return found["number"] or found["own"]


_CONTAINER: Final = re.compile(r"(?<![A-Z0-9])([A-Z]{4})[\s-]?([0-9]{6})[\s-]?([0-9])(?![0-9])")
_BESIDE_CONTAINER: Final = re.compile(
    r"[0-9]{1,3}\s*[X*×]?\s*(?:20|40|45)\s*['’]?\s*[A-Z]{0,3}|(?:20|40|45)\s*['’]?\s*[A-Z]{2}|(?:SEAL|铅封|封号|封条)\S*|NO\S*|(?!(?:[A-Z]{3}U))[A-Z]{0,4}-?[0-9]{4,10}",
)


def containers_of(paper: TablePaper) -> tuple[str, ...]:
    """Numbers of containers, in whose cell sizes and seals may stand, too, which are reported."""
    cell = paper.first.cell("containers")
    text = unicodedata.normalize("NFKC", cell.text).upper() if cell is not None else ""
    found = unique("".join(groups) for groups in _CONTAINER.findall(text))
    left = [word for word in re.split(r"[\s,;、/|+&():.]+", _CONTAINER.sub(" ", text)) if word]
    if cell is None or not found or not all(map(_BESIDE_CONTAINER.fullmatch, left)):
        return paper.first.listed("containers")
    if not left:
        return found
    paper.unusable(paper.first.at(cell, "containers"), f"says more than numbers of containers: {' '.join(left)[:40]}")
    return found


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


def charges_of(paper: TablePaper, currency: str) -> tuple[Charge, ...]:
    """What stands below the goods in words of its own; that it adds up is for the caller to prove."""
    found = []
    for row in paper.charges:
        amount = money_of(row, "amount", None, currency)
        if amount is None:
            raise row.missing("amount")
        below = row.sums() is Sums.TAKEN_OFF and amount.amount > 0
        found.append(Charge(row, one_line(" ".join(row.naming())), -amount if below else amount))
    return tuple(found)


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
