"""Rules on papers that were financed before, here or at another bank."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Final, TypeAlias

from eximledger_chaincode.documents import (
    KINDS,
    CommercialInvoice,
    Document,
    Record,
    SalesContract,
    TransportDocument,
    same_number,
)
from eximledger_chaincode.lending.likeness.fingerprints import Similarity, all_but_number
from eximledger_chaincode.lending.register import PaperMatch, PaperStanding
from eximledger_chaincode.lending.verdict import DocumentName, Finding, Severity
from eximledger_chaincode.rules.basis.case import Case
from eximledger_chaincode.rules.basis.wording import Words, finding, says, titled
from eximledger_chaincode.rules.ruleset.registry import rule

_SOURCE: Final = "trade financing validation services"
_Paper: TypeAlias = SalesContract | CommercialInvoice | TransportDocument
_DIFFERENT: Final[Mapping[Similarity, Words]] = {
    Similarity.ALL_BUT_NUMBER: Words("number", "号码"),
    Similarity.ALL_BUT_AMOUNT: Words("amount", "金额"),
    Similarity.ALL_BUT_DATE: Words("date", "日期"),
    Similarity.ALL_BUT_PARTIES: Words("parties", "当事方"),
}
_EQUAL: Final = Words(
    "alike in all but their numbers: one paper twice, or of equal consignments",
    "除编号外完全相同：可能是同一单据，也可能是相同的两批货物",
)
_RESTS: Final[Mapping[PaperStanding, Words]] = {
    PaperStanding.STANDING: Words("a standing loan of another bank rests on it", "他行有效贷款以此为据"),
    PaperStanding.DISBURSED: Words("another bank has disbursed a loan on it", "他行已据此放款"),
    PaperStanding.UNDRAWN: Words(
        "another bank approved a loan on it that was never drawn", "他行据此批准的贷款从未提款"
    ),
}


def _papers(case: Case) -> tuple[Record[SalesContract] | Record[CommercialInvoice] | Record[TransportDocument], ...]:
    return (*case.contracts, *case.invoices, *case.transport_documents)


def _matched(case: Case, match: PaperMatch) -> Document | DocumentName:
    """The paper of the case; its kind and id where the case does not hold it."""
    for record in _papers(case):
        if record.kind == match.kind and record.id == match.id:
            return record.document
    return DocumentName(kind=match.kind, number=match.id)


def _matches(case: Case) -> Iterator[PaperMatch]:
    """Of papers that stand for one export. A contract or credit is a frame for many: a balance, never a duplicate."""
    return (match for match in case.matches if match.kind not in KINDS or not KINDS[match.kind].frame)


@rule("DUP-EXACT", Severity.REJECT, Severity.REFER, source=_SOURCE)
def dup_exact(case: Case) -> Iterator[Finding]:
    """Another loan was approved on the same paper. Another bank's, standing or disbursed: reject. Never drawn, or this
    bank's own: refer."""
    exact = (match for match in _matches(case) if match.similarity is Similarity.EXACT)
    for match in dict.fromkeys(_without_standing(match) if match.same_bank else match for match in exact):
        paper, severity, words = _matched(case, match), Severity.REFER, _RESTS[match.standing]
        if match.same_bank:
            words = Words("this bank has approved another loan on it", "本行已据此批准另一笔贷款")
        elif match.standing is not PaperStanding.UNDRAWN:
            severity = Severity.REJECT
        yield finding(
            "DUP-EXACT", severity, says(paper, "financed", words.en),
            en=f"{titled(paper).en} is financed already: {words.en}.",
            zh=f"{titled(paper).zh} 已有融资：{words.zh}。",
        )  # fmt: skip


def _without_standing(match: PaperMatch) -> PaperMatch:
    """For what is judged alike however far the loan came: a step of its life makes no other finding."""
    return match.model_copy(update={"standing": PaperStanding.STANDING})


