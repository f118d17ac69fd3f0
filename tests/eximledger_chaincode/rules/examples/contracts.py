"""Examples of the rules that hold invoices against contracts."""

from __future__ import annotations

from datetime import date

from tests.eximledger_chaincode.rules.cases import (
    EXPORTED,
    ON_BOARD,
    TODAY,
    bill,
    case,
    contract,
    credit,
    eur,
    goods,
    insurance,
    invoice,
    invoice_of,
    packing_list,
    policy,
    usd,
)
from tests.eximledger_chaincode.rules.examples.expected import REFER, Example, of

from eximledger_chaincode.documents import Identifier, Money
from eximledger_chaincode.rules import Case
from eximledger_chaincode.rules.basis.case import ContractTotal


def _amount() -> list[Example]:
    fires, silent = of("CON-INV-AMOUNT")
    contract_id = contract().id
    second = invoice_of(usd("5000.01"), invoice_number="CI-02")
    credit = invoice_of(usd("5000.01"), invoice_number="CN-02", type_code="381")

    def ever(*amounts: Money) -> Case:
        total = ContractTotal(contract_id=contract_id, invoices=9, amounts=amounts)
        return case(contract_totals=(total,))

    return [
        silent("all of it", case(invoice_of(usd(100_000)))),
        fires("a cent more", case(invoice_of(usd("100000.01")))),
        silent("what policy lets come on top", case(
            invoice_of(usd(105_000)), policy=policy(contract_percent=5))),
        fires("a cent more than policy lets come on top", case(
            invoice_of(usd("105000.01")), policy=policy(contract_percent=5))),
        silent("10 % above where it says about", case(invoice_of(usd(110_000)), contract(about=True))),
        fires("a cent beyond 10 % where it says about", case(invoice_of(usd("110000.01")), contract(about=True))),
        fires("two invoices together", case(invoice(), second)),
        silent("a credit note takes back", case(invoice(), second, credit)),
        silent("all time, all of it", ever(usd(100_000))),
        fires("all time, a cent more", ever(usd("100000.01"))),
        silent("all time, in another currency besides", ever(usd(100_000), eur(900_000))),
    ]  # fmt: skip


def _price() -> list[Example]:
    fires, silent = of("CON-INV-PRICE")
    article = (Identifier(value="RC-500"),)

    def agreed(stated: dict[str, object], invoiced: dict[str, object]) -> Case:
        return case(contract(lines=(goods(**stated),)), invoice(lines=(goods(**invoiced),)))

    return [
        silent("the same price", case()),
        fires("a cent more", agreed({}, {"unit_price": "200.01"})),
        fires("a cent less", agreed({}, {"unit_price": "199.99"})),
        fires("a hundredth of a cent more", agreed({"unit_price": "0.0333"}, {"unit_price": "0.0334"})),
        fires("prices of six decimals", agreed({"unit_price": "0.000011"}, {"unit_price": "0.000012"})),
        silent("per dozen and per piece", agreed(
            {"unit": "DZN", "unit_price": 10}, {"unit": "PCE", "unit_price": "0.8333"})),
        fires("per dozen and per piece, beyond rounding", agreed(
            {"unit": "DZN", "unit_price": 10}, {"unit": "PCE", "unit_price": "0.8334"})),
        silent("per tonne and per kilogram", agreed(
            {"unit": "TNE", "unit_price": 200}, {"unit": "KGM", "unit_price": "0.2"})),
        silent("per hundred", agreed({}, {"unit_price": 20_000, "price_base": 100})),
        silent("per tonne of goods in kilograms", agreed(
            {"unit": "TNE", "unit_price": 200}, {"unit": "KGM", "unit_price": 200, "price_base_unit": "吨"})),
        silent("in units that do not compare", agreed({"unit": "CTN", "unit_price": 5}, {})),
        silent("other goods under the same HS code", agreed({"name": "Transformer"}, {"unit_price": 1})),
        fires("the same article under another name", agreed(
            {"identifiers": article, "name": "Cabinet A"}, {"identifiers": article, "unit_price": 201})),
        silent("one of two agreed prices", case(
            contract(lines=(goods(), goods(number="2", unit_price=190))), invoice(lines=(goods(unit_price=190),)))),
        silent("no price on the invoice", agreed({}, {"unit_price": None})),
        silent("another currency", case(invoice_of(eur(5)))),
    ]  # fmt: skip


def _terms() -> list[Example]:
    fires, silent = of("CON-INV-TERMS")
    return [
        fires("another Incoterm", case(invoice(incoterm="CIF"))),
        fires("a day more to pay", case(invoice(payment_days=91))),
        fires("another currency", case(invoice_of(eur(1)))),
        fires("all three", case(invoice_of(eur(1), incoterm="CIF", payment_days=0)), REFER, REFER, REFER),
        silent("the same terms", case()),
        silent("terms that the invoice does not state", case(invoice(incoterm=None, payment_days=None))),
        silent("terms that the contract does not state", case(contract(incoterm=None, payment_days=None))),
    ]


def _dates() -> list[Example]:
    fires, silent = of("CON-DATES")
    day_after = TODAY.replace(day=TODAY.day + 1)
    return [
        silent("signed, invoiced and presented on one day", case(
            contract(signed_on=TODAY), invoice(issued_on=TODAY))),
        fires("invoiced the day before signing", case(
            contract(signed_on=date(2026, 3, 16)), invoice(issued_on=date(2026, 3, 15)))),
        fires("invoiced the day after the decision", case(invoice(issued_on=day_after))),
        fires("no contract, invoiced the day after", case(invoice(issued_on=day_after), without=("contract",))),
        fires("signed the day after the decision, and the invoice before", case(
            contract(signed_on=day_after)), REFER, REFER),
        fires("on board the day after", case(bill(on_board_on=day_after, issued_on=TODAY))),
        fires("a bill of the day after", case(bill(on_board_on=TODAY, issued_on=day_after))),
        fires("packed the day after", case(packing_list(issued_on=day_after))),
        fires("insured the day after", case(insurance(issued_on=day_after))),
        fires("a credit of the day after", case(credit(issued_on=day_after))),
        silent("all of the day", case(
            contract(signed_on=TODAY), invoice(issued_on=TODAY), bill(on_board_on=TODAY, issued_on=TODAY),
            packing_list(issued_on=TODAY), insurance(issued_on=TODAY), credit(issued_on=TODAY))),
        silent("invoiced and on board on the contract's last day", case(
            contract(valid_until=ON_BOARD), invoice(issued_on=ON_BOARD))),
        fires("on board the day after it expired", case(contract(valid_until=EXPORTED))),
        fires("invoiced and on board after it expired", case(contract(valid_until=date(2026, 3, 14))), REFER, REFER),
        silent("expired since", case(contract(valid_until=date(2026, 4, 1)))),
        silent("in order", case()),
    ]  # fmt: skip


EXAMPLES = [*_amount(), *_price(), *_terms(), *_dates()]
