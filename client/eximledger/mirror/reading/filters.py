"""What lists are asked for: filters whose fields hold together, and the orders that an index answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

__all__ = ["ActFilter", "LoanFilter", "LoanSort", "PaperFilter", "PaperSort"]


class LoanSort(StrEnum):
    OPENED = "opened_at"
    UPDATED = "updated_at"
    MATURITY = "matures_on"
    DUE = "due_on"
    """Only loans of which something is due."""
    AMOUNT = "amount"
    NUMBER = "loan_id"


class PaperSort(StrEnum):
    FILED = "filed_at"
    DATED = "dated"
    """Only papers that carry a date."""


@dataclass(frozen=True, slots=True)
class LoanFilter:
    """All that is given must hold; what is empty or None says nothing."""

    applicant: str = ""
    """A USCC, or a part of a name."""
    states: tuple[str, ...] = ()
    matures_from: date | None = None
    matures_until: date | None = None
    bank: str = ""
    currency: str = ""
    waiting_for_second_person: bool | None = None
    """Whether a step is proposed and not confirmed."""
    not_proposed_by: str = ""
    """Leaves out what this person proposed, who may not confirm it."""
    due_by: date | None = None
    """Of which something is due on this day or before."""
    officer: str = ""
    """Who did a step of it, by name."""
    verdict: str = ""
    rule: str = ""
    """Whose last check has a finding of this rule."""
    paper: str = ""
    """Whose application names this number."""


@dataclass(frozen=True, slots=True)
class PaperFilter:
    """All that is given must hold."""

    kind: str = ""
    number: str = ""
    """Begins so, however it is spelt."""
    party: str = ""
    """A USCC, or a part of the name of a party that it names."""
    loan: str = ""
    """That this loan's application names."""
    bank: str = ""
    exporter: str = ""
    """A USCC."""
    dated_from: date | None = None
    dated_until: date | None = None


@dataclass(frozen=True, slots=True)
class ActFilter:
    """All that is given must hold."""

    person: str = ""
    msp_id: str = ""
    function: str = ""
    """Begins so: `loans:` or `loans:approve`."""
    channel: str = ""
    since: datetime | None = None
    until: datetime | None = None
    valid: bool | None = None
