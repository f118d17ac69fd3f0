"""Values of SWIFT MT fields: amounts with a comma, dates of six digits, parties in their options A, D, F and K."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from pydantic import ValidationError

from eximledger.formats.swift.fields import Field
from eximledger.formats.text.values import country_of, currency_of, decimal_of
from eximledger_chaincode.documents import Address, Identifier, Money, Party, minor_units

__all__ = ["account_in", "bank_in", "dated", "money_in", "party_in", "party_of_bic"]

_BIC: Final = re.compile(r"[A-Z]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
_AMOUNT: Final = re.compile(r"0{0,20}[0-9]{1,15}(?:[,.][0-9]{0,4})?")
_NUMBERED: Final = re.compile(r"([1-8])/(.*)")
_CENTURY: Final = 80
"""Two digits of a year below this are of the century of 2000."""


def dated(field: Field, text: str) -> date:
    """YYMMDD."""
    if not re.fullmatch(r"[0-9]{6}", text):
        raise field.error(f"has no date of six digits: {text[:10]}")
    year = int(text[:2])
    year += 2000 if year < _CENTURY else 1900
    if text[2:] == "0230":  # banks that count 30 days a month value there what is the last of February
        return date(year, 3, 1) - timedelta(days=1)
    try:
        return date(year, int(text[2:4]), int(text[4:]))
    except ValueError:
        raise field.error(f"has a date that is not of the calendar: {text}") from None


def money_in(field: Field, currency: str, amount: str) -> Money:
    """An amount with its decimal comma in a currency of ISO 4217."""
    code = currency_of(currency)
    if code is None:
        raise field.error(f"has a currency that ISO 4217 does not know: {currency[:3]}")
    if not _AMOUNT.fullmatch(amount):
        raise field.error("has no amount such as 1000,00")
    if len(re.split("[,.]", amount)[-1] if re.search("[,.]", amount) else "") > minor_units(code):
        raise field.error(f"has more decimals than {code}, or a mark between thousands: {amount[:20]}")
    try:
        return Money.of(decimal_of(amount.replace(",", ".").rstrip(".")), code)
    except (ValidationError, ValueError) as error:
        reason = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
        raise field.error(f"is refused: {reason.removeprefix('Value error, ')}") from None


def party_of_bic(bic: str) -> Party:
    return Party(name=bic, identifiers=(Identifier(scheme="BIC", value=bic),))


def account_in(field: Field | None) -> str | None:
    """The account of a party: its first line where that begins with a slash (`//` leads a clearing system's code)."""
    if field is None:
        return None
    first = field.value.split("\n", 1)[0].strip()
    return first.lstrip("/") or None if first.startswith("/") and not first.startswith("//") else None


def party_in(field: Field | None) -> Party | None:
    """Name and address by lines (no option, D, K), by numbered lines (F), or the BIC (A)."""
    if field is None:
        return None
    lines = [line.strip() for line in field.value.split("\n") if line.strip()]
    lines = [line for line in lines if not line.startswith("/")]
    if not lines:
        return None
    if field.tag.endswith("A") and _BIC.fullmatch(lines[0]):
        return party_of_bic(lines[0])
    if field.tag.endswith("F"):
        return _numbered(field, lines)
    return _party(field, lines[0], tuple(lines[1:]), None)


bank_in = party_in
"""Banks are written as other parties are."""


def _numbered(field: Field, lines: list[str]) -> Party | None:
    """Option F: 1 is the name, 2 the street, 3 country and town."""
    parts: dict[str, list[str]] = {}
    for line in lines:
        found = _NUMBERED.fullmatch(line)
        if found is not None:
            parts.setdefault(found[1], []).append(found[2].strip())
    name = " ".join(parts.get("1", []))
    towns = parts.get("3", [])
    country = country_of(towns[0].split("/", 1)[0]) if towns else None
    return _party(field, name, (*parts.get("2", ()), *towns), country) if name else None


def _party(field: Field, name: str, lines: tuple[str, ...], country: str | None) -> Party:
    address = Address(lines=lines, country=country)
    try:
        return Party(name=name, address=address if address != Address() else None)
    except ValidationError as error:
        raise field.error(f"is refused: {error.errors()[0]['msg']}") from None
