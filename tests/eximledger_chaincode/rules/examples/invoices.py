"""Examples of the rules that hold invoices against declarations."""

from __future__ import annotations

from tests.eximledger_chaincode.rules.cases import (
    NUMBER,
    OTHER_NUMBER,
    bill,
    case,
    cny,
    declaration,
    declared,
    eur,
    goods,
    invoice,
    invoice_of,
    policy,
    usd,
)
from tests.eximledger_chaincode.rules.examples.expected import REFER, REJECT, Example, of

from eximledger_chaincode.documents import AllowanceCharge, CommercialInvoice, InvoiceTotals, LegalQuantity
from eximledger_chaincode.rules import Case


def _amount() -> list[Example]:
    fires, silent = of("INV-DECL-AMOUNT")
    cif = declaration(transaction_mode="1", total=usd(105_000), freight=usd(4_000), insurance=usd(1_000))
    credit = invoice_of(usd(2_000), invoice_number="CN-1", type_code="381")
    small = declaration(total=usd(1_000), lines=(declared(quantity=5, amount=usd(1_000)),))
    second = declaration(declaration_number=OTHER_NUMBER, total=usd(50_000))

    def delivered(term: str, freight: str, duty: str, goods_for: int = 100_000) -> CommercialInvoice:
        """An invoice that charges 6,000 and 4,000 beside its goods."""
        charges = (AllowanceCharge(charge=True, amount=usd(6_000), reason=freight),)
        lines = (
            goods(quantity=None, unit_price=None, amount=usd(goods_for)),
            goods(number="2", name=duty, hs_code=None, quantity=None, unit=None, unit_price=None, amount=usd(4_000)),
        )
        total = InvoiceTotals(payable=usd(goods_for + 10_000))
        return invoice(incoterm=term, lines=lines, allowances_charges=charges, totals=total)

    def of_usd(amount: str) -> Case:
        return case(invoice_of(usd(amount)))

    return [
        silent("equal", case()),
        silent("0.5 % apart", of_usd("100500.00")),
        fires("a cent beyond 0.5 %", of_usd("100500.01")),
        fires("a cent beyond 0.5 % below", of_usd("99499.99")),
        fires("5 % apart", of_usd("105000.00")),
        fires("a cent beyond 5 %", of_usd("105000.01"), REJECT),
        silent("100 units apart", case(small, invoice_of(usd(1_100)))),
        fires("a cent beyond 100 units, which is more than 5 %", case(small, invoice_of(usd("1100.01"))), REJECT),
        silent("both on CIF", case(cif, invoice_of(usd(105_000), incoterm="CIF"))),
        silent("declared on CIF, invoiced on FOB", case(cif, invoice_of(usd(100_000), incoterm="FOB"))),
        silent("declared on CIF, invoiced on CFR", case(cif, invoice_of(usd(104_000), incoterm="CFR"))),
        silent("no term on the invoice: the declaration's", case(cif, invoice_of(usd(105_000), incoterm=None))),
        fires("a credit note counts against", case(invoice(), credit)),
        silent("a credit note makes it equal", case(invoice_of(usd(102_000)), credit)),
        silent("in another currency", case(invoice_of(eur(1)))),
        silent("two declarations, one invoice", case(
            declaration(), second, invoice_of(usd(150_000), declaration_numbers=(NUMBER, OTHER_NUMBER)))),
        fires("two declarations, one invoice for one of them", case(
            declaration(), second, invoice_of(usd(100_000), declaration_numbers=(NUMBER, OTHER_NUMBER))), REJECT),
        fires("an invoice of which another declaration is not here", case(
            invoice_of(usd(200_000), declaration_numbers=(NUMBER, OTHER_NUMBER)))),
        fires("an invoice that names its contract alone, of which there may be others", case(
            invoice_of(usd(200_000), declaration_numbers=()))),
        fires("an invoice that names its bill alone", case(
            invoice_of(usd(200_000), declaration_numbers=(), bill_numbers=("COSU 6301",))), REJECT),
        fires("a bill that names the invoice", case(
            invoice_of(usd(200_000), declaration_numbers=()), bill(invoice_numbers=("CI-01",))), REJECT),
        silent("freight declared as a rate", case(
            declaration(transaction_mode="2", total=usd(105_000), freight_percent=5),
            invoice_of(usd(105_000), incoterm="CFR"))),
        silent("freight as a rate, invoiced on FOB", case(
            declaration(transaction_mode="2", total=usd(105_000), freight_percent=5),
            invoice_of(usd(99_750), incoterm="FOB"))),
        silent("insurance as a rate", case(
            declaration(transaction_mode="4", total=usd(100_000), insurance_percent="0.3"),
            invoice_of(usd(99_700), incoterm="FOB"))),
        fires("freight as a rate that does not explain it", case(
            declaration(transaction_mode="2", total=usd(105_000), freight_percent=5),
            invoice_of(usd(105_000), incoterm="FOB")), REJECT),
        fires("DDP against FOB, with nothing stated", case(invoice_of(usd(140_000), incoterm="DDP"))),
        silent("DDP against FOB, with freight and duty stated", case(delivered("DDP", "Sea freight", "Import duties"))),
        fires("DDP against FOB, with the freight alone", case(delivered("DDP", "Sea freight", "Handling"))),
        fires("DDP against FOB, too much beside freight and duty", case(
            delivered("DDP", "海运费", "关税", goods_for=110_000)), REJECT),
        silent("DAP against FOB, with freight stated", case(delivered("DAP", "Freight", "Insurance"))),
        fires("DAP against FOB, too much beside freight", case(
            delivered("DAP", "Freight", "Insurance", goods_for=110_000)), REJECT),
        fires("FOB, where freight is charged beside", case(delivered("FOB", "Freight", "Insurance")), REJECT),
        silent("freight of DAP as declared", case(
            declaration(transaction_mode="2", total=usd(110_000), freight=usd(10_000)),
            invoice_of(usd(110_000), incoterm="DAP"))),
        silent("processing with supplied materials: the fee is less than was declared", case(
            declaration(supervision_mode="0214"), invoice_of(usd(20_000)))),
        fires("processing with supplied materials: more than was declared", case(
            declaration(supervision_mode="0214"), invoice_of(usd(120_000)))),
        fires("a policy without tolerance", case(
            invoice_of(usd("100000.01")), policy=policy(amount_tolerance_percent=0, amount_tolerance_units=0))),
    ]  # fmt: skip


