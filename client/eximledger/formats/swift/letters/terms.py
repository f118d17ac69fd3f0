"""One field of an MT700 or of an amendment as terms of a letter of credit, by the names that the document has."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from eximledger.formats.swift.fields import Field
from eximledger.formats.swift.letters.values import (
    expiry_in,
    payment_days_of,
    permission_in,
    place_in,
    presentation_in,
    tolerance_in,
)
from eximledger.formats.swift.values import bank_in, dated, money_in, party_in
from eximledger.formats.text.values import one_line, prose

__all__ = ["TEXTS", "Terms", "money_of", "terms_of"]

Terms: TypeAlias = dict[str, object]
Reader: TypeAlias = Callable[[Field], Terms]

TEXTS: Final = {
    **dict.fromkeys(("45A", "45B"), "goods"),
    **dict.fromkeys(("46A", "46B"), "documents_required"),
    **dict.fromkeys(("47A", "47B"), "conditions"),
}
"""Fields of many lines that messages add to one another."""

_AMOUNT: Final = re.compile(r"([A-Z]{3})([0-9,.]+)")


def terms_of(field: Field) -> Terms | None:
    """What the field says; None for a field that the document has no place for."""
    reader = _READERS.get(field.tag)
    return reader(field) if reader is not None else None


def money_of(field: Field) -> Terms:
    """32B, 33B and 34B: currency and amount."""
    found = _AMOUNT.fullmatch(field.value.strip())
    if found is None:
        raise field.error("is no currency and amount such as USD1000,00")
    return {"amount": money_in(field, found[1], found[2])}


def _form(field: Field) -> Terms:
    """40A; 40B says in its second line whether the advising bank confirms."""
    lines = [one_line(line) for line in field.value.split("\n") if line.strip()]
    if not lines:
        raise field.error("is empty")
    terms: Terms = {"form": lines[0], "transferable": "TRANSFERABLE" in lines[0].upper().replace("-", " ").split()}
    return terms | ({"confirmation": lines[1]} if len(lines) > 1 else {})


def _expiry(field: Field) -> Terms:
    day, place = expiry_in(field)
    return {"expires_on": day} | ({"expiry_place": place} if place is not None else {})


def _tolerance(field: Field) -> Terms:
    above, below = tolerance_in(field)
    return {"plus_percent": above, "minus_percent": below}


def _maximum(field: Field) -> Terms:
    return {"not_exceeding": "EXCEEDING" in field.value.upper() or "UP TO" in field.value.upper()}


def _available(field: Field) -> Terms:
    """41A and 41D: the bank, and in the last line how."""
    lines = [line for line in field.value.split("\n") if line.strip()]
    how = one_line(lines[-1]) if lines and lines[-1].strip().upper().startswith("BY ") else None
    named = Field(field.tag, "\n".join(lines[:-1] if how is not None else lines), field.line)
    return {"available_with": bank_in(named)} | ({"available_by": how} if how is not None else {})


def _drafts(field: Field) -> Terms:
    return {"drafts_at": prose(field.value) or None, "payment_days": payment_days_of(field.value)}


def _presentation(field: Field) -> Terms:
    found = presentation_in(field)
    return {"presentation_days": found.days, "presentation_period": found.period}


def _text(name: str) -> Reader:
    return lambda field: {name: prose(field.value) or None}


def _day(name: str) -> Reader:
    return lambda field: {name: dated(field, field.value.strip())}


def _place(name: str) -> Reader:
    return lambda field: {name: place_in(field) if field.value.strip() else None}


def _party(name: str) -> Reader:
    return lambda field: {name: party_in(field)}


_READERS: Final[Mapping[str, Reader]] = {
    "40A": _form,
    "40B": _form,
    "40E": _text("rules"),
    "31C": _day("issued_on"),
    "31D": _expiry,
    "31E": _day("expires_on"),
    "52A": _party("issuing_bank"),
    "52D": _party("issuing_bank"),
    "50": _party("applicant"),
    "59": _party("beneficiary"),
    "59A": _party("beneficiary"),
    "39A": _tolerance,
    "39B": _maximum,
    "39C": _text("additional_amounts"),
    "41A": _available,
    "41D": _available,
    "42C": _drafts,
    "42P": lambda field: {"payment_days": payment_days_of(field.value)},
    "43P": lambda field: {"partial_shipments": permission_in(field)},
    "43T": lambda field: {"transhipment": permission_in(field)},
    "44A": _place("taken_in_charge"),
    "44B": _place("final_destination"),
    "44C": _day("latest_shipment_on"),
    "44D": _text("shipment_period"),
    "44E": _place("loading"),
    "44F": _place("discharge"),
    "48": _presentation,
    "49": _text("confirmation"),
    "71B": _text("charges"),
    "71D": _text("charges"),
}
