"""Customs export declaration (出口货物报关单)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Final, Literal, Self

from pydantic import Field, model_validator

from eximledger_chaincode.documents.customs.exported import exported_names
from eximledger_chaincode.documents.parts.base import Count, Day, Value, Whole
from eximledger_chaincode.documents.parts.document import Document
from eximledger_chaincode.documents.parts.identifiers import (
    CheckedContainerNumber,
    Country,
    DeclarationNumber,
    HsCode,
    ImoNumber,
    Number,
    Port,
    SupervisionMode,
    Text,
    TransactionMode,
    TransportMode,
)
from eximledger_chaincode.documents.parts.index import Counted
from eximledger_chaincode.documents.parts.money import ExactDecimal, Money, Quantity, UnitAmount
from eximledger_chaincode.documents.parts.party import Party

__all__ = ["TRANSACTION_MODE_INCOTERM", "DeclarationLine", "DeclarationStatus", "ExportDeclaration", "LegalQuantity"]

TRANSACTION_MODE_INCOTERM: Final = {"1": "CIF", "2": "CFR", "3": "FOB", "7": "EXW"}
"""The Incoterm that a transaction mode stands for; 4 (C&I), 5 and 6 have none."""


class DeclarationStatus(StrEnum):
    """Life of a declaration. Only a settled one (结关) proves that the goods have left."""

    DECLARED = "declared"
    RELEASED = "released"
    SETTLED = "settled"
    AMENDED = "amended"
    CANCELLED = "cancelled"


class LegalQuantity(Value):
    """Quantity in a unit that the tariff asks for (法定计量单位), beside the unit of the deal."""

    quantity: Quantity
    unit: Text


class DeclarationLine(Value):
    """One kind of goods of a declaration."""

    number: Annotated[Whole, Field(ge=1, le=999)]
    hs_code: HsCode
    description: Text
    specification: Text | None = None
    quantity: Annotated[Quantity, Field(ge=0)]
    unit: Text
    unit_price: Annotated[UnitAmount, Field(ge=0)] | None = None
    amount: Money
    legal_quantities: tuple[LegalQuantity, ...] = ()
    origin_country: Country | None = None
    destination_country: Country | None = None
    duty_mode: Text | None = None


class ExportDeclaration(Document):
    """What customs knows of one export. Weights in kilograms, `total` in the currency of the lines."""

    KIND: ClassVar[str] = "declaration"

    kind: Literal["declaration"] = "declaration"
    declaration_number: DeclarationNumber
    status: DeclarationStatus
    consignor: Party
    """境内发货人: the exporter; its USCC is required."""
    producer: Party | None = None
    consignee: Party | None = None
    """境外收货人."""
    agent: Party | None = None
    declared_on: Day
    exported_on: Day | None = None
    released_on: Day | None = None
    settled_on: Day | None = None
    supervision_mode: SupervisionMode
    transaction_mode: TransactionMode
    transport_mode: TransportMode | None = None
    conveyance: Text | None = None
    """运输工具名称及航次号: vessel and voyage, or flight, train, truck."""
    imo_number: ImoNumber | None = None
    bill_number: Number | None = None
    contract_number: Number | None = None
    licence_number: Number | None = None
    exit_port: Port | None = None
    loading_port: Port | None = None
    destination_port: Port | None = None
    trade_country: Country | None = None
    destination_country: Country | None = None
    package_kind: Text | None = None
    packages: Count | None = None
    gross_weight_kg: Annotated[ExactDecimal, Field(ge=0)] | None = None
    net_weight_kg: Annotated[ExactDecimal, Field(ge=0)] | None = None
    containers: tuple[CheckedContainerNumber, ...] = ()
    freight: Money | None = None
    freight_percent: Annotated[ExactDecimal, Field(ge=0, le=100)] | None = None
    """Freight declared as a rate (customs' mark 1), of the declared total."""
    insurance: Money | None = None
    insurance_percent: Annotated[ExactDecimal, Field(ge=0, le=100)] | None = None
    other_charges: Money | None = None
    lines: Annotated[tuple[DeclarationLine, ...], Field(min_length=1, max_length=999)]
    total: Money
    remarks: Text | None = None

    @model_validator(mode="after")
    def _is_an_export_in_one_currency(self) -> Self:
        if self.declaration_number[8] != "0":
            raise ValueError("digit 9 of an export declaration's number is 0")
        if self.consignor.uscc is None:
            raise ValueError("consignor.uscc: an export declaration names its exporter by USCC")
        if any(line.amount.currency != self.total.currency for line in self.lines):
            raise ValueError("lines: all amounts of a declaration are in one currency")
        for charge in ("freight", "insurance"):
            if getattr(self, charge) is not None and getattr(self, f"{charge}_percent") is not None:
                raise ValueError(f"{charge}_percent: {charge} is declared as an amount or as a rate, not both")
        return self

    @property
    def number(self) -> str:
        return self.declaration_number

    @property
    def id(self) -> str:
        return self.declaration_number

    @property
    def exporter(self) -> str:
        assert self.consignor.uscc is not None  # noqa: S101 - held by the validator
        return self.consignor.uscc

    @property
    def dated(self) -> date:
        return self.exported_on or self.declared_on

    @property
    def currency(self) -> str:
        return self.total.currency

    def index_rows(self) -> tuple[Counted, ...]:
        """A cancelled declaration counts nothing."""
        return () if self.status is DeclarationStatus.CANCELLED else (Counted(self.total, self.exported_as),)

    @property
    def exported_as(self) -> tuple[str, ...]:
        """The names under which its exporter's exports count it (`Exported`)."""
        codes = (line.hs_code for line in self.lines)
        return exported_names(self.total, codes, (self.destination_country or self.trade_country,))
