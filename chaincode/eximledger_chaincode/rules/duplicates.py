"""Rules on papers that were financed before, here or at another bank."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Final, TypeAlias

from eximledger_chaincode.documents import (
    CommercialInvoice,
    Document,
    Record,
    SalesContract,
    TransportDocument,
    same_number,
)
from eximledger_chaincode.lending.fingerprints import Similarity, all_but_number
from eximledger_chaincode.lending.register import PaperMatch, PaperStanding
from eximledger_chaincode.lending.verdict import DocumentName, Finding, Severity
from eximledger_chaincode.rules._registry import rule
from eximledger_chaincode.rules.basis.case import Case
from eximledger_chaincode.rules.basis.wording import Words, finding, says, titled

_SOURCE: Final = "trade financing validation services (MonetaGo, SWIFT)"
_Paper: TypeAlias = SalesContract | CommercialInvoice | TransportDocument
_DIFFERENT: Final[Mapping[Similarity, Words]] = {
    Similarity.ALL_BUT_NUMBER: Words("number", "号码"),
    Similarity.ALL_BUT_AMOUNT: Words("amount", "金额"),
    Similarity.ALL_BUT_DATE: Words("date", "日期"),
    Similarity.ALL_BUT_PARTIES: Words("parties", "当事方"),
}


def _papers(case: Case) -> tuple[Record[SalesContract] | Record[CommercialInvoice] | Record[TransportDocument], ...]:
    return (*case.contracts, *case.invoices, *case.transport_documents)


def _matched(case: Case, match: PaperMatch) -> Document | DocumentName:
    """The paper of the case; its kind and id where the case does not hold it."""
    for record in _papers(case):
        if record.kind == match.kind and record.id == match.id:
            return record.document
    return DocumentName(kind=match.kind, number=match.id)


_STANDING: Final[Mapping[PaperStanding, Words]] = {
    PaperStanding.DISBURSED: Words("has been paid out on", "已放款融资"),
    PaperStanding.STANDING: Words("is financed", "已办理融资"),
    PaperStanding.UNDRAWN: Words("was approved and never drawn on", "曾获批准但未提款"),
}


def _whose(match: PaperMatch) -> Words:
    """At which bank; never which other one."""
    return Words("by this bank", "本行") if match.same_bank else Words("by another bank", "他行")


@rule("DUP-EXACT", Severity.REJECT, Severity.REFER, source=_SOURCE)
def dup_exact(case: Case) -> Iterator[Finding]:
    """The same paper has been financed already: by another bank, reject; there but never drawn on, or here, refer."""
    for match in case.matches:
        if match.similarity is Similarity.EXACT:
            paper, whose, what = _matched(case, match), _whose(match), _STANDING[match.standing]
            drawn = match.standing is not PaperStanding.UNDRAWN
            severity = Severity.REJECT if drawn and not match.same_bank else Severity.REFER
            yield finding(
                "DUP-EXACT", severity, says(paper, whose.en, match.standing.value),
                en=f"{titled(paper).en} {what.en} {whose.en} already.",
                zh=f"{titled(paper).zh} {whose.zh}{what.zh}。",
            )  # fmt: skip


@rule("DUP-NEAR", Severity.REFER, source=_SOURCE)
def dup_near(case: Case) -> Iterator[Finding]:
    """A paper alike in all but one of number, amount, date and parties has been financed."""
    for match in case.matches:
        if match.similarity is not Similarity.EXACT:
            paper, whose, trait = _matched(case, match), _whose(match), _DIFFERENT[match.similarity]
            yield finding(
                "DUP-NEAR", Severity.REFER, says(paper, f"alike in all but {trait.en}", whose.en),
                en=f"{titled(paper).en} is like a paper financed {whose.en} in everything but its {trait.en}.",
                zh=f"{titled(paper).zh} 与{whose.zh}已融资的一份单据除{trait.zh}外完全相同。",
            )  # fmt: skip


def _other_cargo(left: _Paper, right: _Paper) -> bool:
    """Whether two papers say by themselves that they are of different goods.

    Bills of one sailing may be alike in weight, packages, date and parties: their containers tell them apart. Invoices
    of equal consignments may be alike in amount, date and parties: their declarations or bills do.
    """
    if isinstance(left, TransportDocument) and isinstance(right, TransportDocument):
        containers = [{container.number for container in bill.containers} for bill in (left, right)]
        return containers[0] != containers[1] or left.gross_weight_kg is None
    if isinstance(left, CommercialInvoice) and isinstance(right, CommercialInvoice):
        named = [{*paper.declaration_numbers, *paper.bill_numbers} for paper in (left, right)]
        return bool(named[0] and named[1]) and named[0].isdisjoint(named[1])
    return False


@rule("DUP-WITHIN", Severity.REJECT, source=_SOURCE)
def dup_within(case: Case) -> Iterator[Finding]:
    """One application shows the same paper under two numbers.

    Papers that name different containers, declarations or bills are of equal consignments, not the same.
    """
    alike: dict[str, list[_Paper]] = {}
    for record in _papers(case):
        alike.setdefault(all_but_number(record.document), []).append(record.document)
    for left, right in (pair for group in alike.values() for pair in combinations(group, 2)):
        if not _other_cargo(left, right):
            one = titled(left)
            again = same_number(left.number, right.number)
            en, zh = ("filed twice", "重复入账") if again else ("one paper under two numbers", "同一单据的两个编号")
            yield finding(
                "DUP-WITHIN", Severity.REJECT, says(left, "number", left.number), says(right, "number", right.number),
                en=f"{one.en} and {right.number} are {en}.",
                zh=f"{one.zh} 与 {right.number} 是{zh}。",
            )  # fmt: skip
