"""Rules on transport documents and packing lists: where, when, for whom, how heavy, how many."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from eximledger_chaincode.documents import (
    CommercialInvoice,
    Document,
    ExportDeclaration,
    PackingList,
    Party,
    Place,
    TransportDocument,
    container_check_digit_is_right,
    imo_check_digit_is_right,
    normal_number,
)
from eximledger_chaincode.rules._finding import beyond, finding, plain, says
from eximledger_chaincode.rules._registry import rule
from eximledger_chaincode.rules.case import Case
from eximledger_chaincode.rules.goods import Goods, quantities, quantities_by_unit
from eximledger_chaincode.rules.links import (
    contract_of_transport,
    declarations_of_transport,
    exports,
    invoices_of_packing_list,
)
from eximledger_chaincode.rules.parties import same_party
from eximledger_chaincode.rules.verdict import Finding, Severity


def _bills(case: Case) -> Iterator[tuple[TransportDocument, tuple[ExportDeclaration, ...]]]:
    for record in sorted(case.transport_documents, key=lambda record: record.id):
        yield record.document, declarations_of_transport(case, record.document)


def _on_board(bill: TransportDocument) -> date | None:
    """The on-board date; for other transport the first departure, else None: an issue date proves no loading."""
    return bill.on_board_on or min((leg.departed_on for leg in bill.stages if leg.departed_on), default=None)


def _is_locode(code: str | None) -> bool:
    return code is not None and len(code) == 5


def _country(place: Place | None) -> str | None:
    if place is None:
        return None
    return place.country or (place.code[:2] if place.code is not None and _is_locode(place.code) else None)


@rule("BL-DECL-PORTS", Severity.REFER, source="UCP 600 art. 20(a)(iii)")
def bl_decl_ports(case: Case) -> Iterator[Finding]:
    """Loading port or country of destination differ. Ports are compared where both papers give a UN/LOCODE."""
    for bill, declarations in _bills(case):
        for declaration in declarations:
            loading = bill.loading.code if bill.loading is not None else None
            exits = {port for port in (declaration.loading_port, declaration.exit_port) if _is_locode(port)}
            if _is_locode(loading) and exits and loading not in exits:
                yield finding(
                    "BL-DECL-PORTS", Severity.REFER, says(bill, "loading", loading),
                    says(declaration, "exit_port", ", ".join(sorted(port for port in exits if port))),
                    en=f"Bill {bill.number} was loaded at {loading}; declaration {declaration.number} left by "
                    f"{', '.join(sorted(port for port in exits if port))}.",
                    zh=f"提单 {bill.number} 的装货港为 {loading}，与报关单 {declaration.number} 的离境口岸不符。",
                )  # fmt: skip
            country = bill.destination_country or _country(bill.final_destination) or _country(bill.discharge)
            declared = declaration.destination_country
            if country is not None and declared is not None and country != declared:
                yield finding(
                    "BL-DECL-PORTS", Severity.REFER, says(bill, "destination_country", country),
                    says(declaration, "destination_country", declared),
                    en=f"Bill {bill.number} goes to {country}; declaration {declaration.number} says {declared}.",
                    zh=f"提单 {bill.number} 的目的国为 {country}，报关单 {declaration.number} 为 {declared}。",
                )  # fmt: skip


@rule("BL-DATE", Severity.REFER, Severity.REJECT, source="Customs Law: declare before loading (24 h)")
def bl_date(case: Case) -> Iterator[Finding]:
    """On board before it was declared: reject. Too many days from the export date: refer."""
    for bill, declarations in _bills(case):
        loaded = _on_board(bill)
        if loaded is None:
            continue
        for declaration in declarations:
            exported = declaration.exported_on
            if loaded < declaration.declared_on:
                yield finding(
                    "BL-DATE", Severity.REJECT, says(bill, "on_board_on", loaded),
                    says(declaration, "declared_on", declaration.declared_on),
                    en=f"Bill {bill.number} was on board on {loaded}, before declaration {declaration.number} of "
                    f"{declaration.declared_on}.",
                    zh=f"提单 {bill.number} 装船日期 {loaded} 早于报关单 {declaration.number} 的申报日期 "
                    f"{declaration.declared_on}。",
                )  # fmt: skip
            elif exported is not None and abs((loaded - exported).days) > case.tolerances.on_board_days:
                yield finding(
                    "BL-DATE", Severity.REFER, says(bill, "on_board_on", loaded),
                    says(declaration, "exported_on", exported),
                    en=f"Bill {bill.number} was on board on {loaded}, {abs((loaded - exported).days)} days from the "
                    f"export date of declaration {declaration.number}.",
                    zh=f"提单 {bill.number} 装船日期 {loaded} 与报关单 {declaration.number} 出口日期相差 "
                    f"{abs((loaded - exported).days)} 天。",
                )  # fmt: skip


@rule("BL-LATEST", Severity.REFER, source="UCP 600 art. 14")
def bl_latest(case: Case) -> Iterator[Finding]:
    """On board after the contract's latest shipment."""
    for bill, _ in _bills(case):
        contract, loaded = contract_of_transport(case, bill), _on_board(bill)
        latest = None if contract is None else contract.latest_shipment_on
        if contract is not None and latest is not None and loaded is not None and loaded > latest:
            yield finding(
                "BL-LATEST", Severity.REFER, says(bill, "on_board_on", loaded),
                says(contract, "latest_shipment_on", latest),
                en=f"Bill {bill.number} was on board on {loaded}; contract {contract.number} allows shipment until "
                f"{latest}.",
                zh=f"提单 {bill.number} 装船日期 {loaded} 晚于合同 {contract.number} 的最迟装运期 {latest}。",
            )  # fmt: skip


