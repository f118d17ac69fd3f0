"""A verdict's findings for a page: by severity, with the papers side by side and what differs marked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from eximledger_chaincode.documents import compared_number
from eximledger_chaincode.lending.loan import Loan
from eximledger_chaincode.lending.verdict import DocumentName, Finding, Severity, Statement, Verdict
from eximledger_chaincode.rules.sanctions import CLEARING

__all__ = ["Cell", "Changed", "Column", "FindingGroup", "ShownFinding", "changed_findings", "grouped", "shown_findings"]

_NONE: Final[Mapping[str, str]] = {}
_ORDER: Final = (Severity.REJECT, Severity.REFER, Severity.INFORM)


@dataclass(frozen=True, slots=True)
class Cell:
    """What a paper says in one field. `differs` where the paper beside it says something else."""

    field: str
    value: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Column:
    """One paper of a finding, and what it says."""

    document: DocumentName
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding, the papers side by side, and the reason for which an officer set it aside."""

    finding: Finding
    columns: tuple[Column, ...]
    override: str | None = None
    """The reason of the officer who approved in spite of it."""


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """The findings of one severity, worst first."""

    severity: Severity
    findings: tuple[ShownFinding, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """What came to a verdict, and what went, since another one was shown."""

    gained: tuple[Finding, ...]
    lost: tuple[Finding, ...]
    papers: tuple[DocumentName, ...]
    """Papers that stand in another version than then, or were not there, or are there no longer."""

    @property
    def anything(self) -> bool:
        return bool(self.gained or self.lost or self.papers)


def grouped(verdict: Verdict, loan: Loan | None = None) -> tuple[FindingGroup, ...]:
    """The findings by severity; with a loan also why officers set them aside when they approved this evidence."""
    reasons = _overrides(verdict, loan)
    shown = shown_findings(verdict.findings, reasons)
    groups = [
        FindingGroup(severity, tuple(each for each in shown if each.finding.severity is severity))
        for severity in _ORDER
    ]
    return tuple(each for each in groups if each.findings)


def shown_findings(findings: Iterable[Finding], overrides: Mapping[str, str] = _NONE) -> tuple[ShownFinding, ...]:
    """Findings with their papers side by side, in the order given."""
    return tuple(ShownFinding(each, _columns(each.statements), overrides.get(each.id)) for each in findings)


def changed_findings(before: Verdict, now: Verdict) -> Changed:
    """What changed between the verdict that a page showed and the one that holds."""
    then, today = {each.id: each for each in before.findings}, {each.id: each for each in now.findings}
    old = {(each.kind, each.id): (each.version, each.sha256) for each in before.evidence}
    new = {(each.kind, each.id): (each.version, each.sha256) for each in now.evidence}
    moved = sorted(key for key in old.keys() | new.keys() if old.get(key) != new.get(key))
    return Changed(
        tuple(each for name, each in today.items() if name not in then),
        tuple(each for name, each in then.items() if name not in today),
        tuple(DocumentName(kind=kind, number=name) for kind, name in moved),
    )


def _overrides(verdict: Verdict, loan: Loan | None) -> Mapping[str, str]:
    if loan is None or loan.approval is None or loan.approval.evidence_hash != verdict.evidence_hash:
        return {}
    return {each.finding: each.reason for each in loan.approval.overrides}


def _columns(statements: Iterable[Statement]) -> tuple[Column, ...]:
    """One column for each paper, in the order of the statements; the cells beside one another are compared."""
    said: dict[tuple[str, str], list[Statement]] = {}
    for each in statements:
        if each.field == CLEARING:
            continue  # a form names it, nobody reads it
        said.setdefault((each.document.kind, compared_number(each.document.number)), []).append(each)
    papers = list(said.values())
    rows = [_row(row) for row in zip_longest(*papers)]
    return tuple(
        Column(paper[0].document, tuple(cell for row in rows if (cell := row[place]) is not None))
        for place, paper in enumerate(papers)
    )


def _row(statements: Sequence[Statement | None]) -> list[Cell | None]:
    first = next((each.value for each in statements if each is not None), "")
    alike = all(each is None or each.value == first for each in statements)
    return [None if each is None else Cell(each.field, each.value, not alike) for each in statements]
