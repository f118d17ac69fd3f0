"""Text of papers as values: exact decimals, dates, and codes that the documents know."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable, Iterable
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Final, TypeVar

from pydantic import TypeAdapter, ValidationError

from eximledger_chaincode.documents import Party
from eximledger_chaincode.documents.parts.identifiers import (
    ContainerNumber,
    Country,
    DeclarationNumber,
    HsCode,
    ImoNumber,
    Port,
    Uscc,
)
from eximledger_chaincode.documents.parts.money import Currency

__all__ = [
    "are_abroad",
    "container_of",
    "country_of",
    "currency_of",
    "date_of",
    "decimal_of",
    "declaration_numbers_in",
    "export_declaration_of",
    "hs_code_of",
    "imo_of",
    "one_line",
    "port_of",
    "prose",
    "unique",
    "uscc_of",
]

T = TypeVar("T", bound=Hashable)

_COUNTRY: Final = TypeAdapter[str](Country)
_CURRENCY: Final = TypeAdapter[str](Currency)
_PORT: Final = TypeAdapter[str](Port)
_HS: Final = TypeAdapter[str](HsCode)
_CONTAINER: Final = TypeAdapter[str](ContainerNumber)
_IMO: Final = TypeAdapter[str](ImoNumber)
_USCC: Final = TypeAdapter[str](Uscc)
_DECLARATION: Final = TypeAdapter[str](DeclarationNumber)

_DECIMAL: Final = re.compile(r"[+-]?([0-9]{1,30}(\.[0-9]{0,30})?|\.[0-9]{1,30})")
_DATE: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:T([0-9:.,]*))?(Z|[+-][0-9]{2}:?[0-9]{2})?")
_UTC: Final = re.compile(r"Z|[+-]00:?00")
_LATE: Final = 24 - 8
"""Hour of UTC's day from which it is the next day in China."""
_LONGEST_CODE: Final = 64
_COUNTRY_HABITS: Final = {"UK": "GB", "EL": "GR"}
"""Reserved or European codes that papers carry in place of ISO 3166-1's."""


def one_line(text: str) -> str:
    """Without white space at the ends, and with single spaces within."""
    return " ".join(text.split())


def prose(text: str) -> str:
    """Lines kept, each without white space at its ends, empty ones left out."""
    return "\n".join(line for line in map(str.strip, text.splitlines()) if line)


def unique(items: Iterable[T]) -> tuple[T, ...]:
    """The items in their order, each once."""
    return tuple(dict.fromkeys(items))


def decimal_of(text: str) -> Decimal:
    """A plain decimal, exactly; ValueError for anything else (NaN, exponents, grouping, over 30 digits)."""
    if not _DECIMAL.fullmatch(text):
        raise ValueError("is not a plain decimal number of at most 30 digits")
    return Decimal(text)


def date_of(text: str) -> date:
    """The date of an ISO 8601 date or date-time, with or without a time zone; ValueError for anything else.

    A moment in UTC is China's day then; any other zone is that of whoever wrote it, and its day counts.
    """
    match = _DATE.fullmatch(text)
    if match is None:
        raise ValueError("is not a date of the form 2026-01-05")
    hour = re.match("[0-9]{2}", match[4] or "")
    late = hour is not None and _UTC.fullmatch(match[5] or "") and _LATE <= int(hour[0]) <= 24
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) + timedelta(days=1 if late else 0)
    except (ValueError, OverflowError):
        raise ValueError("is not a day of the calendar") from None


def _accepted(adapter: TypeAdapter[str], text: str) -> str | None:
    return _looked_up(adapter, text) if len(text) <= _LONGEST_CODE else None


@lru_cache(maxsize=4096)
def _looked_up(adapter: TypeAdapter[str], text: str) -> str | None:
    try:
        return adapter.validate_python(text)
    except ValidationError:
        return None


def are_abroad(parties: Iterable[Party | None]) -> bool:
    """Whether one of the parties is outside China, by its address or BIC (Hong Kong and Macao are)."""
    return any(country != "CN" for party in parties if party is not None for country in party.countries)


def country_of(text: str) -> str | None:
    """ISO 3166-1 alpha-2 of a two- or three-letter code; None when it is none."""
    code = text.strip().upper()
    return _accepted(_COUNTRY, _COUNTRY_HABITS.get(code, code)) if code.isalpha() and code.isascii() else None


def currency_of(text: str) -> str | None:
    """ISO 4217's code; None also for `XXX` and `XTS`, which say that there is none."""
    code = text.strip()
    return _accepted(_CURRENCY, code) if code.upper() not in {"XXX", "XTS"} else None


def port_of(text: str) -> str | None:
    return _accepted(_PORT, text.strip())


def hs_code_of(text: str) -> str | None:
    """HS code without its dots and spaces: `8501.52.00` is `85015200`."""
    return _accepted(_HS, re.sub(r"[\s.\-]", "", text))


def container_of(text: str) -> str | None:
    return _accepted(_CONTAINER, text)


def imo_of(text: str) -> str | None:
    return _accepted(_IMO, text)


def uscc_of(text: str) -> str | None:
    return _accepted(_USCC, unicodedata.normalize("NFKC", text).strip().upper())


def export_declaration_of(text: str) -> str | None:
    """The customs number if the text is one of an export (its ninth digit is 0)."""
    number = _accepted(_DECLARATION, text.strip())
    return number if number is not None and number[8] == "0" else None


def declaration_numbers_in(text: str) -> list[str]:
    """Export declaration numbers within free text: 18 digits that stand alone and have the structure of one."""
    runs = re.findall(r"(?<![0-9A-Za-z])[0-9]{18}(?![0-9A-Za-z])", unicodedata.normalize("NFKC", text))
    return [number for number in map(export_declaration_of, runs) if number is not None]
