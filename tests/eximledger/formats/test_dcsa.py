"""DCSA bills of lading: value by value, told apart from our own JSON, and only where they were issued."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eximledger.formats import Cause, detect, read
from eximledger.formats.dcsa.tree import Branch
from eximledger_chaincode.documents import FreightPayment, Money, TransportDocument, TransportType
from hlf_chaincode.canonical import canonical_json
from hlf_chaincode.errors import InvalidDocument

Bill = dict[str, object]


@pytest.fixture
def bill(data: Path) -> Bill:
    found = json.loads((data / "dcsa-bill-of-lading.json").read_text())
    assert isinstance(found, dict)
    return found


def written(value: object) -> bytes:
    return json.dumps(value).encode()


def transport(value: object) -> TransportDocument:
    (found,) = read(written(value)).documents
    assert isinstance(found, TransportDocument)
    return found


def test_a_bill_of_lading(bill: Bill) -> None:
    assert detect(written(bill)) == "dcsa-transport-document"
    found = transport(bill)
    assert (found.bill_number, found.type) == ("BSLX400211", TransportType.BILL_OF_LADING)
    assert (found.issued_on, found.on_board_on) == (date(2026, 5, 2), date(2026, 5, 1))
    assert (found.shipper.name, found.shipper.uscc) == ("Qiannan Fan Works Co., Ltd.", "91520690MA6DX12344")
    assert (found.to_order, found.consignee and found.consignee.name) == (True, "Rheinbank AG")
    assert [party.name for party in found.notify] == ["Rhein Handel GmbH"]
    assert found.carrier is not None
    assert [(each.scheme, each.value) for each in found.carrier.identifiers] == [("carrier", "BSLX")]
    assert found.loading is not None
    assert found.discharge is not None
    assert (found.loading.code, found.discharge.code, found.discharge.name) == ("CNZHA", "NLRTM", "Rotterdam")
    assert (found.vessel, found.voyage) == ("Blue Meridian", "0412W")
    assert found.freight_payment is FreightPayment.PREPAID
    assert found.freight_charges[0].amount == Money.of("950", "USD")
    assert found.declared_carriage_value == Money.of("20800.5", "USD")
    assert found.clauses == ("Two cartons wet",)
    assert (found.contract_number, [each.number for each in found.references]) == (
        "PO-7714",
        ["BK-90017", "RH-55", "PO-7714"],
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_a_bill_in_any_encoding_of_text(data: Path, encoding: str) -> None:
    source = (data / "dcsa-bill-of-lading.json").read_text(encoding="utf-8")
    assert read(source.encode(encoding)).documents == read(source.encode()).documents


def test_goods_and_containers(bill: Bill) -> None:
    found = transport(bill)
    (goods,) = found.goods
    assert (goods.description, goods.hs_code, goods.marks) == ("500 axial fans\n315 mm", "841459", "QF / RH\n1-42")
    assert (goods.packages, goods.package_kind, goods.gross_weight_kg) == (42, "Fibreboard boxes", Decimal(1250))
    assert (found.packages, found.gross_weight_kg, found.volume_m3) == (42, Decimal(1250), None)
    (container,) = found.containers
    assert (container.number, container.seal, container.size_type) == ("CSQU3054383", "BS118822", "22G1")


def test_a_departure_that_is_planned_did_not_happen(bill: Bill) -> None:
    (stage,) = transport(bill).stages
    assert (stage.departed_on, stage.arrived_on) == (None, None)
    paths = [entry.path for entry in read(written(bill)).unmapped]
    assert "$.transports.plannedDepartureDate" in paths


def test_our_own_json_is_told_apart(bill: Bill) -> None:
    own = canonical_json(transport(bill))
    assert detect(own) == "json"
    assert read(own).documents == (transport(bill),)


@pytest.mark.parametrize(
    "status", ["DRAFT", "APPROVED", "VOID", "SURRENDERED_FOR_AMENDMENT", "SURRENDERED_FOR_DELIVERY"]
)
def test_a_bill_that_does_not_stand_is_refused(bill: Bill, status: str) -> None:
    with pytest.raises(InvalidDocument, match=f"is {status}: only a bill that was issued, and stands") as refused:
        read(written(bill | {"transportDocumentStatus": status}))
    assert refused.value.field == "$.transportDocumentStatus"


def without(name: str) -> Callable[[Bill], Bill]:
    return lambda bill: {key: value for key, value in bill.items() if key != name}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (without("issueDate"), r"\$\.issueDate is missing"),
        (without("documentParties"), "version 3 of DCSA's bill of lading is read"),
        (lambda bill: bill | {"documentParties": {}}, r"\$\.documentParties\.shipper is missing"),
        (lambda bill: bill | {"transportDocumentTypeCode": "HBL"}, "is neither BOL nor SWB"),
        (lambda bill: bill | {"issueDate": 7}, r"\$\.issueDate is not a date"),
        (lambda bill: bill | {"issueDate": ["2026-05-02"]}, r"\$\.issueDate is not a text"),
        (lambda bill: bill | {"transports": []}, r"\$\.transports is not an object"),
        (lambda bill: bill | {"consignmentItems": [3]}, r"\$\.consignmentItems is not a list of objects"),
        (lambda bill: bill | {"declaredValueCurrency": "USX"}, "declaredValueCurrency is not an ISO 4217"),
    ],
)
def test_what_is_refused_is_named(bill: Bill, change: Callable[[Bill], Bill], said: str) -> None:
    with pytest.raises(InvalidDocument, match=said):
        read(written(change(bill)))


def test_the_message_of_its_issuance_and_a_list_of_them(bill: Bill) -> None:
    issuance = {"document": bill, "issueTo": {"partyName": "Rheinbank AG"}}
    reading = read(written(issuance))
    assert reading.documents == (transport(bill),)
    assert "$.issueTo" in [entry.path for entry in reading.unmapped]
    draft = bill | {"transportDocumentStatus": "DRAFT"}
    several = read(written([bill, draft]))
    assert several.documents == (transport(bill),)
    assert [entry.path for entry in several.unmapped if entry.cause is Cause.UNUSABLE] == ["$[1]"]


def test_a_container_of_another_number_is_reported(bill: Bill) -> None:
    equipment = {"equipment": {"equipmentReference": "BOX 1"}, "seals": [{"number": "1"}]}
    reading = read(written(bill | {"utilizedTransportEquipments": [equipment]}))
    (found,) = reading.documents
    assert isinstance(found, TransportDocument)
    assert found.containers == ()
    unusable = [entry.path for entry in reading.unmapped if entry.cause is Cause.UNUSABLE]
    assert "$.utilizedTransportEquipments[0].equipment.equipmentReference" in unusable


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(min_size=1), inner, max_size=3),
)


@given(st.dictionaries(st.sampled_from("abcdef"), PLAIN), st.sampled_from("abcdef"))
def test_every_value_is_read_or_left(values: dict[str, object], asked: str) -> None:
    branch = Branch(values)
    everything = sum(entry.values for entry in branch.leftovers())
    own = sum(entry.values for entry in Branch({asked: values.get(asked)}).leftovers())
    try:
        branch.text(asked)
    except InvalidDocument as error:
        assert error.field == f"$.{asked}"  # noqa: PT017
    assert sum(entry.values for entry in branch.leftovers()) == everything - own


def test_a_bill_that_was_received_for_shipment_says_no_day_on_board(bill: Bill) -> None:
    """Its date stood as the day on board, and the bill passed for one that has it."""
    received = read(written(bill | {"isShippedOnBoardType": False}))
    (found,) = received.documents
    assert isinstance(found, TransportDocument)
    assert found.on_board_on is None
    assert [each.path for each in received.unmapped if each.cause is Cause.UNUSABLE] == ["$.shippedOnBoardDate"]
    assert transport(bill | {"isShippedOnBoardType": True}).on_board_on == date(2026, 5, 1)
    assert transport({name: value for name, value in bill.items() if name != "isShippedOnBoardType"}).on_board_on


def test_cargo_in_a_container_that_the_bill_has_not_is_reported(bill: Bill) -> None:
    text = json.dumps(bill).replace("CSQU3054383", "TCLU1234568", 1)
    reported = [each.reason for each in read(text.encode()).unmapped if each.cause is Cause.UNUSABLE]
    assert reported == ["names a container that the bill has not"]
