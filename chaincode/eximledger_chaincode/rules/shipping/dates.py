"""Rules on when the goods were shipped."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from eximledger_chaincode.documents import ExportDeclaration, TransportDocument, TransportType
from eximledger_chaincode.lending.likeness.voyages import loaded_on
from eximledger_chaincode.lending.verdict import Finding, Severity
from eximledger_chaincode.rules.basis.case import Case
from eximledger_chaincode.rules.basis.links import links
from eximledger_chaincode.rules.basis.wording import finding, says, titled
from eximledger_chaincode.rules.ruleset.registry import rule

_BY_SEA: Final = frozenset({TransportType.BILL_OF_LADING, TransportType.SEA_WAYBILL})
_IN_SUMMARIES: Final = frozenset({"1210", "9610"})
"""Modes of cross-border e-commerce, which may be declared for a month at once after the export."""


@rule("BL-DATE", Severity.REFER, Severity.REJECT, source="Customs Law: declare before loading")
def bl_date(case: Case) -> Iterator[Finding]:
    """On board before it was declared: by sea reject, otherwise and in modes that are declared in summaries refer. Too
    many days from the export date: refer."""
    for shipment in links(case).shipments:
        loaded = loaded_on(shipment.bill)
        if loaded is None:
            continue  # BL-ONBOARD says so of a sea bill
        for declaration in shipment.declarations:
            if loaded < declaration.declared_on:
                yield _before_declared(shipment.bill, declaration, loaded)
            elif declaration.exported_on is not None:
                yield from _far_apart(case, shipment.bill, declaration, loaded, declaration.exported_on)


def _before_declared(bill: TransportDocument, declaration: ExportDeclaration, loaded: date) -> Finding:
    strict = bill.type in _BY_SEA and declaration.supervision_mode not in _IN_SUMMARIES
    paper, export = titled(bill), titled(declaration)
    return finding(
        "BL-DATE", Severity.REJECT if strict else Severity.REFER, says(bill, "on_board_on", loaded),
        says(declaration, "declared_on", declaration.declared_on),
        en=f"{paper.en} was on board on {loaded}, before {export.en} of {declaration.declared_on}.",
        zh=f"{paper.zh} 装船日期 {loaded} 早于{export.zh} 的申报日期 {declaration.declared_on}。",
    )  # fmt: skip


def _far_apart(
    case: Case, bill: TransportDocument, declaration: ExportDeclaration, loaded: date, exported: date
) -> Iterator[Finding]:
    apart, paper, export = abs((loaded - exported).days), titled(bill), titled(declaration)
    if apart > case.tolerances.on_board_days:
        yield finding(
            "BL-DATE", Severity.REFER, says(bill, "on_board_on", loaded), says(declaration, "exported_on", exported),
            en=f"{paper.en} was on board on {loaded}, {apart} days from the export of {export.en} on {exported}.",
            zh=f"{paper.zh} 装船日期 {loaded} 与{export.zh} 出口日期 {exported} 相差 {apart} 天。",
        )  # fmt: skip


@rule("BL-ONBOARD", Severity.REFER, source="UCP 600 art. 20(a)(ii)")
def bl_on_board(case: Case) -> Iterator[Finding]:
    """A sea bill without an on-board date: it proves that goods were taken over, not that they were shipped."""
    for shipment in links(case).shipments:
        bill, paper = shipment.bill, titled(shipment.bill)
        if bill.type in _BY_SEA and bill.on_board_on is None:
            yield finding(
                "BL-ONBOARD", Severity.REFER, says(bill, "on_board_on", None),
                en=f"{paper.en} states no date on which the goods were on board.",
                zh=f"{paper.zh} 未注明装船日期。",
            )  # fmt: skip


@rule("BL-LATEST", Severity.REFER, source="UCP 600 art. 20(a)(ii)")
def bl_latest(case: Case) -> Iterator[Finding]:
    """On board after the contract's latest shipment."""
    for shipment in links(case).shipments:
        bill, contract = shipment.bill, shipment.contract
        loaded, latest = loaded_on(bill), None if contract is None else contract.latest_shipment_on
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
    for shipment in links(case).shipments:
        bill, loaded = shipment.bill, loaded_on(shipment.bill)
        days = 0 if loaded is None else (case.today - loaded).days
        if days > most:
            paper = titled(bill)
            yield finding(
                "BL-PRESENT", Severity.INFORM, says(bill, "on_board_on", loaded),
                en=f"{paper.en}, on board on {loaded}, is presented later than the {most} days after shipment that "
                "credits usually allow.",
                zh=f"{paper.zh} 装船日期 {loaded}，交单距装运超过惯常的 {most} 天。",
            )  # fmt: skip
