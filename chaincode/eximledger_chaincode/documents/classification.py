"""SAFE's class of an enterprise in goods trade (货物贸易企业分类)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from eximledger_chaincode.documents.parts.base import Day, Value
from eximledger_chaincode.documents.parts.document import Document
from eximledger_chaincode.documents.parts.identifiers import DeclarationNumber, Number, Text, Uscc
from eximledger_chaincode.documents.parts.money import Money

__all__ = ["EnterpriseClass", "EnterpriseClassification", "Registration"]


class EnterpriseClass(StrEnum):
    """A: free; B: each receipt against an electronic quota; C: each registered with SAFE first (Huifa [2020] 14)."""

    A = "A"
    B = "B"
    C = "C"


class Registration(Value):
    """A financing that SAFE has registered beforehand (登记表): for these declarations, or for any where none is named,
    up to an amount where one is stated."""

    number: Number
    registered_on: Day
    valid_until: Day | None = None
    amount: Money | None = None
    declaration_numbers: Annotated[tuple[DeclarationNumber, ...], Field(max_length=1000)] = ()

    def holds_on(self, day: date) -> bool:
        """Whether it holds on `day`."""
        return self.registered_on <= day and (self.valid_until is None or day <= self.valid_until)


class EnterpriseClassification(Document):
    """The class that holds from `valid_from` to `valid_until` (both included; None: until further notice).

    `quota` is what an enterprise in class B may still be financed against (可收汇额度).
    """

    KIND: ClassVar[str] = "classification"

    kind: Literal["classification"] = "classification"
    enterprise_uscc: Uscc
    enterprise_name: Text | None = None
    enterprise_class: EnterpriseClass
    valid_from: Day
    valid_until: Day | None = None
    notice: Number | None = None
    quota: Money | None = None
    registrations: Annotated[tuple[Registration, ...], Field(max_length=1000)] = ()

    @model_validator(mode="after")
    def _period_in_order(self) -> Self:
        if self.valid_until is not None and self.valid_until < self.valid_from:
            raise ValueError("valid_until: the period ends before it begins")
        if self.quota is not None and self.quota.amount < 0:
            raise ValueError("quota: a quota is not below zero")
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