@rule("DUP-NEAR", Severity.REFER, source=_SOURCE)
def dup_near(case: Case) -> Iterator[Finding]:
    """A paper alike in all but one of number, amount, date and parties was approved for another loan."""
    near = (match for match in _matches(case) if match.similarity in _DIFFERENT)
    for match in dict.fromkeys(map(_without_standing, near)):
        paper, trait = _matched(case, match), _DIFFERENT[match.similarity]
        bank = Words("of this bank", "本行") if match.same_bank else Words("of another bank", "他行")
        yield finding(
            "DUP-NEAR", Severity.REFER, says(paper, f"alike in all but {trait.en}", f"a paper {bank.en}"),
            en=f"{titled(paper).en} is like a financed paper {bank.en} in everything but its {trait.en}.",
            zh=f"{titled(paper).zh} 与{bank.zh}一份已融资的单据除{trait.zh}外完全相同。",
        )  # fmt: skip


@rule("DUP-UNMATCHED", Severity.REJECT, source=_SOURCE)
def dup_unmatched(case: Case) -> Iterator[Finding]:
    """A paper was not looked up in the register of all banks as it is now: nobody knows yet whether it is financed."""
    for name in dict.fromkeys(case.unmatched):
        paper = _named(case, name)
        yield finding(
            "DUP-UNMATCHED", Severity.REJECT, says(paper, "looked up", "no"),
            en=f"{titled(paper).en} has not been looked up in the register of all banks as it is now.",
            zh=f"{titled(paper).zh} 的现行版本尚未在各行融资登记中查询。",
        )  # fmt: skip


def _named(case: Case, name: DocumentName) -> Document | DocumentName:
    """The paper of the case; its name where the case does not hold it."""
    found = (record.document for record in _papers(case) if (record.kind, record.number) == (name.kind, name.number))
    return next(found, name)


def _cargo(paper: _Paper) -> set[str]:
    """By what a paper tells its goods from equal ones: the declarations, bills and containers that it names."""
    match paper:
        case TransportDocument():
            return {*paper.declaration_numbers, *(container.number for container in paper.containers)}
        case CommercialInvoice():
            return {*paper.declaration_numbers, *paper.bill_numbers}
        case _:
            return set()


def _other_cargo(left: _Paper, right: _Paper) -> bool:
    """Whether two papers say by themselves that they are of different goods.

    Bills of one sailing may be alike in weight, packages, date and parties: their containers tell them apart. Invoices
    of equal consignments may be alike in amount, date and parties: their declarations or bills do.
    """
    if isinstance(left, TransportDocument) and isinstance(right, TransportDocument):
        containers = [{container.number for container in bill.containers} for bill in (left, right)]
        declared = [{*bill.declaration_numbers} for bill in (left, right)]
        apart = bool(declared[0] and declared[1]) and declared[0].isdisjoint(declared[1]) and not containers[0]
        return containers[0] != containers[1] or left.gross_weight_kg is None or apart
    mine, theirs = _cargo(left), _cargo(right)
    return bool(mine and theirs) and mine.isdisjoint(theirs)


@rule("DUP-WITHIN", Severity.REJECT, Severity.REFER, source=_SOURCE)
def dup_within(case: Case) -> Iterator[Finding]:
    """One application shows a paper under two numbers: reject. Where neither names a declaration, bill or container, it
    may be of equal consignments: refer.

    Papers that name different containers, declarations or bills are of equal consignments, not the same.
    """
    alike: dict[str, list[_Paper]] = {}
    for record in _papers(case):
        alike.setdefault(all_but_number(record.document), []).append(record.document)
    for left, right in (pair for group in alike.values() for pair in combinations(group, 2)):
        if not _other_cargo(left, right):
            one = titled(left)
            again = same_number(left.number, right.number)
            en, zh = ("filed twice", "重复入账") if again else ("one paper under two numbers", "是同一单据的两个编号")
            severity = Severity.REJECT
            if not again and not _cargo(left) and not _cargo(right):
                severity, (en, zh) = Severity.REFER, _EQUAL
            yield finding(
                "DUP-WITHIN", severity, says(left, "number", left.number), says(right, "number", right.number),
                en=f"{one.en} and {right.number} are {en}.",
                zh=f"{one.zh} 与 {right.number} {zh}。",
            )  # fmt: skip
