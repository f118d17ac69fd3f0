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
    compared_number,
    container_check_digit_is_right,
    imo_check_digit_is_right,
)
from eximledger_chaincode.lending.exact import summed
from eximledger_chaincode.lending.verdict import Finding, Severity
from eximledger_chaincode.rules.basis.case import Case
from eximledger_chaincode.rules.basis.goods import Goods, compared, counted
from eximledger_chaincode.rules.basis.links import Links, links
from eximledger_chaincode.rules.basis.parties import same_party, told_apart
from eximledger_chaincode.rules.basis.wording import Words, beyond, called, finding, plain, says, titled
from eximledger_chaincode.rules.ruleset.registry import rule


def _bills(case: Case) -> Iterator[tuple[TransportDocument, tuple[ExportDeclaration, ...]]]:
    for shipment in links(case).shipments:
        yield shipment.bill, shipment.declarations


def _on_board(bill: TransportDocument) -> date | None:
    return bill.loaded_on


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
        paper = titled(bill)
        for declaration in declarations:
            export = titled(declaration)
            loading = bill.loading.code if bill.loading is not None else None
            ports = {port for port in (declaration.loading_port, declaration.exit_port) if port and _is_locode(port)}
            if _is_locode(loading) and ports and loading not in ports:
                exits = ", ".join(sorted(ports))
                yield finding(
                    "BL-DECL-PORTS", Severity.REFER, says(bill, "loading", loading),
                    says(declaration, "exit_port", exits),
                    en=f"{paper.en} was loaded at {loading}; {export.en} left by {exits}.",
                    zh=f"{paper.zh} 的装货港为 {loading}，{export.zh} 的离境口岸为 {exits}。",
                )  # fmt: skip
            country = bill.destination_country or _country(bill.final_destination) or _country(bill.discharge)
            declared = declaration.destination_country
            if country is not None and declared is not None and country != declared:
                yield finding(
                    "BL-DECL-PORTS", Severity.REFER, says(bill, "destination_country", country),
                    says(declaration, "destination_country", declared),
                    en=f"{paper.en} goes to {country}; {export.en} says {declared}.",
                    zh=f"{paper.zh} 的目的国为 {country}，{export.zh} 为 {declared}。",
                )  # fmt: skip


@rule("BL-DATE", Severity.REFER, Severity.REJECT, source="Customs Law: declare before loading (24 h)")
def bl_date(case: Case) -> Iterator[Finding]:
    """On board before it was declared: reject. Too many days from the export date: refer."""
    for bill, declarations in _bills(case):
        loaded, paper = _on_board(bill), titled(bill)
        if loaded is None:
            continue
        for declaration in declarations:
            exported, export = declaration.exported_on, titled(declaration)
            apart = 0 if exported is None else abs((loaded - exported).days)
            if loaded < declaration.declared_on:
                yield finding(
                    "BL-DATE", Severity.REJECT, says(bill, "on_board_on", loaded),
                    says(declaration, "declared_on", declaration.declared_on),
                    en=f"{paper.en} was on board on {loaded}, before {export.en} of {declaration.declared_on}.",
                    zh=f"{paper.zh} 装船日期 {loaded} 早于{export.zh} 的申报日期 {declaration.declared_on}。",
                )  # fmt: skip
            elif apart > case.tolerances.on_board_days:
                yield finding(
                    "BL-DATE", Severity.REFER, says(bill, "on_board_on", loaded),
                    says(declaration, "exported_on", exported),
                    en=f"{paper.en} was on board on {loaded}, {apart} days from the export of {export.en} on "
                    f"{exported}.",
                    zh=f"{paper.zh} 装船日期 {loaded} 与{export.zh} 出口日期 {exported} 相差 {apart} 天。",
                )  # fmt: skip


@rule("BL-LATEST", Severity.REFER, source="UCP 600 art. 14")
def bl_latest(case: Case) -> Iterator[Finding]:
    """On board after the contract's latest shipment."""
    for shipment in links(case).shipments:
        bill, contract = shipment.bill, shipment.contract
        loaded, latest = _on_board(bill), None if contract is None else contract.latest_shipment_on
        if contract is not None and latest is not None and loaded is not None and loaded > latest:
            paper, agreed = titled(bill), titled(contract)
            yield finding(
                "BL-LATEST", Severity.REFER, says(bill, "on_board_on", loaded),
                says(contract, "latest_shipment_on", latest),
                en=f"{paper.en} was on board on {loaded}; {agreed.en} allows shipment until {latest}.",
                zh=f"{paper.zh} 装船日期 {loaded} 晚于{agreed.zh} 的最迟装运期 {latest}。",
            )  # fmt: skip


