"""What a bank writes to an exporter of what does not agree: only what the exporter may know, paper by paper.

Nothing in a letter depends on what it may not tell: severities, findings' ids and the order of the verdict, which do,
are not in it, and points that read alike are one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from eximledger_chaincode.documents import KINDS, Money, Party, Words
from eximledger_chaincode.lending.loan import OPEN, Loan
from eximledger_chaincode.lending.verdict import DocumentName, Finding, Severity, Verdict
from eximledger_chaincode.rules import RULES, Rule
from hlf_client.errors import InvalidDocument, Refused

__all__ = ["Letter", "Point", "Section", "left_out", "write_letter"]

DAYS: Final = 15
"""Until when an answer is asked for, where nobody says another day."""

_OF_ANOTHER: Final = "DECL-OWNER"
"""The rule that finds another exporter's declaration: of that one nothing else is told."""

_KINDS: Final = list(KINDS)


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that does not agree, by which source, and what to bring. `to_know` is no hindrance."""

    says: Words
    basis: str
    bring: Words
    to_know: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """The points of one paper."""

    paper: DocumentName
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """Who writes to whom, of which application, and what."""

    bank: str
    to: Party
    loan_id: str
    version: int
    """Of the application."""
    applied_on: date
    amount: Money
    dated: date
    until: date
    """The last day for an answer."""
    sections: tuple[Section, ...]


def write_letter(loan: Loan, bank: str, dated: date, until: date | None = None) -> Letter:
    """The letter on an undecided loan's recorded verdict. Raises `Refused` where there is nothing to write about, and
    `InvalidDocument` for a last day before the letter's own."""
    last = dated + timedelta(days=DAYS) if until is None else until
    if last < dated:
        raise InvalidDocument(f"{last} is before the letter's own date {dated}", field="until", reason="is in the past")
    if loan.state not in OPEN:
        raise Refused(
            f"loan {loan.loan_id} is {loan.state}: a letter asks for papers before it is decided",
            loan_id=loan.loan_id,
            state=loan.state,
        )
    if loan.verdict is None:
        raise Refused(f"loan {loan.loan_id} has not been checked since it was applied for", loan_id=loan.loan_id)
    sections = _sections(loan.verdict)
    if all(point.to_know for section in sections for point in section.points):
        raise Refused(f"nothing found on loan {loan.loan_id} is for the exporter to mend", loan_id=loan.loan_id)
    application = loan.application.document
    return Letter(
        bank=bank,
        to=application.applicant,
        loan_id=loan.loan_id,
        version=loan.version,
        applied_on=application.applied_on,
        amount=application.amount,
        dated=dated,
        until=last,
        sections=sections,
    )


def left_out(verdict: Verdict) -> tuple[Finding, ...]:
    """The findings of which a letter says nothing; for the officer alone."""
    told = {finding for finding, _ in _told(verdict)}
    return tuple(finding for finding in verdict.findings if finding not in told)


def _sections(verdict: Verdict) -> tuple[Section, ...]:
    points: dict[DocumentName, dict[Point, None]] = {}
    for finding, rule in _told(verdict):
        points.setdefault(finding.documents[0], {})[_point(finding, rule)] = None
    return tuple(Section(paper, tuple(sorted(points[paper], key=_rank))) for paper in sorted(points, key=_place))


def _told(verdict: Verdict) -> Iterator[tuple[Finding, Rule]]:
    """A finding of a rule that this release does not know is left out: nobody has said what may be told of it."""
    strange = {name for found in verdict.findings if found.rule == _OF_ANOTHER for name in found.documents}
    for finding in verdict.findings:
        rule = RULES.get(finding.rule)
        if rule is None or rule.remedy.withheld or not finding.documents:
            continue
        if finding.rule == _OF_ANOTHER or strange.isdisjoint(finding.documents):
            yield finding, rule


def _point(finding: Finding, rule: Rule) -> Point:
    remedy = rule.remedy
    says = Words(finding.message.en, finding.message.zh)
    if remedy.instead is not None:
        en, zh = (words.format(paper=name) for words, name in zip(remedy.instead, _named(finding), strict=True))
        says = Words(en[:1].upper() + en[1:], zh)
    return Point(says, remedy.basis or rule.source, remedy.bring, to_know=finding.severity is Severity.INFORM)


def _named(finding: Finding) -> Words:
    paper = finding.documents[0]
    words = KINDS[paper.kind].words
    return Words(f"{words.en} {paper.number}", f"{words.zh} {paper.number}")


def _place(paper: DocumentName) -> tuple[int, str]:
    """Papers in the order of the table of kinds, then by number."""
    return _KINDS.index(paper.kind), paper.number


def _rank(point: Point) -> tuple[bool, str, str]:
    return point.to_know, point.basis, point.says.en
