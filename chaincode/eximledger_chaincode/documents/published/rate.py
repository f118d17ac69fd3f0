"""Reference rate: the central parity of the renminbi (人民币汇率中间价)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from eximledger_chaincode.documents.parts.base import Day, Whole
from eximledger_chaincode.documents.parts.document import Document
from eximledger_chaincode.documents.parts.money import Currency, Rate

__all__ = ["ReferenceRate"]


class ReferenceRate(Document):
    """CNY for `unit` units of `currency` on `quoted_on`; published per 100 units."""

    KIND: ClassVar[str] = "rate"

    kind: Literal["rate"] = "rate"
    currency: Currency
    quoted_on: Day
    unit: Annotated[Whole, Field(ge=1, le=1_000_000)] = 100
    cny: Rate

    @model_validator(mode="after")
    def _is_foreign(self) -> Self:
        if self.currency == "CNY":
            raise ValueError("currency: a reference rate prices a foreign currency in CNY")
        return self

    @property
    def number(self) -> str:
        return self.id

    @property
    def id(self) -> str:
        return f"{self.currency}:{self.quoted_on.isoformat()}"

    @property
    def dated(self) -> date:
        return self.quoted_on
