"""SAFE's class of an enterprise in goods trade (货物贸易企业分类)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import ClassVar, Literal, Self

from pydantic import model_validator

from eximledger_chaincode.documents.parts.base import Day
from eximledger_chaincode.documents.parts.document import Document
from eximledger_chaincode.documents.parts.identifiers import Number, Text, Uscc

__all__ = ["EnterpriseClass", "EnterpriseClassification"]


class EnterpriseClass(StrEnum):
    """A: free; B: each receipt against an electronic quota; C: each registered with SAFE first (Huifa [2012] 38)."""

    A = "A"
    B = "B"
    C = "C"


class EnterpriseClassification(Document):
    """The class that holds from `valid_from` to `valid_until` (both included; None: until further notice)."""

    KIND: ClassVar[str] = "classification"

    kind: Literal["classification"] = "classification"
    enterprise_uscc: Uscc
    enterprise_name: Text | None = None
    enterprise_class: EnterpriseClass
    valid_from: Day
    valid_until: Day | None = None
    notice: Number | None = None

    @model_validator(mode="after")
    def _period_in_order(self) -> Self:
        if self.valid_until is not None and self.valid_until < self.valid_from:
            raise ValueError("valid_until: the period ends before it begins")
        return self

    @property
    def number(self) -> str:
        return self.enterprise_uscc

    @property
    def id(self) -> str:
        return f"{self.enterprise_uscc}:{self.valid_from.isoformat()}"

    @property
    def exporter(self) -> str:
        return self.enterprise_uscc

    @property
    def dated(self) -> date:
        return self.valid_from

    def holds_on(self, day: date) -> bool:
        """Whether the class holds on `day`."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)
