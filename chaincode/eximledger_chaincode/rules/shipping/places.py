"""Rules on where the goods went, and by which way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from eximledger_chaincode.documents import (
    ExportDeclaration,
    Place,
    SalesContract,
    TransportDocument,
    TransportStage,
    compared_name,
)
from eximledger_chaincode.documents.parts.names.countries import country_named
from eximledger_chaincode.lending.verdict import Finding, Severity, Statement
from eximledger_chaincode.rules.basis.case import Case
from eximledger_chaincode.rules.basis.links import Shipment, links
from eximledger_chaincode.rules.basis.wording import Words, finding, says, titled
from eximledger_chaincode.rules.ruleset.registry import rule

__all__ = ["country_of"]


def country_of(place: Place | None) -> str | None:
    """The country of a place, as it states it, by its UN/LOCODE, or in whose name its own ends."""
    if place is None:
        return None
    by_code = place.code[:2] if place.code is not None and _is_locode(place.code) else None
    return place.country or by_code or country_named(place.name)


def _is_locode(code: str | None) -> bool:
    return code is not None and len(code) == 5


def _shown(place: Place) -> str:
    return place.code or place.name or place.country or "-"


@rule("BL-DECL-PORTS", Severity.REFER, source="UCP 600 art. 20(a)(iii)")
def bl_decl_ports(case: Case) -> Iterator[Finding]:
    """Loading port or destination differ. Ports are compared where both papers give a UN/LOCODE; where they are in two
    countries, the countries say so."""
    for shipment in links(case).shipments:
        for declaration in shipment.declarations:
            yield from _loaded_elsewhere(shipment.bill, declaration)
            yield from _bound_elsewhere(shipment.bill, declaration)


def _loaded_elsewhere(bill: TransportDocument, declaration: ExportDeclaration) -> Iterator[Finding]:
    paper, export = titled(bill), titled(declaration)
    loading = bill.loading.code if bill.loading is not None else None
    ports = {port for port in (declaration.loading_port, declaration.exit_port) if port and _is_locode(port)}
    if _is_locode(loading) and ports and loading not in ports:
        exits = ", ".join(sorted(ports))
        yield finding(
            "BL-DECL-PORTS", Severity.REFER, says(bill, "loading", loading), says(declaration, "exit_port", exits),
            en=f"{paper.en} was loaded at {loading}; {export.en} left by {exits}.",
            zh=f"{paper.zh} 的装货港为 {loading}，{export.zh} 的离境口岸为 {exits}。",
        )  # fmt: skip


def _bound_elsewhere(bill: TransportDocument, declaration: ExportDeclaration) -> Iterator[Finding]:
    paper, export = titled(bill), titled(declaration)
    country = bill.destination_country or country_of(bill.final_destination) or country_of(bill.discharge)
    declared = declaration.destination_country
    ends = [place.code for place in (bill.final_destination, bill.discharge) if place is not None and place.code]
    ports, port = [code for code in ends if _is_locode(code)], declaration.destination_port
    if country is not None and declared is not None and country != declared:
        yield finding(
            "BL-DECL-PORTS", Severity.REFER, says(bill, "destination_country", country),
            says(declaration, "destination_country", declared),
            en=f"{paper.en} goes to {country}; {export.en} says {declared}.",
            zh=f"{paper.zh} 的目的国为 {country}，{export.zh} 为 {declared}。",
        )  # fmt: skip
    elif _is_locode(port) and ports and port not in ports:
        there = ", ".join(dict.fromkeys(ports))
        yield finding(
            "BL-DECL-PORTS", Severity.REFER, says(bill, "discharge", there),
            says(declaration, "destination_port", port),
            en=f"{paper.en} goes to {there}; {export.en} says {port}.",
            zh=f"{paper.zh} 的目的港为 {there}，{export.zh} 为 {port}。",
        )  # fmt: skip


@rule("BL-VOYAGE", Severity.REFER, source="FATF trade-based money laundering indicators")
def bl_voyage(case: Case) -> Iterator[Finding]:
    """A leg that arrives before it departs, or departs before the one before it has arrived; goods on board after the
    ship had left."""
    for shipment in links(case).shipments:
        bill, paper = shipment.bill, titled(shipment.bill)
        for number, leg in enumerate(bill.stages, 1):
            if leg.departed_on is not None and leg.arrived_on is not None and leg.arrived_on < leg.departed_on:
                yield _out_of_order(
                    bill, f"stages[{number}].arrived_on", leg.arrived_on, leg.departed_on,
                    Words(f"leg {number} of {paper.en} arrives", f"{paper.zh} 第 {number} 程到达日期"),
                    Words("it departs", "出发日期"),
                )  # fmt: skip
        for number, (before, leg) in enumerate(_following(bill), 1):
            arrived = before.arrived_on or before.departed_on
            if leg.departed_on is not None and arrived is not None and leg.departed_on < arrived:
                yield _out_of_order(
                    bill, f"stages[{number + 1}].departed_on", leg.departed_on, arrived,
                    Words(f"leg {number + 1} of {paper.en} departs", f"{paper.zh} 第 {number + 1} 程出发日期"),
                    Words("the leg before it ends", "前一程结束日期"),
                )  # fmt: skip
        left = [leg.departed_on for leg in bill.stages if _is_main(leg) and leg.departed_on is not None]
        if bill.on_board_on is not None and left and bill.on_board_on > min(left):
            yield _out_of_order(
                bill, "stages.departed_on", min(left), bill.on_board_on,
                Words(f"the main carriage of {paper.en} departs", f"{paper.zh} 主运输段出发日期"),
                Words("the goods are on board", "装船日期"),
            )  # fmt: skip


def _is_main(leg: TransportStage) -> bool:
    return not leg.pre_carriage and not leg.on_carriage


def _following(bill: TransportDocument) -> Iterator[tuple[TransportStage, TransportStage]]:
    """Legs of which one follows the other: as the paper lists them, the carriage before and after where it belongs."""
    legs = sorted(bill.stages, key=lambda leg: 0 if leg.pre_carriage else 2 if leg.on_carriage else 1)
    return pairwise(legs)


def _out_of_order(bill: TransportDocument, field: str, day: date, other: date, what: Words, before: Words) -> Finding:
    return finding(
        "BL-VOYAGE", Severity.REFER, says(bill, field, f"{day} < {other}"),
        en=f"{what.en} on {day}, before {before.en} on {other}.",
        zh=f"{what.zh} {day} 早于{before.zh} {other}。",
    )  # fmt: skip


@rule(
    "ROUTE", Severity.REFER, source="FATF trade-based money laundering indicators; Wolfsberg trade finance principles"
)
def route(case: Case) -> Iterator[Finding]:
    """Trans-shipment that the contract does not explain: it says nothing of it and it is in a third country, or it
    forbids it, or allows it elsewhere."""
    for shipment in links(case).shipments:
        contract = shipment.contract
        if contract is None:
            continue  # PAPERS says so
        for place in _transshipments(shipment.bill):
            if not _explained(place, contract, shipment):
                yield _unexplained(shipment.bill, contract, place)


def _transshipments(bill: TransportDocument) -> Iterator[Place]:
    """Where goods change the means of the main carriage: as a leg states it, and between two legs."""
    main = [leg for leg in bill.stages if _is_main(leg)]
    between = [leg.discharge or after.loading for leg, after in pairwise(main)]
    places = [*(place for leg in bill.stages for place in leg.transshipment), *(place for place in between if place)]
    return iter(dict.fromkeys(places))


def _explained(place: Place, contract: SalesContract, shipment: Shipment) -> bool:
    if contract.transshipment is False:
        return False
    if contract.transshipment_places:
        return any(_covers(named, place) for named in contract.transshipment_places)
    bill = shipment.bill
    ends = {
        country_of(bill.loading), bill.origin_country, country_of(bill.discharge), country_of(bill.final_destination),
        bill.destination_country, *(item.destination_country for item in shipment.declarations),
    }  # fmt: skip
    country = country_of(place)
    return contract.transshipment is True or (country is not None and country in ends)


def _covers(named: Place, place: Place) -> bool:
    """Whether a place is the one that the contract names: the port by its code, else by its name; any port of a country
    where it names no more."""
    if named.code is not None and place.code is not None:
        return named.code == place.code
    if named.name is not None:
        return place.name is not None and compared_name(named.name) == compared_name(place.name)
    return named.country is not None and named.country == country_of(place)


def _unexplained(bill: TransportDocument, contract: SalesContract, place: Place) -> Finding:
    paper, agreed, where = titled(bill), titled(contract), _shown(place)
    named = ", ".join(_shown(each) for each in contract.transshipment_places)
    allows = Words("says nothing of it", "未作约定")
    if contract.transshipment is False:
        allows = Words("forbids it", "禁止转运")
    elif named:
        allows = Words(f"allows it at {named}", f"仅允许在 {named} 转运")
    stated: tuple[Statement, ...] = (
        says(bill, "transshipment", where), says(contract, "transshipment", named or allows.en),
    )  # fmt: skip
    return finding(
        "ROUTE", Severity.REFER, *stated,
        en=f"The goods of {paper.en} are trans-shipped at {where}; {agreed.en} {allows.en}.",
        zh=f"{paper.zh} 的货物在 {where} 转运；{agreed.zh} {allows.zh}。",
    )  # fmt: skip
