"""UBL order, despatch advice and waybill: the published samples, value by value."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from eximledger.formats import Reading, read
from eximledger_chaincode.documents import (
    FreightPayment,
    Identifier,
    Money,
    PackingList,
    Place,
    Reference,
    SalesContract,
    TransportDocument,
    TransportType,
)
from hlf_chaincode.errors import InvalidDocument

Sample = Callable[[str], Path]
Paths = Callable[[Reading], list[str]]
USCC = "91520690MA6DX12344"


def _usd(amount: str) -> Money:
    return Money.of(amount, "USD")


def test_order(sample: Sample, not_modelled: Paths) -> None:
    reading = read(sample("ubl/UBL-Order-2.0-Example-International.xml"), exporter=USCC)
    (contract,) = reading.documents
    assert isinstance(contract, SalesContract)
    assert reading.format == "ubl-order-2.0"
    assert (contract.contract_number, contract.signed_on, contract.currency) == ("AEG012345", date(2005, 6, 20), "USD")
    assert (contract.exporter, contract.seller.name, contract.buyer.name) == (USCC, "Consortial", "IYT Corporation")
    assert contract.seller.address is not None
    assert (contract.seller.address.region, contract.seller.address.country) == ("Massachusetts, MA", "US")
    assert contract.buyer.contact is not None
    assert contract.buyer.contact.telephone == "+44 127 2653214"
    assert (contract.incoterm, contract.incoterm_place, contract.delivery_terms) == (
        "FOB",
        "Felixstowe",
        "FOB Destination",
    )
    assert (contract.loading_port, contract.destination_port, contract.destination_country) == (None, "GBFXT", "GB")
    assert contract.latest_shipment_on == date(2005, 6, 30)
    (line,) = contract.lines
    assert (line.name, line.quantity, line.unit, line.unit_price, line.amount) == (
        "Acme Beeswax",
        Decimal(100),
        "KGM",
        Decimal(10),
        _usd("1000"),
    )
    assert Identifier(scheme="buyer", value="6578489") in line.identifiers
    assert line.note == "this is an illustrative order line"
    assert (contract.lines_total, contract.total) == (_usd("1000"), _usd("1000"))
    assert contract.notes == ("sample", "Please advise when transport is booked.")
    assert not_modelled(reading) == [
        "/Order/OriginatorCustomerParty",
        "/Order/Delivery/RequestedDeliveryPeriod/StartDate",
        "/Order/Delivery/RequestedDeliveryPeriod/StartTime",
        "/Order/Delivery/RequestedDeliveryPeriod/EndTime",
        "/Order/OrderLine/LineItem/LineStatusCode",
    ]


def test_despatch_advice(sample: Sample, not_modelled: Paths) -> None:
    reading = read(sample("ubl/UBL-DespatchAdvice-2.0-Example.xml"), exporter=USCC)
    (packing,) = reading.documents
    assert isinstance(packing, PackingList)
    assert (packing.list_number, packing.issued_on, packing.exporter) == ("565899", date(2005, 6, 20), USCC)
    assert (packing.order_number, packing.shipment_number) == ("AEG012345", "1")
    assert (packing.delivery_start, packing.delivery_end) == (date(2005, 6, 20), date(2005, 6, 21))
    assert packing.buyer is not None
    assert packing.buyer.name == "IYT Corporation"
    assert packing.ship_to is not None
    assert packing.destination_country == "GB"
    (line,) = packing.lines
    assert (line.name, line.quantity, line.unit, line.outstanding_quantity) == (
        "beeswax",
        Decimal(90),
        "KGM",
        Decimal(10),
    )
    assert line.outstanding_reason == "lack of stock as explained on telephone today"
    assert (line.order_number, line.order_line, line.note) == ("AEG012345", "1", "Mrs Green agreed to waive charge")
    assert Identifier(scheme="lot-expiry", value="2010-01-01") in line.properties
    assert Reference(kind="sales-order", number="CON0095678") in packing.references
    assert not_modelled(reading) == [
        "/DespatchAdvice/DocumentStatusCode",
        "/DespatchAdvice/DespatchAdviceTypeCode",
        "/DespatchAdvice/DespatchSupplierParty/Party/PartyTaxScheme/ExemptionReason",
        "/DespatchAdvice/DeliveryCustomerParty/Party/PartyTaxScheme/ExemptionReason",
        "/DespatchAdvice/Shipment/Delivery/RequestedDeliveryPeriod/StartTime",
        "/DespatchAdvice/Shipment/Delivery/RequestedDeliveryPeriod/EndTime",
        "/DespatchAdvice/DespatchLine/LineStatusCode",
        "/DespatchAdvice/DespatchLine/OrderLineReference/SalesOrderLineID",
    ]


def _waybill(sample: Sample) -> tuple[Reading, TransportDocument]:
    reading = read(sample("ubl/UBL-Waybill-2.0-Example-International.xml"), exporter=USCC)
    (document,) = reading.documents
    assert isinstance(document, TransportDocument)
    return reading, document


def test_waybill_parties_and_values(sample: Sample) -> None:
    _, bill = _waybill(sample)
    assert (bill.bill_number, bill.carrier_number) == ("KHN23-44044-1", "123456789987654321")
    assert (bill.type, bill.issued_on, bill.on_board_on) == (
        TransportType.AIR_WAYBILL,
        date(2005, 6, 25),
        date(2005, 6, 25),
    )
    assert (bill.exporter, bill.shipper.name) == (USCC, "Consortial")
    assert bill.consignee is not None
    assert bill.consignee.name == "IYT Corporation"
    assert [party.name for party in bill.notify] == ["IYT Corporation"]
    assert bill.carrier is not None
    assert bill.carrier.contact is not None
    assert bill.carrier.contact.name == "Freight Bookings"
    assert bill.forwarder is not None
    assert bill.forwarder.address is not None
    assert bill.forwarder.address.lines == ("P.O. Box 99043",)
    assert bill.deliver_to is not None
    assert bill.deliver_to.name == "The Terminus"
    assert (bill.declared_carriage_value, bill.insured_value) == (_usd("1500"), _usd("1000"))
    assert (bill.declared_customs_value, bill.fob_value) == (Money.of("524.80", "GBP"), _usd("1200"))
    assert [(e.charge, e.amount, e.percent) for e in bill.freight_charges] == [
        (True, _usd("254.00"), None),
        (False, _usd("12.70"), Decimal(5)),
    ]
    assert (bill.freight_terms, bill.incoterm, bill.delivery_terms) == ("Bankers Cheque", "FOB", "FOB Destination")


def test_waybill_journey_and_goods(sample: Sample) -> None:
    _, bill = _waybill(sample)
    assert bill.loading == Place(code="USBOS", name="Boston Airport")
    assert bill.discharge == Place(code="GBBRS", name="Bristol Airport")
    assert (bill.origin_country, bill.destination_country) == ("US", "GB")
    road, air = bill.stages
    assert (road.mode, road.conveyance, road.pre_carriage, road.arrived_on) == ("3", "2652 WE", True, date(2005, 6, 25))
    assert (air.mode, air.voyage, air.conveyance) == ("4", "UA 1234", "A-127763-747")
    assert air.transshipment == (Place(code="GBLHR", name="Heathrow Apt/London"),)
    assert bill.packages == 10
    assert (bill.gross_weight_kg, bill.net_weight_kg, bill.volume_m3) == (Decimal(130), Decimal(110), Decimal(2))
    (goods,) = bill.goods
    assert goods.description == "Beeswax, other insect waxes and spermacetti\nAcme beeswax\nBeeswax"
    assert (goods.hs_code, goods.origin_country, goods.package_kind) == ("15219000", "MX", "TB")
    assert goods.quantity == 10
    assert (goods.fob_value, goods.declared_value) == (_usd("1241.30"), Money.of("524.80", "GBP"))
    assert Identifier(scheme="RequiredCustomsID", value="ECN12344566") in goods.identifiers
    assert bill.contract_number == "AEG012345"
    assert {(entry.kind, entry.number) for entry in bill.references} >= {
        ("order", "AEG012345"),
        ("Forwarding Instructions", "KHN23-44044"),
        ("shipping-order", "KHN23-44044"),
        ("shipment", "CONS-0001"),
        ("consignment", "2005US12345678998765432112345678"),
        ("transport-contract", "CONS-001"),
        ("tracking", "NKH7712289-03339-000128"),
    }


def test_waybill_leftovers(sample: Sample, not_modelled: Paths) -> None:
    reading, _ = _waybill(sample)
    shipment = "/Waybill/Shipment"
    contract = f"{shipment}/Consignment/TransportContract"
    assert not_modelled(reading) == [
        "/Waybill/IssueTime",
        "/Waybill/AdValoremIndicator",
        f"{shipment}/NetNetWeightMeasure",
        f"{shipment}/NetVolumeMeasure",
        f"{shipment}/TotalGoodsItemQuantity",
        f"{shipment}/Consignment/HazardousRiskIndicator",
        f"{contract}/ValidityPeriod",
        *(
            f"{contract}/ContractDocumentReference[{number}]/{name}"
            for number in (1, 2)
            for name in ("XPath[1]", "XPath[2]", "Attachment")
        ),
        f"{shipment}/Consignment/OriginalDespatchTransportationService",
        f"{shipment}/Consignment/FinalDeliveryTransportationService",
        *(
            f"{shipment}/GoodsItem/{name}"
            for name in (
                "HazardousRiskIndicator",
                "DeclaredStatisticsValueAmount",
                "InsuranceValueAmount",
                "ValueAmount",
                "NetNetWeightMeasure",
                "NetVolumeMeasure",
                "CustomsStatusCode",
                "CustomsTariffQuantity",
            )
        ),
        f"{shipment}/ShipmentStage[1]/TransitPeriod/StartTime",
        f"{shipment}/ShipmentStage[1]/TransitPeriod/EndTime",
        f"{shipment}/ShipmentStage[2]/TransitPeriod/StartTime",
        *(
            f"{shipment}/Delivery/{name}"
            for name in (
                "Quantity",
                "LatestDeliveryDate",
                "LatestDeliveryTime",
                "RequestedDeliveryPeriod",
                "EstimatedDeliveryPeriod",
                "Despatch/ActualDespatchTime",
            )
        ),
        *(
            f"{shipment}/TransportHandlingUnit/{name}"
            for name in (
                "ID",
                "TransportHandlingUnitTypeCode",
                "HazardousRiskIndicator",
                "TotalGoodsItemQuantity",
                "ActualPackage/Quantity",
            )
        ),
        "/Waybill/ExchangeRate",
        "/Waybill/DocumentDistribution[1]",
        "/Waybill/DocumentDistribution[2]",
    ]


_BILL = """<BillOfLading xmlns="urn:oasis:names:specification:ubl:schema:xsd:BillOfLading-2">
  <ID>COSU6123456780</ID><IssueDate>2026-01-09</IssueDate><ToOrderIndicator>true</ToOrderIndicator>
  <Shipment><ID>1</ID><GrossWeightMeasure unitCode="TNE">12.4005</GrossWeightMeasure>
    <Consignment><ID>1</ID>
      <ConsignorParty><PartyName><Name>Dongyu Electric</Name></PartyName></ConsignorParty>
      <MainCarriageShipmentStage><ID>1</ID><TransportModeCode>1</TransportModeCode>
        <TransitPeriod><StartDate>2026-01-09</StartDate></TransitPeriod>
        <TransportMeans><JourneyID>012W</JourneyID>
          <MaritimeTransport><VesselID>IMO 9074729</VesselID><VesselName>COSCO STAR</VesselName></MaritimeTransport>
        </TransportMeans>
        <LoadingPortLocation><ID>CNSHK</ID><Name>Shekou</Name></LoadingPortLocation>
        <UnloadingPortLocation><ID>Hamburg!</ID><Name>Hamburg</Name></UnloadingPortLocation>
      </MainCarriageShipmentStage>
    </Consignment>
    <GoodsItem><ID>1</ID><Description>Motors</Description></GoodsItem>
    <TransportHandlingUnit><ID>A</ID>
      <TransportEquipment><ID>CSQU 305438-3</ID>
        <TransportEquipmentSeal><ID>S1</ID></TransportEquipmentSeal></TransportEquipment>
      <TransportEquipment><ID>TRUCK 7</ID></TransportEquipment>
    </TransportHandlingUnit>
  </Shipment>
  <DocumentReference><ID>530420260000000012</ID><DocumentType>Customs declaration</DocumentType></DocumentReference>
