"""Examples of the rules on transport documents: where, when, for whom."""

from __future__ import annotations

from datetime import date, timedelta

from tests.eximledger_chaincode.rules.cases import (
    CONTAINER,
    EXPORTED,
    ON_BOARD,
    OTHER_CONTAINER,
    TODAY,
    WRONG_CONTAINER,
    bill,
    case,
    contract,
    declaration,
)
from tests.eximledger_chaincode.rules.examples.expected import INFORM, REFER, REJECT, Example, of

from eximledger_chaincode.documents import Container, Place, TransportStage, TransportType
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
        fires("discharged in another country, in words", case(bill(discharge=Place(name="JEBEL ALI, U.A.E.")))),
        silent("discharged in words", case(bill(discharge=Place(name="HAMBURG, GERMANY")))),
        silent("discharged there, but going on", case(
            bill(discharge=Place(code="NLRTM"), final_destination=Place(name="Duisburg", country="DE")))),
        fires("both", case(bill(loading=Place(code="CNNGB"), destination_country="NL")), REFER, REFER),
        fires("discharged at another port of the country", case(declaration(destination_port="DEBRV"))),
        silent("discharged there, but going on within the country", case(
            declaration(destination_port="DEDUI"), bill(final_destination=Place(code="DEDUI")))),
        silent("bound for a port of customs' own code", case(declaration(destination_port="DEU054"))),
        silent("no port of discharge", case(declaration(destination_port="DEHAM"), bill(discharge=None))),
    ]  # fmt: skip


def _date() -> list[Example]:
    fires, silent = of("BL-DATE")

    def loaded(day: date, declared_on: date = date(2026, 1, 2)) -> Case:
        return case(declaration(declared_on=declared_on), bill(on_board_on=day))

    def too_early(type_: TransportType, mode: str = "0110") -> Case:
        declared = declaration(declared_on=ON_BOARD + timedelta(days=1), supervision_mode=mode)
        return case(declared, bill(type=type_))

    departed = bill(on_board_on=None, stages=(TransportStage(departed_on=EXPORTED + timedelta(days=16)),))
    return [
        silent("15 days after the export", loaded(EXPORTED + timedelta(days=15))),
        fires("16 days after the export", loaded(EXPORTED + timedelta(days=16))),
        silent("15 days before the export", loaded(EXPORTED - timedelta(days=15))),
        fires("16 days before the export", loaded(EXPORTED - timedelta(days=16))),
        silent("on the day of the declaration", loaded(ON_BOARD, declared_on=ON_BOARD)),
        fires("the day before the declaration", too_early(TransportType.BILL_OF_LADING), REJECT),
        fires("by a sea waybill", too_early(TransportType.SEA_WAYBILL), REJECT),
        fires("by air", too_early(TransportType.AIR_WAYBILL)),
        fires("by rail", too_early(TransportType.RAIL_CONSIGNMENT_NOTE)),
        fires("declared in a monthly summary", too_early(TransportType.BILL_OF_LADING, "9610")),
        fires("declared from a bonded warehouse in a summary", too_early(TransportType.SEA_WAYBILL, "1210")),
        fires("declared piece by piece", too_early(TransportType.SEA_WAYBILL, "9710"), REJECT),
        silent("an issue date proves no loading", case(bill(on_board_on=None, issued_on=date(2026, 1, 1)))),
        fires("the train departed 16 days later", case(departed)),
        silent("the lorry to the port departed before the declaration", case(
            declaration(declared_on=EXPORTED), bill(type=TransportType.MULTIMODAL, on_board_on=None, stages=(
                TransportStage(departed_on=date(2026, 3, 17), pre_carriage=True),
                TransportStage(departed_on=ON_BOARD))))),
    ]  # fmt: skip


def _on_board() -> list[Example]:
    fires, silent = of("BL-ONBOARD")
    return [
        fires("a bill of lading", case(bill(on_board_on=None))),
        fires("a sea waybill", case(bill(type=TransportType.SEA_WAYBILL, on_board_on=None))),
        silent("an air waybill", case(bill(type=TransportType.AIR_WAYBILL, on_board_on=None))),
        silent("goods taken over for several means of carriage", case(
            bill(type=TransportType.MULTIMODAL, on_board_on=None))),
        silent("on board", case()),
    ]  # fmt: skip


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


EXAMPLES = [*_ports(), *_date(), *_on_board(), *_latest(), *_present(), *_numbers()]
