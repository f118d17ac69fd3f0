"""Packing list, or the despatch advice that stands for it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field

from eximledger_chaincode.documents.parts.base import Count, Day, Value
from eximledger_chaincode.documents.parts.document import Document
from eximledger_chaincode.documents.parts.identifiers import ContainerNumber, Country, HsCode, Number, Text
from eximledger_chaincode.documents.parts.money import ExactDecimal, Quantity
from eximledger_chaincode.documents.parts.party import Identifier, Party, owned_id
from eximledger_chaincode.documents.parts.references import Reference

__all__ = ["PackingLine", "PackingList"]


class PackingLine(Value):
    """What is packed. Weights in kilograms."""

    number: Number
    name: Text
    description: Text | None = None
    hs_code: HsCode | None = None
    quantity: Quantity | None = None
    unit: Text | None = None
    outstanding_quantity: Quantity | None = None
    outstanding_reason: Text | None = None
    packages: Count | None = None
    package_kind: Text | None = None
    gross_weight_kg: ExactDecimal | None = None
    net_weight_kg: ExactDecimal | None = None
    identifiers: tuple[Identifier, ...] = ()
    properties: tuple[Identifier, ...] = ()
    order_number: Number | None = None
    order_line: Number | None = None
    note: Text | None = None


class PackingList(Document):
    """How the goods of an invoice are packed. Weights in kilograms, volume in cubic metres."""

    KIND: ClassVar[str] = "packing-list"

    kind: Literal["packing-list"] = "packing-list"
    list_number: Number
    issued_on: Day
    seller: Party
    buyer: Party | None = None
    ship_to: Party | None = None
    carrier: Party | None = None
    invoice_numbers: tuple[Number, ...] = ()
    contract_number: Number | None = None
    order_number: Number | None = None
    shipment_number: Number | None = None
    despatched_on: Day | None = None
    delivery_start: Day | None = None
    delivery_end: Day | None = None
    destination_country: Country | None = None
    packages: Count | None = None
    gross_weight_kg: Annotated[ExactDecimal, Field(ge=0)] | None = None
    net_weight_kg: Annotated[ExactDecimal, Field(ge=0)] | None = None
    volume_m3: Annotated[ExactDecimal, Field(ge=0)] | None = None
    containers: tuple[ContainerNumber, ...] = ()
    lines: Annotated[tuple[PackingLine, ...], Field(min_length=1)]
    references: tuple[Reference, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    notes: tuple[Text, ...] = ()

    @property
    def number(self) -> str:
        return self.list_number

    @property
    def id(self) -> str:
        return owned_id(self.seller, self.list_number)

    @property
    def exporter(self) -> str | None:
        return self.seller.uscc

    @property
    def dated(self) -> date:
        return self.issued_on

    def of_exporter(self, uscc: str) -> Self:
        return self.model_copy(update={"seller": self.seller.with_uscc(uscc)})
