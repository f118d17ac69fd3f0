"""Values of the fields of MT700 and its like: permissions, tolerances, periods, places, and texts as their items."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from eximledger.formats.swift.fields import Field
from eximledger.formats.swift.values import dated
from eximledger.formats.text.ports import port_named_alone
from eximledger.formats.text.terms import payment_days_in
from eximledger.formats.text.values import one_line, prose, unique
from eximledger_chaincode.documents import Permission, Place
from eximledger_chaincode.documents.parts.identifiers import MAX_TEXT

__all__ = [
    "Presentation",
    "contract_numbers_in",
    "expiry_in",
    "items_in",
    "payment_days_of",
    "permission_in",
    "place_in",
    "presentation_in",
    "tolerance_in",
]

_PERMISSIONS: Final = {"NOT ALLOWED": Permission.NOT_ALLOWED, "NOT PERMITTED": Permission.NOT_ALLOWED,
                       "PROHIBITED": Permission.NOT_ALLOWED, "FORBIDDEN": Permission.NOT_ALLOWED,
                       "ALLOWED": Permission.ALLOWED, "PERMITTED": Permission.ALLOWED,
                       "CONDITIONAL": Permission.CONDITIONAL}  # fmt: skip
_TOLERANCE: Final = re.compile(r"([0-9]{1,2})/([0-9]{1,2})")
_PERIOD: Final = re.compile(r"([0-9]{1,3})(?:\s*/\s*(.*))?", re.DOTALL)
_DAYS_AFTER: Final = re.compile(r"\b([0-9]{1,3})\s*\)?\s*(?:CALENDAR\s+)?DAYS?\b", re.IGNORECASE)
_SHIPMENT: Final = re.compile(r"SHIPMENT|SHIPPED|BILLS?\s+OF\s+LADING|\bB/L\b|TRANSPORT|ON\s+BOARD", re.IGNORECASE)
_ITEM: Final = re.compile(r"\s*(?:\+|-(?=\s)|\(?[0-9]{1,2}[.)](?=\s|[A-Z]))\s*")
_SIGHT: Final = re.compile(r"\bSIGHT\b", re.IGNORECASE)
_CONTRACT: Final = re.compile(
    r"\b(?:SALES\s+CONTRACT|SALES\s+CONFIRMATION|PURCHASE\s+ORDER|CONTRACT|S/C|P/O|P/I|PROFORMA\s+INVOICE)"
    r"\s*(?:NO\.?|NR\.?|NUMBER)?\s*[:.]?\s*(?P<number>[A-Z0-9][A-Z0-9/._-]{2,34})",
    re.IGNORECASE,
)
_MORE: Final = re.compile(r"\s*(?:,|&|;|\bAND\b)\s*(?:NO\.?\s*)?(?P<number>[A-Z0-9][A-Z0-9/._-]{2,34})", re.IGNORECASE)
"""Another number behind one."""
_MAX_NUMBERS: Final = 20


class Presentation(NamedTuple):
    """Days after shipment, or the period as stated where it is not that."""

    days: int | None
    period: str | None


def permission_in(field: Field) -> Permission:
    """43P and 43T: one of SWIFT's codes, or a word for one."""
    text = one_line(field.value).upper()
    found = _PERMISSIONS.get(text)
    if found is None:
        raise field.error("is none of ALLOWED, NOT ALLOWED and CONDITIONAL")
    return found


def tolerance_in(field: Field) -> tuple[Decimal, Decimal]:
    """39A: percent above and below."""
    found = _TOLERANCE.fullmatch(field.value.strip())
    if found is None:
        raise field.error("is no tolerance such as 05/05")
    return Decimal(found[1]), Decimal(found[2])


def expiry_in(field: Field) -> tuple[date, str | None]:
    """31D: YYMMDD and the place."""
    text = field.value.strip()
    return dated(field, text[:6]), one_line(text[6:]) or None


def presentation_in(field: Field) -> Presentation:
    """48: `21` or `21/AFTER THE DATE OF SHIPMENT`, or as older messages say it in words."""
    text = one_line(field.value)
    coded = _PERIOD.fullmatch(text)
    if coded is not None:
        said = coded[2] or ""
        after_shipment = not said or _SHIPMENT.search(said) is not None
        return Presentation(int(coded[1]) if after_shipment else None, None if after_shipment else text)
    days = {int(number) for number in _DAYS_AFTER.findall(text)}
    if len(days) == 1 and _SHIPMENT.search(text):
        return Presentation(days.pop(), None)
    return Presentation(None, text)


def place_in(field: Field) -> Place:
    """44A, 44B, 44E and 44F: a place by its name, or by a UN/LOCODE that stands alone."""
    text = one_line(field.value)
    code = port_named_alone(text) if len(text) == 5 else None
    return Place(code=code, name=None if code is not None else text)


def items_in(text: str) -> tuple[str, ...]:
    """45A, 46A and 47A: what begins with a plus, a dash or a number is an item of its own."""
    items: list[list[str]] = []
    for line in text.split("\n"):
        begins = _ITEM.match(line)
        if begins is not None or not items:
            items.append([])
        items[-1].append(line[begins.end() :] if begins is not None else line)
    joined = (prose("\n".join(lines)) for lines in items)
    return tuple(part[start : start + MAX_TEXT] for part in joined for start in range(0, len(part), MAX_TEXT))


def payment_days_of(text: str) -> int | None:
    """42C and 42P: days of the tenor; none at sight is 0."""
    days = payment_days_in(text)
    parts = re.sub(r"[0-9.,]+\s*(?:PCT|PER\s?CENT|%)", "", text, flags=re.IGNORECASE)
    return 0 if days is None and _SIGHT.search(text) and not re.search(r"[0-9]", parts) else days


def contract_numbers_in(texts: tuple[str, ...]) -> tuple[str, ...]:
    """The contracts that goods or conditions name: a number has a digit in it."""
    found = [number.rstrip("._-/") for text in texts for number in _numbers(one_line(text))]
    return unique(number for number in found if re.search(r"[0-9]", number))[:_MAX_NUMBERS]


def _numbers(text: str) -> Iterator[str]:
    """Each number behind a contract's name, and those behind it that are written alike: `QF-31 AND QF-32`."""
    for match in _CONTRACT.finditer(text):
        yield match["number"]
        letters, place = re.match(r"[A-Z]*", match["number"].upper()), match.end()
        while letters is not None and letters[0] and (more := _MORE.match(text, place)) is not None:
            if not more["number"].upper().startswith(letters[0]):
                break
            yield more["number"]
            place = more.end()