@rule("BL-PRESENT", Severity.INFORM, source="UCP 600 art. 14(c)")
def bl_present(case: Case) -> Iterator[Finding]:
    """Presented, which is the day of the application, later than the days of article 14(c) after shipment."""
    application, days = case.application.document, case.tolerances.presentation_days
    for bill, _ in _bills(case):
        loaded = _on_board(bill)
        if loaded is not None and (application.applied_on - loaded).days > days:
            yield finding(
                "BL-PRESENT", Severity.INFORM, says(bill, "on_board_on", loaded),
                says(application, "applied_on", application.applied_on),
                en=f"Bill {bill.number} is presented {(application.applied_on - loaded).days} days after shipment; "
                f"credits usually allow {days}.",
                zh=f"提单 {bill.number} 于装运后 {(application.applied_on - loaded).days} 天交单，"
                f"超过惯常的 {days} 天。",
            )  # fmt: skip


@rule("BL-PARTIES", Severity.REFER, source="ISBP 745 E; trade-based money laundering red flag")
def bl_parties(case: Case) -> Iterator[Finding]:
    """The shipper is not the seller, or neither consignee nor notify party is the buyer. A bill to order (also to a
    bank's order) is in order when it notifies the buyer."""
    for bill, _ in _bills(case):
        contract = contract_of_transport(case, bill)
        if contract is None:
            continue
        if not same_party(bill.shipper, contract.seller):
            yield finding(
                "BL-PARTIES", Severity.REFER, says(bill, "shipper", bill.shipper.name),
                says(contract, "seller", contract.seller.name),
                en=f"The shipper of bill {bill.number} is {bill.shipper.name}, not the seller {contract.seller.name}.",
                zh=f"提单 {bill.number} 的托运人为 {bill.shipper.name}，不是卖方 {contract.seller.name}。",
            )  # fmt: skip
        receivers: list[Party] = [party for party in (bill.consignee, *bill.notify, bill.deliver_to) if party]
        buyers = [party for party in (contract.buyer, contract.ship_to) if party]
        if not any(same_party(receiver, buyer) for receiver in receivers for buyer in buyers):
            names = ", ".join(party.name for party in receivers)
            yield finding(
                "BL-PARTIES", Severity.REFER, says(bill, "consignee", names or None),
                says(contract, "buyer", contract.buyer.name),
                en=f"Bill {bill.number} goes to {names or 'order, notifying nobody'}, not to the buyer "
                f"{contract.buyer.name}.",
                zh=f"提单 {bill.number} 的收货人及通知人为 {names or '凭指示且无通知人'}，"
                f"均非买方 {contract.buyer.name}。",
            )  # fmt: skip


