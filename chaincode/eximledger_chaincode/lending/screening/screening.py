"""A re-screening of a loan as the bank keeps it: by which editions, what was found, and what of it is new."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

from eximledger_chaincode.documents import Value
from eximledger_chaincode.documents.parts.base import First, Moment, Version
from eximledger_chaincode.lending.loan import LoanId
from eximledger_chaincode.lending.verdict import Finding, Severity

__all__ = ["Edition", "Screening", "news", "screening_of"]


class Edition(Value):
    """The edition of a list that a loan was held against."""

    list_id: str
    version: Version
    edition: str


class Screening(Value):
    """What was found, and when."""

    kind: Literal["screening"] = "screening"
    schema_version: First = 1
    loan_id: LoanId
    at: Moment
    editions: tuple[Edition, ...] = ()
    findings: tuple[Finding, ...] = ()

    def says_the_same(self, other: Screening) -> bool:
        """But for the time."""
        return (self.editions, self.findings) == (other.editions, other.findings)


def screening_of(
    loan_id: str,
    lists: Iterable[Edition],
    findings: Sequence[Finding],
    at: datetime,
) -> Screening:
    """A screening of a case by its lists."""
    return Screening(loan_id=loan_id, at=at, editions=tuple(lists), findings=tuple(findings))


def news(findings: Iterable[Finding], known: Iterable[Finding]) -> tuple[Finding, ...]:
    """What refers or rejects now and was not known, or not as so severe."""
    before = {(each.id, each.severity) for each in known}
    return tuple(
        each for each in findings if each.severity is not Severity.INFORM and (each.id, each.severity) not in before
    )
