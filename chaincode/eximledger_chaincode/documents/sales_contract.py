"""Sales contract, or the purchase order that stands for it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field

from eximledger_chaincode.documents.parts.base import Day, Flag, Whole
from eximledger_chaincode.documents.parts.document import Document
from eximledger_chaincode.documents.parts.goods import AllowanceCharge, GoodsLine
from eximledger_chaincode.documents.parts.identifiers import Country, Incoterm, Number, Port, Text
from eximledger_chaincode.documents.parts.index import Traits
from eximledger_chaincode.documents.parts.money import Currency, Money
from eximledger_chaincode.documents.parts.party import Party, owned_id
from eximledger_chaincode.documents.parts.references import Reference
from eximledger_chaincode.documents.transport import Place

__all__ = ["SalesContract"]


class SalesContract(Document):
    """What seller and buyer agreed. `about` is true where quantities and value are stated as about or circa."""

    KIND: ClassVar[str] = "contract"

    kind: Literal["contract"] = "contract"
    contract_number: Number
    signed_on: Day
    seller: Party
    buyer: Party
    currency: Currency
    incoterm: Incoterm | None = None
    delivery_terms: Text | None = None
    """The delivery term as written, where it is more than an Incoterm."""
    incoterm_place: Text | None = None
    payment_terms: Text | None = None
    payment_days: Annotated[Whole, Field(ge=0, le=3650)] | None = None
    """Days from shipment (or invoice) until payment is due, where the terms say so."""
    about: Flag = False
    latest_shipment_on: Day | None = None
    valid_until: Day | None = None
    """Its last day; None where it ends with its performance."""
    transshipment: Flag | None = None
    """Whether goods may be trans-shipped; None where it does not say."""
    transshipment_places: tuple[Place, ...] = ()
    """Where they may be, if not anywhere."""
    loading_port: Port | None = None
    destination_port: Port | None = None
    destination_country: Country | None = None
    ship_to: Party | None = None
    lines: tuple[GoodsLine, ...] = ()
    allowances_charges: tuple[AllowanceCharge, ...] = ()
    lines_total: Money | None = None
    tax_total: Money | None = None
    total: Money
    references: tuple[Reference, ...] = ()
    notes: tuple[Text, ...] = ()

    @property
    def number(self) -> str:
        return self.contract_number

    @property
    def id(self) -> str:
        return owned_id(self.seller, self.contract_number)

    @property
    def exporter(self) -> str | None:
        return self.seller.uscc

    @property
    def dated(self) -> date:
        return self.signed_on

    @property
    def traits(self) -> Traits:
        return Traits((self.total.amount, self.total.currency), (self.seller, self.buyer))

    def of_exporter(self, uscc: str) -> Self:
        return self.model_copy(update={"seller": self.seller.with_uscc(uscc)})