def _currency() -> list[Example]:
    fires, silent = of("INV-DECL-CCY")
    return [
        fires("euro on the invoice", case(invoice_of(eur(90_000)))),
        fires("euro and yuan on two invoices", case(
            invoice_of(eur(1)), invoice_of(cny(1), invoice_number="CI-02")), REFER, REFER),
        silent("dollars on both", case()),
        silent("an invoice of another export", case(
            invoice_of(eur(1), declaration_numbers=(OTHER_NUMBER,), contract_number=None))),
    ]  # fmt: skip


def _quantity() -> list[Example]:
    fires, silent = of("INV-DECL-QTY")

    coal = declared(hs_code="2701110000", quantity=1000, unit="吨")
    switches = (declared(), declared(number=2, hs_code="8536500000", quantity=40))
    return [
        silent("equal, in other words", case(invoice(lines=(goods(unit="SETS"),)))),
        fires("one piece more", case(invoice(lines=(goods(quantity=501),)))),
        fires("one piece less", case(invoice(lines=(goods(quantity=499),)))),
        silent("5 % more metres", case(
            declaration(lines=(declared(quantity=1000, unit="米"),)),
            invoice(lines=(goods(quantity=1050, unit="M"),)))),
        fires("5.1 % more square metres", case(
            declaration(lines=(declared(quantity=1000, unit="平方米"),)),
            invoice(lines=(goods(quantity=1051, unit="MTK"),)))),
        silent("5 % more cubic metres", case(
            declaration(lines=(declared(quantity=1000, unit="立方米"),)),
            invoice(lines=(goods(quantity=1050, unit="MTQ"),)))),
        fires("one carton more", case(
            declaration(lines=(declared(quantity=1000, unit="箱"),)),
            invoice(lines=(goods(quantity=1001, unit="CTN"),)))),
        fires("one kilowatt-hour more", case(
            declaration(lines=(declared(quantity=1000, unit="KWH"),)),
            invoice(lines=(goods(quantity=1001, unit="KWH"),)))),
        silent("bulk 5 % apart", case(
            declaration(lines=(coal,)), invoice(lines=(goods(hs_code="270111", quantity=1_050_000, unit="KGM"),)))),
        fires("bulk a kilogram beyond 5 %", case(
            declaration(lines=(coal,)), invoice(lines=(goods(hs_code="270111", quantity=1_050_001, unit="KGM"),)))),
        silent("in the legal unit", case(
            declaration(lines=(declared(legal_quantities=(LegalQuantity(quantity=4500, unit="千克"),)),)),
            invoice(lines=(goods(quantity=4500, unit="kg"),)))),
        silent("in a unit that was not declared", case(invoice(lines=(goods(quantity=20, unit="CTN"),)))),
        fires("declared goods that the invoice leaves out", case(declaration(lines=switches))),
        silent("the same pieces under another heading", case(
            declaration(lines=switches),
            invoice(lines=(goods(), goods(number="2", hs_code="853710", quantity=40))))),
        fires("fewer pieces under another heading", case(
            declaration(lines=switches),
            invoice(lines=(goods(), goods(number="2", hs_code="853710", quantity=39))))),
        silent("a heading divided otherwise", case(
            invoice(lines=(goods(quantity=300), goods(number="2", hs_code="850490", quantity=200))))),
        silent("no HS codes, one unit", case(invoice(lines=(goods(hs_code=None, quantity=500),)))),
        fires("no HS codes, one piece less", case(invoice(lines=(goods(hs_code=None, quantity=499),)))),
        silent("freight has no quantity of goods", case(
            invoice(lines=(goods(), goods(number="2", hs_code=None, quantity=None, unit=None))))),
    ]  # fmt: skip


def _goods() -> list[Example]:
    fires, silent = of("INV-DECL-GOODS")
    return [
        fires("another heading", case(invoice(lines=(goods(hs_code="853710"),)))),
        silent("another subheading", case(invoice(lines=(goods(hs_code="850490"),)))),
        silent("no HS code", case(invoice(lines=(goods(hs_code=None),)))),
    ]


EXAMPLES = [*_amount(), *_currency(), *_quantity(), *_goods()]
