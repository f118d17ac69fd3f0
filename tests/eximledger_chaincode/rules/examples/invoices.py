"""Examples of the rules that hold invoices against declarations."""

from __future__ import annotations

from tests.eximledger_chaincode.rules.cases import (
    NUMBER,
    OTHER_NUMBER,
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

from eximledger_chaincode.documents import LegalQuantity
from eximledger_chaincode.rules import Case


def _amount() -> list[Example]:
    fires, silent = of("INV-DECL-AMOUNT")
    cif = declaration(transaction_mode="1", total=usd(105_000), freight=usd(4_000), insurance=usd(1_000))
    credit = invoice_of(usd(2_000), invoice_number="CN-1", type_code="381")
    small = declaration(total=usd(1_000), lines=(declared(quantity=5, amount=usd(1_000)),))
    second = declaration(declaration_number=OTHER_NUMBER, total=usd(50_000))

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
