"""FatturaPA: one invoice for each body, amounts as stated."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from eximledger.formats import Cause, detect, read
from eximledger_chaincode.documents import CommercialInvoice, Money
from hlf_chaincode.errors import InvalidDocument


@pytest.fixture
def paper(data: Path) -> str:
    return (data / "fatturapa.xml").read_text()


def invoices(source: str) -> tuple[CommercialInvoice, ...]:
    found = read(source.encode()).documents
    assert all(isinstance(each, CommercialInvoice) for each in found)
    return tuple(each for each in found if isinstance(each, CommercialInvoice))


def test_an_invoice_and_a_credit_note_of_one_file(paper: str) -> None:
    assert detect(paper.encode()) == "fatturapa"
    first, second = invoices(paper)
    assert (first.invoice_number, first.type_code, first.issued_on) == ("2026/44", "380", date(2026, 5, 11))
    assert (first.seller.uscc, first.seller.country) == ("91520690MA6DX12344", "CN")
    assert [(each.scheme, each.value) for each in first.buyer.identifiers] == [("VAT", "IT01357924680")]
    assert (first.contract_number, first.payment_days, first.due_on) == ("C-19", 60, date(2026, 7, 10))
    assert first.totals.with_tax == first.totals.payable == Money.of("3172", "EUR")
    assert (first.totals.without_tax, first.totals.tax) == (Money.of("2600", "EUR"), Money.of("572", "EUR"))
    (line,) = first.lines
    assert (line.hs_code, line.quantity, line.unit_price, line.amount) == (
        "8414592000",
        Decimal(40),
        Decimal(65),
        Money.of("2600", "EUR"),
    )
    assert (second.type_code, second.takes_back, second.references[0].number) == ("381", True, "2026/44")
    assert second.seller == first.seller


def test_the_price_before_a_discount_is_no_net_price(paper: str) -> None:
    _, note = invoices(paper)
    (line,) = note.lines
    assert (line.unit_price, line.price_discount) == (None, None)
    assert str(line.gross_unit_price) == "72.22"


def test_a_payment_less_what_the_buyer_withholds_is_reported(paper: str) -> None:
    reading = read(paper.replace("ImportoPagamento>3172.00", "ImportoPagamento>2600.00").encode())
    first = reading.documents[0]
    assert isinstance(first, CommercialInvoice)
    assert first.totals.payable == Money.of("3172", "EUR")
    assert any(entry.path.endswith("ImportoPagamento") for entry in reading.unmapped)


def test_without_a_total_its_one_payment_is_the_claim_and_nothing_is_added_up(paper: str) -> None:
    bare = paper.replace("<ImportoTotaleDocumento>3172.00</ImportoTotaleDocumento>", "")
    assert invoices(bare)[0].totals.payable == Money.of("3172", "EUR")
    assert invoices(bare)[0].totals.with_tax is None
    part = "<DettaglioPagamento><ModalitaPagamento>MP05</ModalitaPagamento><ImportoPagamento>1.00</ImportoPagamento>"
    twice = bare.replace("</CondizioniPagamento>", f"</CondizioniPagamento>{part}</DettaglioPagamento>")
    reading = read(twice.encode())
    assert [each.number for each in reading.documents] == ["2026/45"]
    (left,) = [entry for entry in reading.unmapped if entry.cause is Cause.UNUSABLE]
    assert left.path.endswith("FatturaElettronicaBody[1]")
    assert "ImportoTotaleDocumento is missing" in left.reason


def test_a_line_of_more_decimals_than_money_has_is_reported(paper: str) -> None:
    reading = read(paper.replace("PrezzoTotale>2600.00000000", "PrezzoTotale>2600.00500000").encode())
    first = reading.documents[0]
    assert isinstance(first, CommercialInvoice)
    assert first.lines[0].amount is None
    assert any(entry.path.endswith("PrezzoTotale") and entry.cause is Cause.UNUSABLE for entry in reading.unmapped)


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ('versione="FPR12"', 'versione="1.1"', "is of version 1.1; FatturaPA 1.2"),
        ("CedentePrestatore>", "Cedente>", "CedentePrestatore/DatiAnagrafici is missing"),
        ("FatturaElettronicaBody>", "Body>", "FatturaElettronicaBody is missing"),
        ("<Divisa>EUR", "<Divisa>EUX", "Divisa is not an ISO 4217 currency code"),
    ],
)
def test_what_is_refused(paper: str, was: str, now: str, said: str) -> None:
    with pytest.raises(InvalidDocument, match=said):
        read(paper.replace(was, now).encode())


def test_a_simplified_invoice_and_a_signed_file_are_told_by_name() -> None:
    simplified = (
        '<p:FatturaElettronicaSemplificata versione="FSM10" xmlns:p="http://ivaservizi.agenziaentrate.gov.it/docs/xsd/'
        'fatture/v1.0"/>'
    )
    with pytest.raises(InvalidDocument, match="a simplified FatturaPA"):
        read(simplified.encode())
    signed = b"\x30\x82\x21\x07\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x82" + bytes(400)
    with pytest.raises(InvalidDocument, match=r"a signed file \(\.p7m\)"):
        read(signed)


@pytest.mark.parametrize(
    ("kind", "code", "back"), [("TD08", "381", True), ("TD09", "383", False), ("TD07", "380", False)]
)
def test_simplified_kinds_are_what_they_are(paper: str, kind: str, code: str, back: bool) -> None:
    _, second = invoices(paper.replace("TD04", kind))
    assert (second.type_code, second.takes_back) == (code, back)
