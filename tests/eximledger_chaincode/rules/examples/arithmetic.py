"""Examples of the rules on papers that must add up."""

from __future__ import annotations

from decimal import Decimal

from tests.eximledger_chaincode.rules.cases import case, declaration, declared, goods, invoice, usd
from tests.eximledger_chaincode.rules.examples.expected import INFORM, REFER, REJECT, Example, of

from eximledger_chaincode.documents import AllowanceCharge, CommercialInvoice, InvoiceTotals, Money
from eximledger_chaincode.rules import Case


def _one_line(amount: str, **line: object) -> CommercialInvoice:
    """An invoice over one line, whose total agrees with the line whatever the line says."""
    return invoice(lines=(goods(amount=usd(amount), **line),), totals=InvoiceTotals(payable=usd(amount)))


def _forints(amount: str, price: str) -> CommercialInvoice:
    stated = Money.of(amount, "HUF")
    lines = (goods(quantity=3, unit_price=price, amount=stated),)
    return invoice(currency="HUF", lines=lines, totals=InvoiceTotals(payable=stated))


def _totals(**stated: Money) -> CommercialInvoice:
    """An invoice over two lines of 60 and 40 with 10 taken off and 5 put on."""
    return invoice(
        lines=(
            goods(number="1", quantity=3, unit_price=20, amount=usd(60)),
            goods(number="2", quantity=2, unit_price=20, amount=usd(40)),
        ),
        allowances_charges=(
            AllowanceCharge(charge=False, amount=usd(10)),
            AllowanceCharge(charge=True, amount=usd(5)),
        ),
        totals=InvoiceTotals(**{"payable": usd(95), **stated}),
    )


def _invoices() -> list[Example]:
    fires, silent = of("INV-MATH")
    tonnes = {"quantity": 5000, "unit": "KGM", "unit_price": 400, "price_base_unit": "TNE"}
    huge, huger = "9" * 17 + ".99", "9" * 16 + "8.99"
    lines = tuple(goods(number=str(n), quantity=None, unit_price=None, amount=usd(huge)) for n in range(11))
    eleven = sum((Decimal(huge) for _ in lines), Decimal(0))
    return [
        fires("a line three cents off", case(_one_line("600.03", quantity=3)), INFORM),
        silent("a line two cents off", case(_one_line("600.02", quantity=3))),
        fires("a line off by more than its price may be rounded", case(_one_line("600.04", quantity=3)), REFER),
        fires("a cent as price of many", case(_one_line("12.44", quantity=1024, unit_price="0.01")), INFORM),
        fires("half a cent more than that", case(_one_line("15.39", quantity=1024, unit_price="0.01")), REFER),
        fires("a price of nothing", case(_one_line("12.44", quantity=3, unit_price=0)), INFORM),
        silent("another price of nothing", case(_one_line("0", quantity=3, unit_price=0))),
        fires("whole forints", case(_forints("23440", "7813.252")), INFORM),
        fires("no whole forints", case(_forints("23441", "7813.252")), REFER),
        fires("goods taken back without a sign", case(_one_line("-600", quantity=3)), REFER),
        silent("freight that is collected for the carrier", case(_totals(
            with_tax=usd(95), for_third_parties=usd(20), payable=usd(115),
        ))),
        fires("freight for the carrier that is not payable", case(_totals(
            with_tax=usd(95), for_third_parties=usd(20), payable=usd(95),
        )), REJECT),
        silent("a third of a price, rounded", case(_one_line("333.33", quantity=1, unit_price=1000, price_base=3))),
        fires("a price per hundred, taken per piece", case(_one_line("1000.00", quantity=5, price_base=100)), REFER),
        silent("a price per hundred", case(_one_line("10.00", quantity=5, price_base=100))),
        silent("a price per tonne of goods in kilograms", case(_one_line("2000.00", **tonnes))),
        fires("a price per tonne, taken per kilogram", case(_one_line("2000000.00", **tonnes)), REFER),
        silent("a price per square metre of pieces", case(_one_line("7.00", price_base_unit="MTK"))),
        silent(
            "a line with its own discount",
            case(_one_line("590", quantity=3, allowances_charges=(AllowanceCharge(charge=False, amount=usd(10)),))),
        ),
        silent("all totals", case(_totals(
            lines=usd(100), allowances=usd(10), charges=usd(5), without_tax=usd(95), tax=usd(5), with_tax=usd(100),
            prepaid=usd(30), rounding=usd("0.01"), payable=usd("70.01"),
        ))),
        fires("lines that sum to another total", case(_totals(lines=usd("100.02"), payable=usd("95.02"))), REJECT),
        fires("another sum of allowances", case(_totals(allowances=usd("10.02"))), REJECT),
        fires("another sum of charges", case(_totals(charges=usd("4.98"))), REJECT),
        fires("another total without tax", case(_totals(without_tax=usd(96), payable=usd(96))), REJECT),
        fires("tax that the total leaves out", case(_totals(tax=usd(5), with_tax=usd(95))), REJECT),
        fires("two cents too much to pay", case(_totals(payable=usd("95.02"))), REJECT),
        fires("a rounding of a cent", case(_totals(payable=usd("95.01"))), INFORM),
        fires("a yen too much", case(invoice(
            currency="JPY", lines=(goods(quantity=None, unit_price=None, amount=Money.of(100, "JPY")),),
            totals=InvoiceTotals(payable=Money.of(101, "JPY")))), INFORM),
        silent("lines without amounts", case(invoice(lines=(goods(amount=None),)))),
        silent("nineteen digits", case(invoice(lines=lines, totals=InvoiceTotals(payable=usd(str(eleven)))))),
        fires(
            "nineteen digits, one of them wrong",
            case(invoice(lines=(*lines[:-1], goods(number="x", quantity=None, amount=usd(huger))),
                         totals=InvoiceTotals(payable=usd(str(eleven))))),
            REJECT,
        ),
    ]  # fmt: skip


def _declarations() -> list[Example]:
    fires, silent = of("DECL-MATH")

    def one(amount: str, total: str | None = None, **line: object) -> Case:
        return case(declaration(lines=(declared(amount=usd(amount), **line),), total=usd(total or amount)))

    def weighing(net: str) -> Case:
        return case(declaration(net_weight_kg=net, gross_weight_kg=5000))

    # 1000 pieces at a price declared to four decimals may be off by 1000 x 0.00005 and a cent: 0.06.
    return [
        fires("lines that sum to two cents less", one("100000", "100000.02")),
        silent("lines that sum to a cent less", one("100000", "100000.01")),
        silent("lines that sum to the total", case()),
        silent("a line off by what its price was rounded", one("33.36", quantity=1000, unit_price="0.0333")),
        fires("a line off by a cent more", one("33.37", quantity=1000, unit_price="0.0333")),
        silent("a line without a price", one("5.00", unit_price=None)),
        silent("net weight equal to gross", weighing("5000")),
        fires("net weight a gram above gross", weighing("5000.001")),
        fires("both", case(declaration(total=usd(1), net_weight_kg=5001)), REFER, REFER),
    ]


EXAMPLES = [*_invoices(), *_declarations()]
