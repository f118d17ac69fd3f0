"""Rules on transport documents: for whom, and under which numbers."""

from __future__ import annotations

from collections.abc import Iterator

from eximledger_chaincode.documents import (
    ExportDeclaration,
    TransportDocument,
    compared_number,
    container_check_digit_is_right,
    imo_check_digit_is_right,
)
from eximledger_chaincode.lending.verdict import Finding, Severity
from eximledger_chaincode.rules.basis.case import Case
from eximledger_chaincode.rules.basis.links import Links, links
from eximledger_chaincode.rules.basis.wording import called, finding, says, titled
from eximledger_chaincode.rules.ruleset.registry import rule


def _bills(case: Case) -> Iterator[tuple[TransportDocument, tuple[ExportDeclaration, ...]]]:
    for shipment in links(case).shipments:
        yield shipment.bill, shipment.declarations


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
