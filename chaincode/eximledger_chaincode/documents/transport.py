"""Transport document: bill of lading, sea waybill, air waybill, rail or road consignment note."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field

from eximledger_chaincode.documents.parts.base import Count, Day, Flag, Value
from eximledger_chaincode.documents.parts.document import Document
from eximledger_chaincode.documents.parts.goods import AllowanceCharge
from eximledger_chaincode.documents.parts.identifiers import (
    ContainerNumber,
    Country,
    HsCode,
    ImoNumber,
    Incoterm,
    Number,
    Port,
    Text,
)
from eximledger_chaincode.documents.parts.index import Traits
from eximledger_chaincode.documents.parts.money import ExactDecimal, Money, Quantity
from eximledger_chaincode.documents.parts.party import Identifier, Party, owned_id
from eximledger_chaincode.documents.parts.references import Reference

__all__ = [
    "Container",
    "FreightPayment",
    "Place",
    "TransportDocument",
    "TransportGoods",
    "TransportStage",
    "TransportType",
]


class TransportType(StrEnum):
    BILL_OF_LADING = "bill-of-lading"
    SEA_WAYBILL = "sea-waybill"
    AIR_WAYBILL = "air-waybill"
    RAIL_CONSIGNMENT_NOTE = "rail-consignment-note"
    ROAD_CONSIGNMENT_NOTE = "road-consignment-note"
    MULTIMODAL = "multimodal"
    OTHER = "other"


class FreightPayment(StrEnum):
    """Who pays the carrier: the shipper before the voyage, or the receiver at its end."""

    PREPAID = "prepaid"
    COLLECT = "collect"


class Place(Value):
    """A port or place: its code where the paper gives one, and its name as written."""

    code: Port | None = None
    name: Text | None = None
    country: Country | None = None


class Container(Value):
    number: ContainerNumber
    seal: Text | None = None
    size_type: Text | None = None


class TransportGoods(Value):
    """Goods as the carrier describes them. Weights in kilograms, volume in cubic metres."""

    number: Number
    description: Text
    hs_code: HsCode | None = None
    marks: Text | None = None
    quantity: Quantity | None = None
    unit: Text | None = None
    packages: Count | None = None
    package_kind: Text | None = None
    gross_weight_kg: ExactDecimal | None = None
    net_weight_kg: ExactDecimal | None = None
    volume_m3: ExactDecimal | None = None
    origin_country: Country | None = None
    fob_value: Money | None = None
    declared_value: Money | None = None
    identifiers: tuple[Identifier, ...] = ()
    properties: tuple[Identifier, ...] = ()


class TransportStage(Value):
    """One leg of the carriage. `mode` is the UN/ECE Recommendation 19 code: 1 sea, 2 rail, 3 road, 4 air."""

    mode: Text | None = None
    means: Text | None = None
    conveyance: Text | None = None
    voyage: Text | None = None
    imo_number: ImoNumber | None = None
    carrier: Party | None = None
    loading: Place | None = None
    discharge: Place | None = None
    transshipment: tuple[Place, ...] = ()
    departed_on: Day | None = None
    arrived_on: Day | None = None
    pre_carriage: Flag = False
    on_carriage: Flag = False


class TransportDocument(Document):
    """The carrier's receipt for the goods. Weights in kilograms, volume in cubic metres."""

    KIND: ClassVar[str] = "transport"

    kind: Literal["transport"] = "transport"
    bill_number: Number
    type: TransportType = TransportType.BILL_OF_LADING
    carrier_number: Number | None = None
    """The carrier's own number, where the paper has another of the shipper or forwarder."""
    issued_on: Day
    on_board_on: Day | None = None
    shipper: Party
    consignee: Party | None = None
    """None where the bill is made out to order."""
    to_order: Flag = False
    notify: tuple[Party, ...] = ()
    carrier: Party | None = None
    forwarder: Party | None = None
    deliver_to: Party | None = None
    loading: Place | None = None
    discharge: Place | None = None
    final_destination: Place | None = None
    origin_country: Country | None = None
    destination_country: Country | None = None
    stages: tuple[TransportStage, ...] = ()
    vessel: Text | None = None
    voyage: Text | None = None
    imo_number: ImoNumber | None = None
    containers: tuple[Container, ...] = ()
    packages: Count | None = None
    gross_weight_kg: Annotated[ExactDecimal, Field(ge=0)] | None = None
    net_weight_kg: Annotated[ExactDecimal, Field(ge=0)] | None = None
    volume_m3: Annotated[ExactDecimal, Field(ge=0)] | None = None
    goods: tuple[TransportGoods, ...] = ()
    incoterm: Incoterm | None = None
    delivery_terms: Text | None = None
    freight_terms: Text | None = None
    """How freight is paid, as written."""
    freight_payment: FreightPayment | None = None
    freight_charges: tuple[AllowanceCharge, ...] = ()
    declared_carriage_value: Money | None = None
    declared_customs_value: Money | None = None
    insured_value: Money | None = None
    fob_value: Money | None = None
    contract_number: Number | None = None
    invoice_numbers: tuple[Number, ...] = ()
    declaration_numbers: tuple[Number, ...] = ()
    references: tuple[Reference, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    clauses: tuple[Text, ...] = ()
    """What the carrier remarks on the state of goods and packing, or on where they are stowed."""
    on_deck: Flag = False
    """Whether goods are stated to be loaded on deck."""
    notes: tuple[Text, ...] = ()

    @property
    def number(self) -> str:
        return self.bill_number

    @property
    def id(self) -> str:
        return owned_id(self.shipper, self.bill_number)

    @property
    def exporter(self) -> str | None:
        return self.shipper.uscc

    @property
    def dated(self) -> date:
        return self.on_board_on or self.issued_on

    @property
    def traits(self) -> Traits:
        """A bill states no amount: gross weight and packages stand in its place."""
        weight = "" if self.gross_weight_kg is None else self.gross_weight_kg
        receiver = self.consignee or (self.notify[0] if self.notify else None)
        return Traits((weight, self.packages), (self.shipper, receiver))

    def of_exporter(self, uscc: str) -> Self:
        return self.model_copy(update={"shipper": self.shipper.with_uscc(uscc)})
