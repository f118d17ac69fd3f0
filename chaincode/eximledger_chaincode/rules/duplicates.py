"""Rules on papers that were financed before, here or at another bank."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import TypeAlias

from eximledger_chaincode.documents import CommercialInvoice, SalesContract, TransportDocument
from eximledger_chaincode.documents.record import Entry
from eximledger_chaincode.rules._finding import finding, says
from eximledger_chaincode.rules._registry import rule
from eximledger_chaincode.rules.case import Case, PaperMatch, Similarity
from eximledger_chaincode.rules.fingerprints import fingerprint, similarity
from eximledger_chaincode.rules.verdict import DocumentName, Finding, Severity

_SOURCE = "trade financing validation services (MonetaGo, SWIFT)"
_Paper: TypeAlias = SalesContract | CommercialInvoice | TransportDocument
_DIFFERENT = {
    Similarity.ALL_BUT_NUMBER: ("number", "号码"),
    Similarity.ALL_BUT_AMOUNT: ("amount", "金额"),
    Similarity.ALL_BUT_DATE: ("date", "日期"),
    Similarity.ALL_BUT_PARTIES: ("parties", "当事方"),
}


def _name(case: Case, match: PaperMatch) -> DocumentName:
    """The paper as the case names it; by its id where the case does not hold it."""
    papers: tuple[Entry, ...] = (*case.contracts, *case.invoices, *case.transport_documents)
    for entry in papers:
        if entry.kind == match.kind and entry.id == match.id:
            return DocumentName(kind=entry.kind, number=entry.number)
    return DocumentName(kind=match.kind, number=match.id)


def _matches(case: Case) -> list[PaperMatch]:
    return sorted(case.matches, key=lambda match: (match.kind, match.id, match.loan_id, match.similarity))


@rule("DUP-EXACT", Severity.REJECT, source=_SOURCE)
def dup_exact(case: Case) -> Iterator[Finding]:
    """The same paper has been financed already."""
    for match in _matches(case):
        if match.similarity is Similarity.EXACT:
            name = _name(case, match)
            yield finding(
                "DUP-EXACT", Severity.REJECT, says(name, "registered for", f"{match.bank} {match.loan_id}"),
                en=f"{name} is already registered for loan {match.loan_id} of {match.bank}.",
                zh=f"{name} 已为 {match.bank} 的贷款 {match.loan_id} 登记融资。",
            )  # fmt: skip


@rule("DUP-NEAR", Severity.REFER, source=_SOURCE)
def dup_near(case: Case) -> Iterator[Finding]:
    """A paper alike in all but one of number, amount, date and parties has been financed."""
    for match in _matches(case):
        if match.similarity is not Similarity.EXACT:
            name, (trait, zh) = _name(case, match), _DIFFERENT[match.similarity]
            yield finding(
                "DUP-NEAR", Severity.REFER, says(name, f"alike in all but {trait}", f"{match.bank} {match.loan_id}"),
                en=f"{name} is like a paper of loan {match.loan_id} of {match.bank} in everything but its {trait}.",
                zh=f"{name} 与 {match.bank} 贷款 {match.loan_id} 的一份单据除{zh}外完全相同。",
            )  # fmt: skip


def _same_cargo(left: _Paper, right: _Paper) -> bool:
    if isinstance(left, TransportDocument) and isinstance(right, TransportDocument):
        containers = [{container.number for container in bill.containers} for bill in (left, right)]
        return containers[0] == containers[1] and left.gross_weight_kg is not None
    return True


@rule("DUP-WITHIN", Severity.REJECT, source=_SOURCE)
def dup_within(case: Case) -> Iterator[Finding]:
    """One application shows the same paper under two numbers.

    Bills of one sailing may be alike in weight, packages, date and parties: they must name the same containers too.
    """
    groups: tuple[tuple[_Paper, ...], ...] = (
        tuple(record.document for record in sorted(case.contracts, key=lambda record: record.id)),
        tuple(record.document for record in sorted(case.invoices, key=lambda record: record.id)),
        tuple(record.document for record in sorted(case.transport_documents, key=lambda record: record.id)),
    )
    for group in groups:
        marked = [(paper, fingerprint(paper)) for paper in group]
        for (left, one), (right, other) in combinations(marked, 2):
            if similarity(one, other) in {Similarity.EXACT, Similarity.ALL_BUT_NUMBER} and _same_cargo(left, right):
                yield finding(
                    "DUP-WITHIN", Severity.REJECT, says(left, "number", left.number),
                    says(right, "number", right.number),
                    en=f"{left.KIND} {left.number} and {right.number} are one paper under two numbers.",
                    zh=f"{left.KIND} {left.number} 与 {right.number} 是同一单据的两个编号。",
                )  # fmt: skip