@rule("BL-NUMBERS", Severity.REFER, source="general")
def bl_numbers(case: Case) -> Iterator[Finding]:
    """Bill or container numbers differ from the declaration's, or a check digit is wrong (ISO 6346, IMO)."""
    for bill, declarations in _bills(case):
        yield from _check_digits(bill)
        carried = {container.number for container in bill.containers}
        for declaration in declarations:
            mine = {normal_number(number) for number in (bill.number, bill.carrier_number) if number}
            if declaration.bill_number and normal_number(declaration.bill_number) not in mine:
                yield finding(
                    "BL-NUMBERS", Severity.REFER, says(bill, "bill_number", bill.number),
                    says(declaration, "bill_number", declaration.bill_number),
                    en=f"Declaration {declaration.number} names bill {declaration.bill_number}, not {bill.number}.",
                    zh=f"报关单 {declaration.number} 的提运单号为 {declaration.bill_number}，不是 {bill.number}。",
                )  # fmt: skip
            strange = sorted(set(declaration.containers) - carried)
            if carried and strange:
                yield finding(
                    "BL-NUMBERS", Severity.REFER, says(declaration, "containers", ", ".join(strange)),
                    says(bill, "containers", ", ".join(sorted(carried))),
                    en=f"Declaration {declaration.number} has container {', '.join(strange)}, which bill {bill.number} "
                    f"does not carry.",
                    zh=f"报关单 {declaration.number} 的集装箱 {'、'.join(strange)} 未列于提单 {bill.number}。",
                )  # fmt: skip


def _check_digits(bill: TransportDocument) -> Iterator[Finding]:
    for container in bill.containers:
        if not container_check_digit_is_right(container.number):
            yield finding(
                "BL-NUMBERS", Severity.REFER, says(bill, "containers", container.number),
                en=f"Container {container.number} of bill {bill.number} has a wrong check digit.",
                zh=f"提单 {bill.number} 的集装箱号 {container.number} 校验码错误。",
            )  # fmt: skip
    ships = {number for number in (bill.imo_number, *(leg.imo_number for leg in bill.stages)) if number}
    for number in sorted(ships):
        if not imo_check_digit_is_right(number):
            yield finding(
                "BL-NUMBERS", Severity.REFER, says(bill, "imo_number", number),
                en=f"IMO number {number} of bill {bill.number} has a wrong check digit.",
                zh=f"提单 {bill.number} 的船舶 IMO 编号 {number} 校验码错误。",
            )  # fmt: skip


def _packing_lists(case: Case, declarations: tuple[ExportDeclaration, ...]) -> tuple[PackingList, ...]:
    """The packing lists of an export, where its invoices and theirs are exactly the declarations given."""
    invoices: set[str] = set()
    for export in exports(case):
        if set(export.declarations) <= set(declarations):
            invoices |= {invoice.id for invoice in export.invoices}
    return tuple(
        record.document
        for record in sorted(case.packing_lists, key=lambda record: record.id)
        if (packed := invoices_of_packing_list(case, record.document))
        and {invoice.id for invoice in packed} <= invoices
    )


def _sum(values: list[Decimal | None]) -> Decimal | None:
    """None where there is nothing to sum, or a part of it is not stated."""
    return sum((value for value in values if value is not None), Decimal(0)) if values and None not in values else None


