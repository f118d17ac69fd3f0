"""Order-X and ZUGFeRD 1: the same Cross Industry messages under other names."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.eximledger.formats.test_containers import pdf_with

from eximledger.formats import Cause, detect, read
from eximledger_chaincode.documents import CommercialInvoice, Money, SalesContract
from hlf_chaincode.errors import InvalidDocument


@pytest.fixture
def order(data: Path) -> str:
    return (data / "order-x.xml").read_text()


@pytest.fixture
def zugferd(data: Path) -> str:
    return (data / "zugferd-1.xml").read_text()


def contract(source: str) -> SalesContract:
    (found,) = read(source.encode()).documents
    assert isinstance(found, SalesContract)
    return found


def test_an_order_is_a_contract(order: str) -> None:
    assert detect(order.encode()) == "cii-order"
    found = contract(order)
    assert (found.contract_number, found.signed_on) == ("PO-7714", date(2026, 3, 2))
    assert (found.seller.name, found.buyer.country) == ("Qiannan Fan Works Co., Ltd.", "DE")
    assert (found.incoterm, found.incoterm_place, found.payment_days) == ("CIF", "Rotterdam", 45)
    assert (found.latest_shipment_on, found.valid_until) == (date(2026, 7, 15), date(2026, 9, 30))
    assert found.transshipment is False
    assert (found.lines_total, found.total) == (Money.of("20800", "USD"), Money.of("21750", "USD"))
    (line,) = found.lines
    assert (line.quantity, line.unit, line.unit_price, line.hs_code) == (
        Decimal(500),
        "C62",
        Decimal("41.60"),
        "84145930",
    )
    (charge,) = found.allowances_charges
    assert (charge.charge, charge.amount) == (True, Money.of("950", "USD"))


def test_an_order_attached_to_a_pdf(order: str) -> None:
    reading = read(pdf_with(("order-x.xml", order.encode())))
    assert reading.format == "pdf"
    assert reading.documents == (contract(order),)


@pytest.mark.parametrize(("code", "said"), [("230", "a change of an order"), ("231", "an answer to an order")])
def test_what_is_no_order_is_refused(order: str, code: str, said: str) -> None:
    with pytest.raises(InvalidDocument, match=said) as refused:
        read(order.replace(">220<", f">{code}<").encode())
    assert refused.value.field == "/SCRDMCCBDACIOMessageStructure/ExchangedDocument/TypeCode"


def test_an_order_without_a_grand_total_comes_to_what_it_states_without_tax(order: str) -> None:
    bare = order.replace("<ram:GrandTotalAmount>21750.00</ram:GrandTotalAmount>", "")
    assert contract(bare).total == Money.of("21750", "USD")
    nothing = bare.replace("<ram:TaxBasisTotalAmount>21750.00</ram:TaxBasisTotalAmount>", "")
    with pytest.raises(InvalidDocument, match="GrandTotalAmount is missing"):
        read(nothing.encode())  # the lines are not all that it comes to: there is freight, too


def test_an_order_whose_total_has_tax_that_it_does_not_state_whole_is_refused(order: str) -> None:
    taxed = order.replace(
        "<ram:GrandTotalAmount>21750.00</ram:GrandTotalAmount>", "<ram:TaxTotalAmount>1</ram:TaxTotalAmount>"
    )
    with pytest.raises(InvalidDocument, match="GrandTotalAmount is missing"):
        read(taxed.encode())


def test_a_sum_of_charges_that_contradicts_them_is_reported(order: str) -> None:
    source = order.replace("ChargeTotalAmount>950.00", "ChargeTotalAmount>940.00")
    left = [entry.path.rpartition("/")[2] for entry in read(source.encode()).unmapped]
    assert "ChargeTotalAmount" in left


def test_zugferd_1_is_read_under_its_own_names(zugferd: str) -> None:
    reading = read(zugferd.encode())
    (found,) = reading.documents
    assert isinstance(found, CommercialInvoice)
    assert (reading.format, found.invoice_number, found.order_number) == ("zugferd-1", "RE-5521", "PO-7714")
    assert found.totals.payable == found.totals.with_tax == Money.of("1340", "EUR")
    (line,) = found.lines
    assert (line.quantity, line.unit_price, line.amount) == (Decimal(20), Decimal("67.0000"), Money.of("1340", "EUR"))
    (tax,) = found.taxes
    assert (tax.percent, tax.category) == (Decimal(0), "G")
    assert found.references[0].dated == date(2026, 3, 2)
    assert [(entry.path.rpartition("/")[2], entry.cause) for entry in reading.unmapped] == [
        ("Name", Cause.NOT_MODELLED),
        ("IncludedSupplyChainTradeLineItem[1]", Cause.SKIPPED),
    ]
    assert all("ApplicableHeader" not in entry.path for entry in reading.unmapped)


def test_an_error_in_zugferd_1_names_its_own_element(zugferd: str) -> None:
    with pytest.raises(InvalidDocument) as refused:
        read(zugferd.replace(">EUR</ram:Inv", ">EUX</ram:Inv").encode())
    assert refused.value.field == (
        "/CrossIndustryDocument/SpecifiedSupplyChainTradeTransaction/ApplicableSupplyChainTradeSettlement"
        "/InvoiceCurrencyCode"
    )
    missing = zugferd.replace("<ram:ID>RE-5521</ram:ID>", "")
    with pytest.raises(InvalidDocument, match="/CrossIndustryDocument/HeaderExchangedDocument/ID is missing"):
        read(missing.encode())


def test_a_line_of_zugferd_1_without_a_number_goes_by_its_place(zugferd: str) -> None:
    bare = zugferd.replace("<ram:LineID>1</ram:LineID>", "")
    reading = read(bare.encode())
    (found,) = reading.documents
    assert isinstance(found, CommercialInvoice)
    assert [line.number for line in found.lines] == ["2"]
    assert [entry.path for entry in reading.unmapped] == [entry.path for entry in read(zugferd.encode()).unmapped]
