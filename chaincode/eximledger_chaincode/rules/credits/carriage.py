"""Shipments against a letter of credit: days, ports, parts, changes of ship; and the papers that it asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from eximledger_chaincode.documents import (
    KINDS,
    LetterOfCredit,
    Permission,
    Place,
    TransportDocument,
    TransportType,
    compared_name,
)
from eximledger_chaincode.documents.parts.names.ships import same_ship, same_voyage
from eximledger_chaincode.lending.likeness.voyages import loaded_on
from eximledger_chaincode.lending.verdict import Finding, Severity
from eximledger_chaincode.rules.basis.case import Case
from eximledger_chaincode.rules.basis.drawings import drawings
from eximledger_chaincode.rules.basis.wording import Words, called, finding, says, titled
from eximledger_chaincode.rules.ruleset.registry import rule

_BY_SEA: Final = frozenset({TransportType.BILL_OF_LADING, TransportType.SEA_WAYBILL})


@rule("LC-LATEST", Severity.REFER, source="UCP 600 art. 20(a)(ii), 29(c)")
def lc_latest(case: Case) -> Iterator[Finding]:
    """On board after the latest shipment of the letter of credit, or after its expiry where it states none."""
    for drawing in drawings(case):
        credit = drawing.credit
        field = "expires_on" if credit.latest_shipment_on is None else "latest_shipment_on"
        latest = credit.latest_shipment_on or credit.expires_on
        for bill in drawing.bills:
            loaded = loaded_on(bill)
            if loaded is not None and loaded > latest:
                paper, terms = titled(bill), titled(credit)
                yield finding(
                    "LC-LATEST", Severity.REFER, says(bill, "on_board_on", loaded), says(credit, field, latest),
                    en=f"{paper.en} was on board on {loaded}; {terms.en} allows shipment until {latest}.",
                    zh=f"{paper.zh} 装船日期 {loaded} 晚于{terms.zh} 的最迟装运期 {latest}。",
                )  # fmt: skip


@rule("LC-PRESENT", Severity.REFER, source="UCP 600 art. 14(c)")
def lc_present(case: Case) -> Iterator[Finding]:
    """Presented, which is the day of the decision, later than the days after shipment that the letter of credit gives,
    21 where it states none."""
    for drawing in drawings(case):
        credit, most = drawing.credit, drawing.credit.days_to_present
        for bill in drawing.bills:
            loaded = loaded_on(bill)
            if loaded is not None and most is not None and (case.today - loaded).days > most:
                paper, terms = titled(bill), titled(credit)
                yield finding(
                    "LC-PRESENT", Severity.REFER, says(bill, "on_board_on", loaded),
                    says(credit, "presentation_days", most),
                    en=f"{paper.en}, on board on {loaded}, is presented later than the {most} days after shipment of "
                    f"{terms.en}.",
                    zh=f"{paper.zh} 装船日期 {loaded}，交单晚于{terms.zh} 规定的装运后 {most} 天。",
                )  # fmt: skip


@rule("LC-PORTS", Severity.REFER, source="UCP 600 art. 20(a)(iii); ISBP 821 E6")
def lc_ports(case: Case) -> Iterator[Finding]:
    """Loaded or discharged elsewhere than the letter of credit says: by UN/LOCODE where both give one, else by name; a
    credit that takes any port of a country is not compared."""
    for drawing in drawings(case):
        credit = drawing.credit
        for bill in drawing.bills:
            for field, words, mine, theirs in (
                ("loading", Words("was loaded at", "的装货港为"), bill.loading, credit.loading),
                ("discharge", Words("is discharged at", "的卸货港为"), bill.discharge, credit.discharge),
            ):
                if mine is None or theirs is None or _may_be_one(mine, theirs):
                    continue
                paper, terms, here, there = titled(bill), titled(credit), _named(mine), _named(theirs)
                yield finding(
                    "LC-PORTS", Severity.REFER, says(bill, field, here), says(credit, field, there),
                    en=f"{paper.en} {words.en} {here}; {terms.en} says {there}.",
                    zh=f"{paper.zh} {words.zh} {here}，{terms.zh} 为 {there}。",
                )  # fmt: skip


_ANY: Final = re.compile(r"\bany\b|任何|任意|任一")


def _may_be_one(left: Place, right: Place) -> bool:
    """Whether two places may be the same one: "Shanghai" and "Shanghai, China" are; what cannot be compared may be."""
    if left.code is not None and right.code is not None and len(left.code) == len(right.code):
        return left.code == right.code
    if left.name is None or right.name is None:
        return True
    mine, theirs = (f" {compared_name(name)} " for name in (left.name, right.name))
    return bool(_ANY.search(theirs)) or mine in theirs or theirs in mine


def _named(place: Place) -> str:
    return place.code or place.name or "-"


@rule("LC-PARTIAL", Severity.REFER, source="UCP 600 art. 31")
def lc_partial(case: Case) -> Iterator[Finding]:
    """Shipped in parts under a letter of credit that forbids it: on different ships or voyages, to different ports."""
    for drawing in drawings(case):
        credit = drawing.credit
        sailings = {_sailing(bill) for bill in drawing.bills}
        if credit.partial_shipments is Permission.NOT_ALLOWED and len(sailings) > 1:
            papers, terms = called(drawing.bills), titled(credit)
            yield finding(
                "LC-PARTIAL", Severity.REFER, says(credit, "partial_shipments", credit.partial_shipments),
                *(says(bill, "voyage", " ".join(_sailing(bill))) for bill in drawing.bills),
                en=f"{papers.en} are of more than one shipment; {terms.en} does not allow partial shipments.",
                zh=f"{papers.zh} 属于不止一次装运；{terms.zh} 不允许分批装运。",
            )  # fmt: skip


def _sailing(bill: TransportDocument) -> tuple[str, str, str]:
    """What is one shipment (art. 31(b)): one ship and voyage to one destination; a bill that names neither is one."""
    ship = bill.imo_number or same_ship(bill.vessel or "")
    goes_to = "" if bill.discharge is None else bill.discharge.code or compared_name(bill.discharge.name or "")
    return (ship or bill.number, same_voyage(bill.voyage) if bill.voyage else "", goes_to)


@rule("LC-TRANSHIP", Severity.REFER, source="UCP 600 art. 20(b), (c)")
def lc_tranship(case: Case) -> Iterator[Finding]:
    """Goods that are not in containers change the ship under a letter of credit that forbids it."""
    for drawing in drawings(case):
        credit = drawing.credit
        if credit.transhipment is not Permission.NOT_ALLOWED:
            continue
        for bill in drawing.bills:
            changes = _changes_ship(bill)
            if bill.type in _BY_SEA and changes and not bill.containers:
                paper, terms = titled(bill), titled(credit)
                yield finding(
                    "LC-TRANSHIP", Severity.REFER, says(bill, "transshipment", changes),
                    says(credit, "transhipment", credit.transhipment),
                    en=f"{paper.en} shows a change of ship ({changes}); {terms.en} does not allow transhipment.",
                    zh=f"{paper.zh} 显示转运（{changes}）；{terms.zh} 不允许转运。",
                )  # fmt: skip


def _changes_ship(bill: TransportDocument) -> str:
    """Where, or on what ships, a bill says that the goods go on; nothing where it says of none."""
    places = [_named(place) for leg in bill.stages for place in leg.transshipment]
    legs = [leg for leg in bill.stages if leg.mode in {None, "1"} and not leg.pre_carriage and not leg.on_carriage]
    ships = dict.fromkeys(same_ship(leg.conveyance or leg.means or "") or leg.imo_number for leg in legs)
    named = [ship for ship in ships if ship]
    return ", ".join(places) or (", ".join(named) if len(named) > 1 else "")


_ASKED: Final = (
    ("invoice", re.compile(r"\binvoice|发票")),
    ("transport", re.compile(r"\bbills? of lading\b|\bb/l\b|\b(air|sea) ?waybill|\bwaybill|提单|运单")),
    ("packing-list", re.compile(r"\bpacking list|装箱单")),
    ("insurance", re.compile(r"\binsurance (policy|certificate|document)|保险单")),
)
"""Papers by the words with which credits ask for them (SWIFT 46A)."""


@rule("LC-PAPERS", Severity.REFER, source="UCP 600 art. 14(a)")
def lc_papers(case: Case) -> Iterator[Finding]:
    """A letter of credit, under which something of the case is drawn, asks for an invoice, a transport document, a
    packing list or insurance, and the case has none."""
    for drawing in drawings(case):
        credit = drawing.credit
        if not drawing.invoices and not drawing.shipments:
            continue
        there = {
            "invoice": drawing.invoices,
            "transport": drawing.shipments,
            "packing-list": case.packing_lists,
            "insurance": case.insurance_documents,
        }
        for kind in _asked_for(credit):
            if not there[kind]:
                wanted, terms = KINDS[kind].words, titled(credit)
                yield finding(
                    "LC-PAPERS", Severity.REFER, says(credit, "documents_required", kind),
                    en=f"{terms.en} asks for a paper of which the case has none: {wanted.en}.",
                    zh=f"{terms.zh} 要求提交{wanted.zh}，本案未提供。",
                )  # fmt: skip


def _asked_for(credit: LetterOfCredit) -> list[str]:
    """The kinds that begin one of the papers it lists: a "packing list showing invoice number" asks for no invoice."""
    heads = [text.casefold()[:120] for text in credit.documents_required]
    found = [[(match.start(), kind) for kind, words in _ASKED if (match := words.search(head))] for head in heads]
    return sorted({min(kinds)[1] for kinds in found if kinds})
