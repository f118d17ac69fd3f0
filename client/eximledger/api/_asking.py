"""What several routes take: ids, banks, pages, languages."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict

from eximledger.mirror.reading import MAX_PAGE
from eximledger.reports import Language
from eximledger_chaincode.documents.parts.base import Day
from eximledger_chaincode.lending.loan import LoanId
from eximledger_chaincode.lending.steps import Reason

__all__ = ["BankName", "Body", "Cursor", "DayAsked", "Exporter", "InLanguage", "LoanNamed", "Reasoned", "Size", "Text"]

LoanNamed: TypeAlias = Annotated[
    LoanId, Path(description="The loan's number, as the bank gave it.", examples=["DY-2026-001"])
]
BankName: TypeAlias = Annotated[
    str,
    Query(
        max_length=128,
        pattern=r"^[A-Za-z0-9.-]*$",
        description="Whose: an MSP id. SAFE names the bank, a bank means its own.",
        examples=["EximbankMSP"],
    ),
]
Exporter: TypeAlias = Annotated[
    str,
    Query(
        max_length=18, pattern=r"^[A-Z0-9]*$", description="A USCC of 18 characters.", examples=["91520600MA6DYEK78F"]
    ),
]
DayAsked: TypeAlias = Annotated[Day | None, Query(description="A day, as 2026-12-31; today's where none is given.")]
Size: TypeAlias = Annotated[int, Query(ge=1, le=MAX_PAGE, description="How many at most.")]
Cursor: TypeAlias = Annotated[
    str, Query(max_length=2000, description="Goes on where a page ended: its `cursor`.", pattern=r"^[A-Za-z0-9_=.-]*$")
]
InLanguage: TypeAlias = Annotated[Language, Query(description="The language of what is for people.")]
Text: TypeAlias = Annotated[str, Query(max_length=200, pattern=r"^[^\x00]*$")]


class Body(BaseModel):
    """What is sent: nothing but what is named."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Reasoned(Body):
    """An act with a reason, which is recorded on the ledger."""

    reason: Reason
