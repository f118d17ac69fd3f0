"""The exporter's own copy of a customs declaration, as it shows it to its bank: paper that may have been altered."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from eximledger_chaincode.documents.customs.declaration import DeclarationLine, ExportDeclaration
from eximledger_chaincode.documents.parts.base import Day
from eximledger_chaincode.documents.parts.document import Document
from eximledger_chaincode.documents.parts.identifiers import DeclarationNumber, Text
from eximledger_chaincode.documents.parts.money import Money
from eximledger_chaincode.documents.parts.party import Party, owned_id

__all__ = ["DeclarationCopy"]


class DeclarationCopy(Document):
    """What the print-out says, as far as it is held against customs' record."""

    KIND: ClassVar[str] = "declaration-copy"

    kind: Literal["declaration-copy"] = "declaration-copy"
    declaration_number: DeclarationNumber
    consignor: Party
    consignee: Party | None = None
    declared_on: Day | None = None
    exported_on: Day | None = None
    printed_on: Day | None = None
    lines: Annotated[tuple[DeclarationLine, ...], Field(min_length=1, max_length=999)]
    total: Money
    remarks: Text | None = None

    @model_validator(mode="after")
    def _in_one_currency(self) -> Self:
        if any(line.amount.currency != self.total.currency for line in self.lines):
            raise ValueError("lines: all amounts of a declaration are in one currency")
        return self

    @classmethod
    def of(cls, declaration: ExportDeclaration) -> DeclarationCopy:
        """A true copy of a declaration."""
        return cls(
            declaration_number=declaration.declaration_number,
            consignor=declaration.consignor,
            consignee=declaration.consignee,
            declared_on=declaration.declared_on,
            exported_on=declaration.exported_on,
            lines=declaration.lines,
            total=declaration.total,
        )

    @property
    def number(self) -> str:
        return self.declaration_number

    @property
    def id(self) -> str:
        return owned_id(self.consignor, self.declaration_number)

    @property
    def exporter(self) -> str | None:
        return self.consignor.uscc

    @property
    def dated(self) -> date | None:
        return self.exported_on or self.declared_on

    def of_exporter(self, uscc: str) -> Self:
        return self.model_copy(update={"consignor": self.consignor.with_uscc(uscc)})
