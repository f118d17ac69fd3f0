"""Identifiers and codes of the trade, each checked where it enters.

Standards: USCC GB 32100-2015, ISO 4217, ISO 3166-1, UN/LOCODE, ISO 6346, IMO ship numbers, HS, China Customs' code
lists. What a standard's library knows is asked from that library (python-stdnum, pycountry, iso4217).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Annotated, Final

import pycountry
from pydantic import AfterValidator, StringConstraints
from stdnum import imo, iso6346
from stdnum.cn import uscc
from stdnum.exceptions import ValidationError as StdnumError

__all__ = [
    "CheckedContainerNumber",
    "ContainerNumber",
    "Country",
    "DeclarationNumber",
    "HsCode",
    "ImoNumber",
    "Incoterm",
    "MspId",
    "Number",
    "Port",
    "SupervisionMode",
    "Text",
    "TransactionMode",
    "TransportMode",
    "Uscc",
    "checked_declaration_number",
    "container_check_digit_is_right",
    "country_of_port",
    "imo_check_digit_is_right",
]

MAX_TEXT: Final = 4000

Text = Annotated[str, StringConstraints(min_length=1, max_length=MAX_TEXT, pattern=r"^[^\x00]*$")]
"""Free text of a paper."""

Number = Annotated[str, StringConstraints(min_length=1, max_length=140, pattern=r"^[^\x00-\x1f]+$")]
"""A paper's own number: free text on one line."""

MspId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.-]{1,64}$")]
"""Fabric's id of a member organisation, such as `EximbankMSP`."""


@lru_cache(maxsize=4096)  # a few exporters stand on very many papers
def _uscc(value: str) -> str:
    try:
        return str(uscc.validate(value))
    except StdnumError as error:
        raise ValueError(f"not a unified social credit code (18 characters, GB 32100-2015): {error}") from None


Uscc = Annotated[str, AfterValidator(_uscc)]
"""Unified social credit code of a Chinese enterprise (统一社会信用代码), check character verified."""


def checked_declaration_number(value: str) -> str:
    """The number, if it has the structure of a customs declaration's; ValueError else."""
    if not re.fullmatch(r"[0-9]{18}", value):
        raise ValueError(f"a customs declaration number has 18 digits, not {value[:40]!r}")
    year, direction, serial = int(value[4:8]), value[8], value[9:]
    if not 2000 <= year <= 2099:
        raise ValueError(f"digits 5 to 8 of a customs declaration number are its year, not {year}")
    if direction not in "01":
        raise ValueError(f"digit 9 of a customs declaration number is 0 (export) or 1 (import), not {direction}")
    if value[:4] == "0000" or int(serial) == 0:
        raise ValueError("a customs declaration number names a customs office (digits 1 to 4) and a serial (10 to 18)")
    return value


DeclarationNumber = Annotated[str, AfterValidator(checked_declaration_number)]
"""Customs declaration number (报关单号): office 4, year 4, direction 1, serial 9 digits."""

HsCode = Annotated[str, StringConstraints(pattern=r"^(\d{6}|\d{8}|\d{10}|\d{13})$")]
"""Harmonized System code without dots: 6 digits worldwide, 8 tariff, 10 as declared, 13 with inspection suffix."""


@lru_cache(maxsize=1024)
def _country(value: str) -> str:
    """ISO 3166-1 alpha-2, taken also from alpha-3 and numeric codes."""
    code = value.upper()
    if len(code) == 2:
        found = pycountry.countries.get(alpha_2=code)
    elif len(code) == 3 and code.isdigit():
        found = pycountry.countries.get(numeric=code)
    else:
        found = pycountry.countries.get(alpha_3=code)
    if found is None:
        raise ValueError(f"{value!r} is not an ISO 3166 country code")
    return str(found.alpha_2)


Country = Annotated[str, AfterValidator(_country)]


def _port(value: str) -> str:
    code = value.replace(" ", "").upper()
    if re.fullmatch(r"[A-Z]{2}[A-Z2-9]{3}", code):
        if code[:2] != "XZ":  # XZ: installations in international waters
            _country(code[:2])
        return code
    if re.fullmatch(r"[0-9]{4}|[A-Z]{3}[0-9]{3}", code):
        return code
    raise ValueError("a port is a UN/LOCODE (CNSHA), a customs office (2248) or a customs port code (USA309)")


Port = Annotated[str, AfterValidator(_port)]
"""UN/LOCODE, or China Customs' own code of an office (4 digits) or of a foreign port (3 letters, 3 digits)."""


def country_of_port(code: str | None) -> str | None:
    """The country that a port's code begins with: two letters of a UN/LOCODE, three of the customs' code of a foreign
    port (USA309). None for an office of the customs, and for what is in international waters."""
    if code is None or code[:2] == "XZ":
        return None
    if len(code) == 5:
        return code[:2]
    try:
        return _country(code[:3]) if code[:3].isalpha() else None
    except ValueError:
        return None


def _container_shape(value: str) -> str:
    code = re.sub(r"[\s-]", "", value).upper()
    if not re.fullmatch(r"[A-Z]{3}[UJZR][0-9]{7}", code):
        raise ValueError("a container number is an owner code, a category letter and seven digits (ISO 6346)")
    return code


ContainerNumber = Annotated[str, AfterValidator(_container_shape)]
"""ISO 6346 in shape. A wrong check digit on a foreign paper is a finding (BL-NUMBERS), not an unreadable paper."""


@lru_cache(maxsize=8192)
def container_check_digit_is_right(number: str) -> bool:
    """Whether the last digit of an ISO 6346 container number is its check digit."""
    return bool(iso6346.is_valid(number))


def _container_checked(value: str) -> str:
    code = _container_shape(value)
    if not container_check_digit_is_right(code):
        raise ValueError(f"container number {code} has a wrong check digit (ISO 6346)")
    return code


CheckedContainerNumber = Annotated[str, AfterValidator(_container_checked)]
"""ISO 6346 with its check digit verified: what an authority's record carries."""


def _imo_shape(value: str) -> str:
    code = re.sub(r"[\s-]", "", value).upper().removeprefix("IMO")
    if not re.fullmatch(r"[0-9]{7}", code):
        raise ValueError("an IMO ship number has seven digits")
    return code


ImoNumber = Annotated[str, AfterValidator(_imo_shape)]
"""IMO ship identification number in shape; `imo_check_digit_is_right` verifies it."""


@lru_cache(maxsize=8192)
def imo_check_digit_is_right(number: str) -> bool:
    """Whether the last digit of an IMO ship number is its check digit."""
    return bool(imo.is_valid(number))


Incoterm = Annotated[
    str,
    StringConstraints(to_upper=True, pattern=r"^(?i:EXW|FCA|FAS|FOB|CFR|CIF|CPT|CIP|DAP|DPU|DDP|DAT|DAF|DES|DEQ|DDU)$"),
]
"""Incoterms 2020, and the withdrawn terms that older contracts still carry."""

TransactionMode = Annotated[str, StringConstraints(pattern=r"^[1-7]$")]
"""Customs' transaction mode (成交方式): 1 CIF, 2 C&F, 3 FOB, 4 C&I, 5 market price, 6 cushion, 7 EXW."""

SupervisionMode = Annotated[str, StringConstraints(pattern=r"^\d{4}$")]
"""Customs' supervision mode (监管方式), such as 0110 general trade."""

TransportMode = Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]$")]
"""Customs' transport mode (运输方式), such as 2 sea, 4 road, 5 air; 3 rail."""