</BillOfLading>"""


def test_bill_of_lading_of_ubl_2_1() -> None:
    reading = read(_BILL.encode())
    (bill,) = reading.documents
    assert isinstance(bill, TransportDocument)
    assert (bill.type, bill.to_order, bill.on_board_on) == (TransportType.BILL_OF_LADING, True, date(2026, 1, 9))
    assert (bill.vessel, bill.voyage, bill.imo_number) == ("COSCO STAR", "012W", "9074729")
    assert bill.gross_weight_kg == Decimal("12400.5")
    assert [(entry.number, entry.seal) for entry in bill.containers] == [("CSQU3054383", "S1")]
    assert bill.declaration_numbers == ("530420260000000012",)
    unusable = {entry.path.rpartition("TransportHandlingUnit")[2].rpartition("Stage")[2] for entry in reading.unmapped}
    assert unusable == {"/ID", "/TransportEquipment[2]/ID", "/UnloadingPortLocation/ID"}


@pytest.mark.parametrize(
    ("cut", "field"),
    [
        ("<ConsignorParty><PartyName><Name>Dongyu Electric</Name></PartyName></ConsignorParty>", "ConsignorParty"),
        ("<IssueDate>2026-01-09</IssueDate>", "/BillOfLading/IssueDate"),
        ("<Description>Motors</Description>", "/BillOfLading/Shipment/GoodsItem/Description"),
    ],
)
def test_a_bill_without_what_it_must_have(cut: str, field: str) -> None:
    with pytest.raises(InvalidDocument, match="is missing") as refused:
        read(_BILL.replace(cut, "").encode())
    assert field in refused.value.field


@pytest.mark.parametrize(
    ("indicators", "payment"),
    [
        (("true",), FreightPayment.PREPAID),
        (("false",), FreightPayment.COLLECT),
        (("true", "true"), FreightPayment.PREPAID),
        (("true", "false"), None),
        ((), None),
    ],
)
def test_who_pays_the_freight(indicators: tuple[str, ...], payment: FreightPayment | None) -> None:
    charges = "".join(
        f"<FreightAllowanceCharge><ChargeIndicator>true</ChargeIndicator><PrepaidIndicator>{each}</PrepaidIndicator>"
        '<Amount currencyID="USD">90.00</Amount></FreightAllowanceCharge>'
        for each in indicators
    )
    reading = read(_BILL.replace("</Consignment>", f"{charges}</Consignment>").encode())
    (bill,) = reading.documents
    assert isinstance(bill, TransportDocument)
    assert bill.freight_payment is payment
    unread = [entry for entry in reading.unmapped if entry.path.endswith("PrepaidIndicator")]
    assert len(unread) == (2 if len(set(indicators)) > 1 else 0)


def test_what_the_carrier_remarks() -> None:
    paper = _BILL.replace("<Consignment><ID>1</ID>", "<Consignment><ID>1</ID><Remarks>Two crates broken</Remarks>")
    paper = paper.replace("<ID>TRUCK 7</ID>", "<ID>TRUCK 7</ID><DamageRemarks>dented</DamageRemarks>")
    (bill,) = read(paper.encode()).documents
    assert isinstance(bill, TransportDocument)
    assert bill.clauses == ("Two crates broken", "dented")


@pytest.mark.parametrize(
    ("words", "allowed"),
    [
        ("TRANSHIPMENT: NOT ALLOWED", False), ("Transshipment is prohibited.", False), ("禁止转运", False),
        ("Partial shipments allowed, transhipment allowed", True), ("允许转船", True), ("不允许转运", False),
        ("Partial shipments allowed", None), ("transhipment allowed; transhipment forbidden", None),
    ],
)  # fmt: skip
def test_whether_an_order_allows_trans_shipment(words: str, allowed: bool | None) -> None:
    paper = _contract_paper().replace(
        "<cbc:DocumentCurrencyCode", f"<cbc:Note>{words}</cbc:Note><cbc:DocumentCurrencyCode"
    )
    (contract,) = read(paper.encode()).documents
    assert isinstance(contract, SalesContract)
    assert contract.transshipment is allowed


def _contract_paper() -> str:
    folder = Path(__file__).resolve().parents[3] / "examples" / "dongyu" / "eximbank"
    return (folder / "contract-DY-KE-2025-126.xml").read_text(encoding="utf-8")


def _without(paper: str, element: str) -> str:
    return re.sub(rf"<(\w+:)?{element}\b.*?</(\w+:)?{element}>", "", paper, flags=re.DOTALL)


def test_an_order_that_states_no_total_is_worth_its_lines() -> None:
    paper = _contract_paper()
    stated = read(paper.encode()).documents[0]
    summed = read(_without(paper, "AnticipatedMonetaryTotal").encode()).documents[0]
    assert isinstance(stated, SalesContract)
    assert isinstance(summed, SalesContract)
    assert summed.total == stated.total
    assert summed.lines_total is None


def test_an_order_without_any_amount_is_refused_by_the_total_that_it_lacks() -> None:
    paper = _without(_without(_contract_paper(), "AnticipatedMonetaryTotal"), "LineExtensionAmount")
    with pytest.raises(InvalidDocument) as caught:
        read(paper.encode())
    assert caught.value.field == "/Order/AnticipatedMonetaryTotal/PayableAmount"


def test_an_order_in_two_currencies_without_a_total_is_refused() -> None:
    paper = _without(_contract_paper(), "AnticipatedMonetaryTotal")
    first, second = 'LineExtensionAmount currencyID="USD"', 'LineExtensionAmount currencyID="EUR"'
    assert paper.count(first) > 1
    mixed = paper.replace(first, second, 1)
    with pytest.raises(InvalidDocument):
        read(mixed.encode())


def _stage(*events: str, period: str = "") -> str:
    period = f"<TransitPeriod><StartDate>{period}</StartDate></TransitPeriod>" if period else ""
    return _BILL.replace(
        "<TransitPeriod><StartDate>2026-01-09</StartDate></TransitPeriod>", f"{period}{''.join(events)}"
    )


def _event(name: str, day: str, *, done: str = "") -> str:
    done = f"<CompletionIndicator>{done}</CompletionIndicator>" if done else ""
    return f"<{name}TransportEvent>{done}<OccurrenceDate>{day}</OccurrenceDate></{name}TransportEvent>"


@pytest.mark.parametrize(
    ("events", "period", "on_board", "departed"),
    [
        (_event("Loading", "2026-01-11"), "", "2026-01-11", ""),
        (_event("Loading", "2026-01-11", done="true"), "2026-01-12", "2026-01-11", "2026-01-12"),
        (_event("Loading", "2026-01-11", done="false"), "2026-01-12", "2026-01-12", "2026-01-12"),
        (_event("ActualDeparture", "2026-01-13"), "", "2026-01-13", "2026-01-13"),
        (
            "<LoadingTransportEvent><Period><EndDate>2026-01-11</EndDate></Period></LoadingTransportEvent>",
            "",
            "2026-01-11",
            "",
        ),
        (_event("PlannedDeparture", "2026-01-13"), "", "", ""),
    ],
)
def test_events_of_a_leg_say_when_goods_were_on_board(events: str, period: str, on_board: str, departed: str) -> None:
    (bill,) = read(_stage(events, period=period).encode()).documents
    assert isinstance(bill, TransportDocument)
    assert str(bill.on_board_on or "") == on_board
    assert str(bill.stages[0].departed_on or "") == departed


def test_loading_before_the_main_carriage_is_not_on_board() -> None:
    source = _stage(_event("Loading", "2026-01-05")).replace("MainCarriageShipmentStage", "PreCarriageShipmentStage")
    (bill,) = read(source.encode()).documents
    assert isinstance(bill, TransportDocument)
    assert bill.on_board_on is None