@rule("BL-PRESENT", Severity.INFORM, source="UCP 600 art. 14(c)")
def bl_present(case: Case) -> Iterator[Finding]:
    """Presented, which is the day of the decision, later than the days of article 14(c) after shipment."""
    most = case.tolerances.presentation_days
    for bill, _ in _bills(case):
        loaded = _on_board(bill)
        days = 0 if loaded is None else (case.today - loaded).days
        if days > most:
            paper = titled(bill)
            yield finding(
                "BL-PRESENT", Severity.INFORM, says(bill, "on_board_on", loaded),
                en=f"{paper.en}, on board on {loaded}, is presented later than the {most} days after shipment that "
                "credits usually allow.",
                zh=f"{paper.zh} 装船日期 {loaded}，交单距装运超过惯常的 {most} 天。",
            )  # fmt: skip


@rule("BL-PARTIES", Severity.REFER, source="ISBP 745 E; trade-based money laundering red flag")
def bl_parties(case: Case) -> Iterator[Finding]:
    """The shipper is not the seller, or neither consignee nor notify party is the buyer.

    A bill to order (also to a bank's order) is in order when it notifies the buyer.
    """
    for shipment in links(case).shipments:
        bill, contract = shipment.bill, shipment.contract
        if contract is None:
            continue  # PAPERS says so
        paper = titled(bill)
        if not same_party(bill.shipper, contract.seller):
            shipper, seller = told_apart(bill.shipper, contract.seller)
            yield finding(
                "BL-PARTIES", Severity.REFER, says(bill, "shipper", shipper), says(contract, "seller", seller),
                en=f"The shipper on {paper.en} is {shipper}, not the seller {seller}.",
                zh=f"{paper.zh} 的托运人为 {shipper}，不是卖方 {seller}。",
            )  # fmt: skip
        receivers: list[Party] = [party for party in (bill.consignee, *bill.notify, bill.deliver_to) if party]
        buyers = [party for party in (contract.buyer, contract.ship_to) if party]
        if not any(same_party(receiver, buyer) for receiver in receivers for buyer in buyers):
            names = list(dict.fromkeys(party.name for party in receivers))
            goes = (
                Words(f"goes to {', '.join(names)}", f"的收货人及通知人为 {'、'.join(names)}")
                if names
                else Words("is to order and notifies nobody", "凭指示且未列通知人")
            )
            yield finding(
                "BL-PARTIES", Severity.REFER, says(bill, "consignee", ", ".join(names) or None),
                says(contract, "buyer", contract.buyer.name),
                en=f"{paper.en} {goes.en}; the buyer is {contract.buyer.name}.",
                zh=f"{paper.zh} {goes.zh}；买方为 {contract.buyer.name}。",
            )  # fmt: skip


@rule("BL-NUMBERS", Severity.REFER, source="general")
def bl_numbers(case: Case) -> Iterator[Finding]:
    """Bill or container numbers differ from the declaration's, or a check digit is wrong (ISO 6346, IMO).

    The containers of a declaration may be divided among several bills.
    """
    linked = links(case)
    for bill, declarations in _bills(case):
        yield from _check_digits(bill)
        mine = {compared_number(number) for number in (bill.number, bill.carrier_number) if number}
        for declaration in declarations:
            export, paper = titled(declaration), titled(bill)
            if declaration.bill_number and compared_number(declaration.bill_number) not in mine:
                yield finding(
                    "BL-NUMBERS", Severity.REFER, says(bill, "bill_number", bill.number),
                    says(declaration, "bill_number", declaration.bill_number),
                    en=f"{export.en} names bill {declaration.bill_number}, not {paper.en}.",
                    zh=f"{export.zh} 的提运单号为 {declaration.bill_number}，不是{paper.zh}。",
                )  # fmt: skip
    for declaration in (record.document for record in case.declarations):
        yield from _strange_containers(linked, declaration)


def _strange_containers(linked: Links, declaration: ExportDeclaration) -> Iterator[Finding]:
    bills = [shipment.bill for shipment in linked.shipments_of(declaration)]
    carried = {container.number for bill in bills for container in bill.containers}
    strange = sorted(set(declaration.containers) - carried)
    if carried and strange:
        export, papers = titled(declaration), called(bills)
        yield finding(
            "BL-NUMBERS", Severity.REFER, says(declaration, "containers", ", ".join(strange)),
            *(says(bill, "containers", ", ".join(sorted({item.number for item in bill.containers}))) for bill in bills),
            en=f"{export.en} has container {', '.join(strange)}, which is not on {papers.en}.",
            zh=f"{export.zh} 的集装箱 {'、'.join(strange)} 未列于{papers.zh}。",
        )  # fmt: skip


def _check_digits(bill: TransportDocument) -> Iterator[Finding]:
    paper = titled(bill)
    for number in sorted({container.number for container in bill.containers}):
        if not container_check_digit_is_right(number):
            yield finding(
                "BL-NUMBERS", Severity.REFER, says(bill, "containers", number),
                en=f"Container {number} of {paper.en} has a wrong check digit.",
                zh=f"{paper.zh} 的集装箱号 {number} 校验码错误。",
            )  # fmt: skip
    ships = {number for number in (bill.imo_number, *(leg.imo_number for leg in bill.stages)) if number}
    for number in sorted(ships):
        if not imo_check_digit_is_right(number):
            yield finding(
                "BL-NUMBERS", Severity.REFER, says(bill, "imo_number", number),
                en=f"IMO number {number} of {paper.en} has a wrong check digit.",
                zh=f"{paper.zh} 的船舶 IMO 编号 {number} 校验码错误。",
            )  # fmt: skip


