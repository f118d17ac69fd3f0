"""Examples of the rules on transport documents and packing lists."""

from __future__ import annotations

from datetime import date, timedelta

from tests.eximledger_chaincode.rules.cases import (
    CONTAINER,
    EXPORTED,
    NUMBER,
    ON_BOARD,
    OTHER_CONTAINER,
    OTHER_NUMBER,
    TODAY,
    WRONG_CONTAINER,
    bill,
    case,
    contract,
    declaration,
    goods,
    invoice,
    packed,
    packing_list,
)
from tests.eximledger_chaincode.rules.examples.expected import INFORM, REFER, REJECT, Example, of

from eximledger_chaincode.documents import Container, Place, TransportStage
from eximledger_chaincode.rules import Case


def _ports() -> list[Example]:
    fires, silent = of("BL-DECL-PORTS")
    return [
        fires("loaded elsewhere", case(bill(loading=Place(code="CNNGB")))),
        silent("loaded where it was declared to be", case(declaration(exit_port="CNNGB"))),
        silent("left by a port of customs' own code", case(
            declaration(exit_port="2248", loading_port=None), bill(loading=Place(code="CNNGB")))),
        silent("a place of loading without a code", case(bill(loading=Place(name="Shanghai")))),
        fires("discharged in another country", case(bill(discharge=Place(code="NLRTM")))),
        silent("discharged there, but going on", case(
            bill(discharge=Place(code="NLRTM"), final_destination=Place(name="Duisburg", country="DE")))),
        fires("both", case(bill(loading=Place(code="CNNGB"), destination_country="NL")), REFER, REFER),
    ]  # fmt: skip


def _date() -> list[Example]:
    fires, silent = of("BL-DATE")

    def loaded(day: date, declared_on: date = date(2026, 1, 2)) -> Case:
        return case(declaration(declared_on=declared_on), bill(on_board_on=day))

    departed = bill(on_board_on=None, stages=(TransportStage(departed_on=EXPORTED + timedelta(days=16)),))
    return [
        silent("15 days after the export", loaded(EXPORTED + timedelta(days=15))),
        fires("16 days after the export", loaded(EXPORTED + timedelta(days=16))),
        silent("15 days before the export", loaded(EXPORTED - timedelta(days=15))),
        fires("16 days before the export", loaded(EXPORTED - timedelta(days=16))),
        silent("on the day of the declaration", loaded(ON_BOARD, declared_on=ON_BOARD)),
        fires("the day before the declaration", loaded(ON_BOARD, declared_on=ON_BOARD + timedelta(days=1)), REJECT),
        silent("an issue date proves no loading", case(bill(on_board_on=None, issued_on=date(2026, 1, 1)))),
        fires("the train departed 16 days later", case(departed)),
    ]


def _latest() -> list[Example]:
    fires, silent = of("BL-LATEST")
    return [
        silent("on the last day", case(contract(latest_shipment_on=ON_BOARD))),
        fires("a day late", case(contract(latest_shipment_on=ON_BOARD - timedelta(days=1)))),
        silent("no latest day", case(contract(latest_shipment_on=None))),
        fires("the contract found through the declaration", case(
            contract(latest_shipment_on=date(2026, 3, 1)), contract(contract_number="DY-008"))),
    ]  # fmt: skip


def _present() -> list[Example]:
    fires, silent = of("BL-PRESENT")
    return [
        silent("21 days after shipment", case(bill(on_board_on=TODAY - timedelta(days=21)))),
        fires("22 days after shipment", case(bill(on_board_on=TODAY - timedelta(days=22))), INFORM),
    ]


def _numbers() -> list[Example]:
    fires, silent = of("BL-NUMBERS")
    both = (Container(number=CONTAINER), Container(number=OTHER_CONTAINER))
    two = declaration(containers=(CONTAINER, OTHER_CONTAINER))
    second = bill(bill_number="COSU 6302", carrier_number="COSU6301", containers=both[1:])
    return [
        silent("the number spelt otherwise", case(bill(bill_number="cosu-6301"))),
        fires("another bill number", case(declaration(bill_number="COSU 6309"))),
        silent("the carrier's number", case(bill(bill_number="FWD-1", carrier_number="COSU6301"))),
        fires("a container that the bill does not carry", case(two)),
        silent("a bill that carries more", case(bill(containers=both))),
        silent("containers divided among two bills", case(two, bill(), second)),
        silent("a bill without containers", case(bill(containers=()))),
        fires("a wrong check digit", case(
            declaration(containers=()), bill(containers=(Container(number=WRONG_CONTAINER),)))),
        silent("a ship's number", case(bill(imo_number="9074729"))),
        fires("a ship's number with a wrong check digit", case(bill(imo_number="9074728"))),
    ]  # fmt: skip


def _weight() -> list[Example]:
    fires, silent = of("BL-WEIGHT")
    half = bill(bill_number="COSU 6302", carrier_number="COSU6301", gross_weight_kg=2000)
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


EXAMPLES = [
    *_ports(), *_date(), *_latest(), *_present(), *_numbers(), *_weight(), *_packed(),
]  # fmt: skip