@rule("BL-WEIGHT", Severity.REFER, source="ISBP 745")
def bl_weight(case: Case) -> Iterator[Finding]:
    """Gross weight or packages differ between bill, declarations and packing lists."""
    percent = case.tolerances.weight_percent
    for bill, declarations in _bills(case):
        if any(_bills_of(case, item) > 1 for item in declarations):
            continue  # goods of one declaration on several bills: no single bill has to weigh the same
        lists = _packing_lists(case, declarations)
        for field, zh, mine, others in (
            ("gross_weight_kg", "毛重", bill.gross_weight_kg, (
                ("declaration", declarations, _sum([item.gross_weight_kg for item in declarations])),
                ("packing list", lists, _sum([item.gross_weight_kg for item in lists])),
            )),
            ("packages", "件数", None if bill.packages is None else Decimal(bill.packages), (
                ("declaration", declarations, _sum([_whole(item.packages) for item in declarations])),
                ("packing list", lists, _sum([_whole(item.packages) for item in lists])),
            )),
        ):  # fmt: skip
            for kind, papers, theirs in others:
                if mine is not None and theirs is not None and beyond(theirs, mine, percent):
                    yield _weighs(bill, papers, kind, field, zh, mine, theirs)


def _bills_of(case: Case, declaration: ExportDeclaration) -> int:
    """On how many bills a declaration's goods are carried."""
    return sum(declaration in declarations for _, declarations in _bills(case))


def _whole(number: int | None) -> Decimal | None:
    return None if number is None else Decimal(number)


def _weighs(
    bill: TransportDocument,
    papers: tuple[Document, ...],
    kind: str,
    field: str,
    zh: str,
    mine: Decimal,
    theirs: Decimal,
) -> Finding:
    numbers = ", ".join(paper.number for paper in papers)
    word = "gross weight in kg" if field == "gross_weight_kg" else "number of packages"
    return finding(
        "BL-WEIGHT", Severity.REFER, says(bill, field, mine), *(says(paper, field, theirs) for paper in papers),
        en=f"The {word} is {plain(mine)} on bill {bill.number} and {plain(theirs)} on {kind} {numbers}.",
        zh=f"{zh}：提单 {bill.number} 为 {plain(mine)}，{numbers} 为 {plain(theirs)}。",
    )  # fmt: skip


@rule("PL-INV-QTY", Severity.REFER, source="ISBP 745 M")
def pl_inv_quantity(case: Case) -> Iterator[Finding]:
    """Packed and invoiced quantities differ, by HS subheading where all lines carry one, else by unit.

    All packing lists of the same invoices count together, since partial packing lists are usual.
    """
    groups: dict[tuple[str, ...], tuple[list[PackingList], tuple[CommercialInvoice, ...]]] = {}
    for record in sorted(case.packing_lists, key=lambda record: record.id):
        invoices = invoices_of_packing_list(case, record.document)
        if invoices:
            groups.setdefault(tuple(item.id for item in invoices), ([], invoices))[0].append(record.document)
    for lists, invoices in groups.values():
        packed = [Goods(line.hs_code, line.quantity, line.unit) for item in lists for line in item.lines]
        billed = [Goods(line.hs_code, line.quantity, line.unit) for item in invoices for line in item.lines]
        coded = all(line.hs_code is not None for line in (*packed, *billed))
        ours: dict[str, Decimal] = _labelled(packed) if coded else quantities_by_unit(packed)
        theirs: dict[str, Decimal] = _labelled(billed) if coded else quantities_by_unit(billed)
        for label in sorted(ours.keys() & theirs.keys()):
            if ours[label] != theirs[label]:
                yield finding(
                    "PL-INV-QTY", Severity.REFER,
                    *(says(item, f"quantity {label}", ours[label]) for item in lists),
                    *(says(item, f"quantity {label}", theirs[label]) for item in invoices),
                    en=f"Of {label}, {plain(ours[label])} are packed ({', '.join(item.number for item in lists)}) and "
                    f"{plain(theirs[label])} invoiced ({', '.join(item.number for item in invoices)}).",
                    zh=f"{label}：装箱数量 {plain(ours[label])}，发票数量 {plain(theirs[label])}。",
                )  # fmt: skip


def _labelled(lines: list[Goods]) -> dict[str, Decimal]:
    return {f"HS {code} ({unit})": quantity for (code, unit), quantity in quantities(lines).items()}