def _packed_for(linked: Links, case: Case, declarations: tuple[ExportDeclaration, ...]) -> tuple[PackingList, ...]:
    """The packing lists of an export, where its invoices and theirs are exactly the declarations given."""
    numbers = {declaration.number for declaration in declarations}
    invoices = {
        invoice.id
        for export in linked.exports
        if numbers.issuperset(declaration.number for declaration in export.declarations)
        for invoice in export.invoices
    }
    lists = ((record.document, linked.invoices_of(record.document)) for record in case.packing_lists)
    return tuple(paper for paper, packed in lists if packed and invoices.issuperset(item.id for item in packed))


def _sum(values: list[Decimal | None]) -> Decimal | None:
    """None where there is nothing to sum, or a part of it is not stated."""
    stated = [value for value in values if value is not None]
    return summed(stated) if stated and len(stated) == len(values) else None


@rule("BL-WEIGHT", Severity.REFER, source="ISBP 745")
def bl_weight(case: Case) -> Iterator[Finding]:
    """Gross weight or packages differ between bill, declarations and packing lists beyond the policy's percentage.

    Goods of one declaration may be on several bills: no single one has to weigh the same then.
    """
    linked, percent = links(case), case.tolerances.weight_percent
    for bill, declarations in _bills(case):
        if any(len(linked.shipments_of(item)) > 1 for item in declarations):
            continue
        lists = _packed_for(linked, case, declarations)
        for field, words, mine, others in (
            ("gross_weight_kg", Words("gross weight in kg", "毛重（千克）"), bill.gross_weight_kg, (
                (declarations, _sum([item.gross_weight_kg for item in declarations])),
                (lists, _sum([item.gross_weight_kg for item in lists])),
            )),
            ("packages", Words("number of packages", "件数"), _whole(bill.packages), (
                (declarations, _sum([_whole(item.packages) for item in declarations])),
                (lists, _sum([_whole(item.packages) for item in lists])),
            )),
        ):  # fmt: skip
            for papers, theirs in others:
                if mine is not None and theirs is not None and beyond(theirs, mine, percent):
                    yield _weighs(bill, papers, field, words, mine, theirs)


def _whole(number: int | None) -> Decimal | None:
    return None if number is None else Decimal(number)


def _weighs(
    bill: TransportDocument, papers: tuple[Document, ...], field: str, words: Words, mine: Decimal, theirs: Decimal
) -> Finding:
    paper, others = titled(bill), called(papers)
    return finding(
        "BL-WEIGHT", Severity.REFER, says(bill, field, mine), *(says(paper, field, theirs) for paper in papers),
        en=f"The {words.en} is {plain(mine)} on {paper.en} and {plain(theirs)} on {others.en}.",
        zh=f"{words.zh}：{paper.zh} 为 {plain(mine)}，{others.zh} 为 {plain(theirs)}。",
    )  # fmt: skip


@rule("PL-INV-QTY", Severity.REFER, source="ISBP 745 M")
def pl_inv_quantity(case: Case) -> Iterator[Finding]:
    """Packed and invoiced quantities differ, by HS code where all lines carry one, else by unit.

    All packing lists of the same invoices count together, since partial packing lists are usual.
    """
    groups: dict[tuple[str, ...], tuple[list[PackingList], tuple[CommercialInvoice, ...]]] = {}
    for packing in (record.document for record in case.packing_lists):
        invoices = links(case).invoices_of(packing)
        if invoices:
            groups.setdefault(tuple(item.id for item in invoices), ([], invoices))[0].append(packing)
    for lists, invoices in groups.values():
        packed = counted(Goods(line.hs_code, line.quantity, line.unit) for item in lists for line in item.lines)
        billed = counted(Goods(line.hs_code, line.quantity, line.unit) for item in invoices for line in item.lines)
        if not packed or not billed:
            continue
        for goods in compared(packed, billed):
            if goods.ours != goods.theirs:
                ours, theirs = called(lists), called(invoices)
                yield finding(
                    "PL-INV-QTY", Severity.REFER,
                    *(says(item, f"quantity, {goods.words.en}", goods.ours) for item in lists),
                    *(says(item, f"quantity, {goods.words.en}", goods.theirs) for item in invoices),
                    en=f"{ours.en} and {theirs.en} differ in quantity ({goods.words.en}): {plain(goods.ours)} packed, "
                    f"{plain(goods.theirs)} invoiced.",
                    zh=f"{ours.zh} 与{theirs.zh} 数量不符（{goods.words.zh}）：装箱 {plain(goods.ours)}，"
                    f"发票 {plain(goods.theirs)}。",
                )  # fmt: skip
