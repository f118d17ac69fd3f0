"""Rules on transport documents: for whom, and under which numbers."""

from __future__ import annotations

from collections.abc import Iterator

from eximledger_chaincode.documents import (
    ExportDeclaration,
    Party,
    TransportDocument,
    compared_number,
    container_check_digit_is_right,
    imo_check_digit_is_right,
)
from eximledger_chaincode.lending.verdict import Finding, Severity
from eximledger_chaincode.rules.basis.case import Case
from eximledger_chaincode.rules.basis.links import Links, links
from eximledger_chaincode.rules.basis.parties import same_party, told_apart
from eximledger_chaincode.rules.basis.wording import Words, called, finding, says, titled
from eximledger_chaincode.rules.ruleset.registry import rule


def _bills(case: Case) -> Iterator[tuple[TransportDocument, tuple[ExportDeclaration, ...]]]:
    for shipment in links(case).shipments:
        yield shipment.bill, shipment.declarations


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
