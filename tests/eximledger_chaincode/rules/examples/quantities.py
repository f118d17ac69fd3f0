"""Examples of the rules on how much was shipped."""

from __future__ import annotations

from tests.eximledger_chaincode.rules.cases import (
    NUMBER,
    OTHER_NUMBER,
    bill,
    case,
    declaration,
    declared,
    goods,
    invoice,
    packed,
    packing_list,
)
from tests.eximledger_chaincode.rules.examples.expected import REFER, Example, of

from eximledger_chaincode.documents import LegalQuantity
from eximledger_chaincode.rules import Case


def _weight() -> list[Example]:
    fires, silent = of("BL-WEIGHT")
    half = bill(bill_number="COSU 6302", carrier_number="COSU6301", gross_weight_kg=2000)

    def net(declared: int, packed: str) -> Case:
        return case(declaration(net_weight_kg=declared), packing_list(net_weight_kg=packed))

    return [
        silent("1 % apart", case(declaration(gross_weight_kg=5050))),
        fires("a gram beyond 1 %", case(declaration(gross_weight_kg="5050.001"))),
        fires("a gram beyond 1 % below", case(declaration(gross_weight_kg="4949.999"))),
        fires("packing list, a gram beyond 1 %", case(packing_list(gross_weight_kg="5050.001"))),
        silent("1 of 100 packages", case(packing_list(packages=101))),
        fires("2 of 100 packages", case(packing_list(packages=102))),
        fires("all of it", case(bill(gross_weight_kg=1, packages=1)), REFER, REFER, REFER, REFER),
        silent("no weight on the declaration", case(declaration(gross_weight_kg=None))),
        silent("goods on two bills", case(bill(gross_weight_kg=3000), half)),
        silent("a net weight 1 % apart", net(declared=4500, packed="4545")),
        fires("a net weight beyond 1 %", net(declared=4500, packed="4545.001")),
        fires("a net weight of a tenth", net(declared=4500, packed="450")),
        fires("a bill's net weight", case(bill(net_weight_kg=4400))),
        fires("a bill's net weight against both", case(
            bill(net_weight_kg=450), packing_list(net_weight_kg=4500)), REFER, REFER),
        silent("no bill, equal net weights", case(packing_list(net_weight_kg=4500), without=("transport",))),
        fires("no bill, other net weights", case(packing_list(net_weight_kg=4400), without=("transport",))),
        silent("goods sold by weight", case(
            declaration(lines=(declared(quantity="4.5", unit="吨"),)), invoice(lines=(goods(quantity=None),)))),
        fires("more sold by weight than the net weight", case(
            declaration(lines=(declared(quantity=500, unit="吨"),)))),
        fires("a legal quantity in kilograms beyond the net weight", case(declaration(lines=(
            declared(legal_quantities=(LegalQuantity(quantity="45000", unit="千克"),)),)))),
        silent("a legal quantity in kilograms", case(declaration(lines=(
            declared(legal_quantities=(LegalQuantity(quantity="4500", unit="千克"),)),)))),
        silent("one line of two by weight", case(declaration(lines=(
            declared(quantity=1, unit="千克"), declared(number=2))))),
        fires("packed lines that weigh more than the list", case(packing_list(
            net_weight_kg=4500, lines=(packed(net_weight_kg=4600),)))),
        fires("a list's net weight above its gross weight", case(
            packing_list(gross_weight_kg=None, net_weight_kg=4500),
            packing_list(list_number="PL-02", invoice_numbers=("CI-99",), gross_weight_kg=9, net_weight_kg=10))),
        fires("a bill's net weight above its gross weight", case(
            declaration(net_weight_kg=None), bill(net_weight_kg=5001))),
        silent("two declarations on one bill", case(
            declaration(gross_weight_kg=2000, packages=40),
            declaration(declaration_number=OTHER_NUMBER, gross_weight_kg=3000, packages=60),
            bill(declaration_numbers=(NUMBER, OTHER_NUMBER)))),
        silent("a packing list of another invoice", case(
            packing_list(gross_weight_kg=1, invoice_numbers=("CI-99",)))),
    ]  # fmt: skip


def _packed() -> list[Example]:
    fires, silent = of("PL-INV-QTY")
    part = packing_list(list_number="PL-02", lines=(packed(quantity=200),))
    return [
        silent("equal, in other words", case()),
        fires("one piece less", case(packing_list(lines=(packed(quantity=499),)))),
        silent("in tonnes and kilograms", case(
            packing_list(lines=(packed(quantity="0.5", unit="TNE"),)), invoice(lines=(goods(unit="KGM"),)))),
        fires("goods that are not packed", case(
            invoice(lines=(goods(), goods(number="2", hs_code="853650", quantity=1))))),
        silent("the same goods under another heading", case(packing_list(lines=(packed(hs_code="853710"),)))),
        silent("two partial lists", case(packing_list(lines=(packed(quantity=300),)), part)),
        fires("a partial list alone", case(part)),
        silent("cartons", case(packing_list(lines=(packed(quantity=20, unit="CTN"),)))),
        fires("no HS codes, one piece less", case(packing_list(lines=(packed(hs_code=None, quantity=499),)))),
        silent("a list of an invoice that is not there", case(
            packing_list(invoice_numbers=("CI-99",), lines=(packed(quantity=1),)))),
    ]  # fmt: skip


EXAMPLES = [*_weight(), *_packed()]
