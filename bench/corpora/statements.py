"""Statements by plain ElementTree and regular expressions: every entry with its amounts, days and direction."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from xml.etree.ElementTree import Element

from bench.corpora.invoices import day, every, text

__all__ = ["Entry", "camt_entries", "mt_entries"]

_LINE = re.compile(
    r"^:61:(?P<value>[0-9]{6})(?:[0-9]{4}|[ ]{4})?(?P<mark>RC|RD|EC|ED|C|D)[A-Z]?(?P<amount>[0-9]+,?[0-9]*)",
    re.MULTILINE,
)
_BALANCE = re.compile(r"^:(?:60[FM]|34F):[CD]?(?:[0-9]{6})?([A-Z]{3})", re.MULTILINE)
_AMOUNTS = ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt", "AmtDtls/CntrValAmt/Amt")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: all amounts that it or its parts have with their currencies, its days, and whether it credits."""

    amounts: frozenset[tuple[Decimal, str]]
    days: frozenset[str]
    is_credit: bool
    count: int = 1
    """How many receipts it may be: its parts."""


def camt_entries(root: Element) -> Iterator[Entry]:
    """Every entry of every report."""
    for entry in root.iter():
        if entry.tag.rpartition("}")[2] != "Ntry":
            continue
        parts = every(entry, "NtryDtls/TxDtls")
        amounts = [each for node in (entry, *parts) for path in _AMOUNTS for each in every(node, path)]
        stated = {(Decimal(text(each) or "0"), each.get("Ccy", "")) for each in amounts}
        days = {day(entry, f"{name}/{form}") for name in ("BookgDt", "ValDt") for form in ("Dt", "DtTm")}
        is_credit = text(entry, "CdtDbtInd") == "CRDT"
        yield Entry(frozenset(stated), frozenset(each for each in days if each), is_credit, max(1, len(parts)))


def mt_entries(message: str) -> Iterator[Entry]:
    """Every statement line, in the currency of the statement that it stands in."""
    currencies = [(match.start(), match[1]) for match in _BALANCE.finditer(message)]
    for match in _LINE.finditer(message):
        before = [currency for place, currency in currencies if place < match.start()]
        if before:
            amount = Decimal(match["amount"].replace(",", ".").rstrip("."))
            valued = _day(match["value"])
            is_credit = match["mark"] in {"C", "EC", "RD"}
            yield Entry(frozenset({(amount, before[-1])}), frozenset({valued}), is_credit)


def _day(text: str) -> str:
    year, month, number = (int(text[place : place + 2]) for place in (0, 2, 4))
    year += 2000 if year < 80 else 1900
    if (month, number) == (2, 30):
        number = 29 if year % 4 == 0 else 28
    return date(year, month, number).isoformat()
