"""Rules on containers that stand on several papers, here or at another bank."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import combinations
from typing import Final

from eximledger_chaincode.documents import ExportDeclaration, TransportDocument, same_number
from eximledger_chaincode.lending.likeness.fingerprints import Similarity
from eximledger_chaincode.lending.likeness.voyages import UNDER_WAY_DAYS, Voyage, voyage_of
from eximledger_chaincode.lending.register import PaperMatch
from eximledger_chaincode.lending.verdict import DocumentName, Finding, Severity
from eximledger_chaincode.rules.basis.case import Case
from eximledger_chaincode.rules.basis.links import Links, links
from eximledger_chaincode.rules.basis.wording import Words, finding, says, titled
from eximledger_chaincode.rules.ruleset.registry import rule

_HOW: Final[Mapping[Similarity, Words]] = {
    Similarity.SAME_SAILING: Words("on the same sailing", "同一航次"),
    Similarity.UNDER_WAY: Words("under way at the same time", "同一时间在途"),
}
"""The graver first."""


@rule("DUP-SHIPMENT", Severity.REFER, source="FATF phantom shipping")
def dup_shipment(case: Case) -> Iterator[Finding]:
    """A container on the same sailing, or in two places at once, under another bill number or declaration: in the case,
    or among the papers of loans of all banks."""
    yield from _on_two_bills(case)
    yield from _on_two_declarations(case)
    yield from _of_other_loans(case)


def _likeness(one: TransportDocument, other: TransportDocument) -> Similarity | None:
    mine, theirs = voyage_of(one), voyage_of(other)
    if mine.sailing is not None and mine.sailing == theirs.sailing:
        return Similarity.SAME_SAILING
    return Similarity.UNDER_WAY if mine.meets(theirs) else None


def _on_two_bills(case: Case) -> Iterator[Finding]:
    """Two bills that each name the other's number are one: a carrier's and its forwarder's."""
    on: dict[str, list[TransportDocument]] = {}
    for bill in (record.document for record in case.transport_documents):
        for number in sorted({container.number for container in bill.containers}):
            on.setdefault(number, []).append(bill)
    for number, bills in sorted(on.items()):
        for one, other in combinations(bills, 2):
            likeness = None if _one_bill(one, other) else _likeness(one, other)
            if likeness is not None:
                first, second, how = titled(one), titled(other), _HOW[likeness]
                yield finding(
                    "DUP-SHIPMENT", Severity.REFER, says(one, "containers", number), says(other, "containers", number),
                    en=f"Container {number} is on {first.en} and {second.en}, {how.en}.",
                    zh=f"集装箱 {number} 同时列于{first.zh} 和{second.zh}，{how.zh}。",
                )  # fmt: skip


def _one_bill(one: TransportDocument, other: TransportDocument) -> bool:
    mine, theirs = ([number for number in (bill.number, bill.carrier_number) if number] for bill in (one, other))
    return any(same_number(left, right) for left in mine for right in theirs)


def _on_two_declarations(case: Case) -> Iterator[Finding]:
    """Declarations of one bill share its containers; those of two bills, or of two sailings, do not."""
    linked = links(case)
    on: dict[str, list[ExportDeclaration]] = {}
    for declaration in (record.document for record in case.declarations):
        for number in sorted(set(declaration.containers)):
            on.setdefault(number, []).append(declaration)
    for number, declarations in sorted(on.items()):
        for one, other in combinations(declarations, 2):
            if _shipped_together(linked, number, one, other) or not _away(one).meets(_away(other)):
                continue
            first, second, how = titled(one), titled(other), _HOW[Similarity.UNDER_WAY]
            yield finding(
                "DUP-SHIPMENT", Severity.REFER, says(one, "containers", number), says(other, "containers", number),
                en=f"Container {number} is on {first.en} and {second.en}, {how.en}.",
                zh=f"集装箱 {number} 同时列于{first.zh} 和{second.zh}，{how.zh}。",
            )  # fmt: skip


def _shipped_together(linked: Links, number: str, one: ExportDeclaration, other: ExportDeclaration) -> bool:
    """Whether one bill carries both; or the bills of both have the container, and say it themselves."""
    if one.bill_number and other.bill_number and same_number(one.bill_number, other.bill_number):
        return True
    carried = [[each.bill for each in linked.shipments_of(item)] for item in (one, other)]
    if {bill.id for bill in carried[0]} & {bill.id for bill in carried[1]}:
        return True
    return all(any(number == box.number for bill in bills for box in bill.containers) for bills in carried)


def _away(declaration: ExportDeclaration) -> Voyage:
    """For how long its containers are away at least."""
    return Voyage(declaration.dated, declaration.dated + timedelta(days=UNDER_WAY_DAYS - 1), None)


def _of_other_loans(case: Case) -> Iterator[Finding]:
    """How far such a loan came is said of the same paper alone (DUP-EXACT): a step of its life makes no other
    finding."""
    bills = {record.id: record.document for record in case.transport_documents}
    found: dict[tuple[str, str, bool], PaperMatch] = {}
    for match in sorted(case.matches, key=lambda each: each.similarity is not Similarity.SAME_SAILING):
        if match.similarity in _HOW:
            found.setdefault((match.id, match.container, match.same_bank), match)
    for id_, number, same_bank in sorted(found):
        match = found[id_, number, same_bank]
        paper, how = bills.get(id_) or DocumentName(kind=match.kind, number=id_), _HOW[match.similarity]
        bank, name = Words("this bank", "本行") if same_bank else Words("another bank", "他行"), titled(paper)
        yield finding(
            "DUP-SHIPMENT", Severity.REFER, says(paper, "containers", number), says(paper, "financed", f"by {bank.en}"),
            en=f"Container {number} of {name.en} is on a financed paper of {bank.en}, too, {how.en}.",
            zh=f"{name.zh} 的集装箱 {number} 也列于{bank.zh}一份已融资的单据，{how.zh}。",
        )  # fmt: skip
