"""UBL papers of an export beside the invoice, and documents of UBL that are no papers here."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from eximledger.formats import Cause, detect, read
from eximledger_chaincode.documents import DeclarationCopy, Money, PackingList
from hlf_chaincode.errors import InvalidDocument

UBL = "urn:oasis:names:specification:ubl:schema:xsd:"


@pytest.fixture
def packing(data: Path) -> str:
    return (data / "packing-list.xml").read_text()


@pytest.fixture
def declaration(data: Path) -> str:
    return (data / "export-customs-declaration.xml").read_text()


def packed(source: str) -> PackingList:
    (found,) = read(source.encode()).documents
    assert isinstance(found, PackingList)
    return found


def test_a_packing_list(packing: str) -> None:
    assert detect(packing.encode()) == "ubl-packing-list-2.4"
    found = packed(packing)
    assert (found.list_number, found.issued_on) == ("PL-5521", date(2026, 4, 20))
    assert (found.seller.name, found.buyer and found.buyer.name) == ("Qiannan Fan Works Co., Ltd.", "Rhein Handel GmbH")
    assert (found.carrier and found.carrier.name, found.destination_country) == ("Blue Strait Lines", "DE")
    assert (found.gross_weight_kg, found.net_weight_kg, found.packages) == (Decimal(1250), Decimal(1090), 42)
    assert (found.containers, found.invoice_numbers) == (("CSQU3054383",), ("QF-91",))
    (line,) = found.lines
    assert (line.name, line.hs_code, line.quantity, line.unit) == ("Axial fan 315 mm", "84145930", Decimal(500), "C62")
    assert (line.order_number, line.order_line, line.gross_weight_kg) == ("PO-7714", "1", Decimal(1250))


def test_goods_stated_twice_count_once(packing: str) -> None:
    """In the shipment and again in its packages: the shipment's count, the others are reported."""
    own = "<cac:GoodsItem><cbc:ID>7</cbc:ID><cbc:Description>Fans</cbc:Description></cac:GoodsItem>"
    reading = read(packing.replace("<cac:TransportHandlingUnit>", f"{own}<cac:TransportHandlingUnit>").encode())
    (found,) = reading.documents
    assert isinstance(found, PackingList)
    assert [line.name for line in found.lines] == ["Fans"]
    assert any(entry.path.endswith("Package") for entry in reading.unmapped)


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("<cbc:IssueDate>2026-04-20</cbc:IssueDate>", "", "/PackingList/IssueDate is missing"),
        ("cac:ConsignorParty", "cac:OtherParty", "ConsignorParty/PartyName/Name is missing"),
        ("cac:GoodsItem", "cac:OtherItem", "/PackingList/Shipment/GoodsItem is missing"),
    ],
)
def test_what_a_packing_list_needs(packing: str, was: str, now: str, said: str) -> None:
    with pytest.raises(InvalidDocument, match=said):
        read(packing.replace(was, now).encode())


def test_an_export_declaration_is_the_exporters_copy(declaration: str) -> None:
    reading = read(declaration.encode())
    (found,) = reading.documents
    assert isinstance(found, DeclarationCopy)
    assert reading.format == "ubl-export-customs-declaration"
    assert (found.declaration_number, found.declared_on) == ("831920260000012345", date(2026, 4, 22))
    assert (found.consignor.uscc, found.consignee and found.consignee.name) == (
        "91520690MA6DX12344",
        "Rhein Handel GmbH",
    )
    assert found.total == Money.of("20800", "USD")
    (line,) = found.lines
    assert (line.hs_code, line.description, line.quantity, line.unit) == ("8414593000", "轴流风机", Decimal(500), "C62")
    assert [(each.quantity, each.unit) for each in line.legal_quantities] == [(Decimal(1090), "KGM")]
    assert (line.amount, line.origin_country) == (found.total, "CN")


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("831920260000012345", "DK-7", "/ExportCustomsDeclaration/ID is no number of a Chinese export declaration"),
        ("831920260000012345", "831920261000012345", "is no number of a Chinese export declaration"),
        ("EX-12", "831920260000099999", "name two declarations"),
        ("8414593000", "none", "CommodityCode is missing"),
        ("<cbc:ID>SH-88</cbc:ID><cbc:DeclaredCustomsValueAmount currencyID=\"USD\">20800.00</cbc:"
         "DeclaredCustomsValueAmount>", "", "Shipment/DeclaredCustomsValueAmount is missing"),
        ("<cbc:Quantity unitCode", '<cbc:ValueAmount currencyID="USD">20801</cbc:ValueAmount><cbc:Quantity unitCode',
         "what was declared is in doubt"),
        (' unitCode="C62">500', ">500", "Quantity has no unit"),
    ],
)  # fmt: skip
def test_an_export_declaration_that_is_in_doubt_is_refused(declaration: str, was: str, now: str, said: str) -> None:
    with pytest.raises(InvalidDocument, match=said):
        read(declaration.replace(was, now).encode())


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("CertificateOfOrigin", "a certificate of origin, which no rule judges"),
        ("ForwardingInstructions", "proves no carriage; send the bill of lading"),
        ("OrderChange", "a change of an order"),
        ("OrderResponse", "an answer to an order"),
        ("Tender", "no paper that is read here"),
    ],
)
def test_documents_of_ubl_that_are_no_papers_here(name: str, said: str) -> None:
    with pytest.raises(InvalidDocument, match=f"this is a UBL {name}: .*{said}"):
        read(f'<{name} xmlns="{UBL}{name}-2"><ID>1</ID></{name}>'.encode())


def test_one_of_them_in_an_envelope_does_not_cost_the_others(packing: str) -> None:
    other = f'<OrderChange xmlns="{UBL}OrderChange-2"><ID>1</ID></OrderChange>'
    bare = packing.partition("?>")[2]
    reading = read(f"<Batch><Entry>{other}</Entry><Entry>{bare}</Entry></Batch>".encode())
    assert reading.documents == (packed(packing),)
    assert (reading.unmapped[0].path, reading.unmapped[0].cause) == ("/Batch/Entry[1]/OrderChange", Cause.UNUSABLE)
    assert "a change of an order" in reading.unmapped[0].reason
