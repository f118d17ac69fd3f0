"""The ledger's values as programs see them: with the names by which a next call refers to their parts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, computed_field

from eximledger_chaincode.documents.parts.base import Moment
from eximledger_chaincode.lending.loan import Loan
from eximledger_chaincode.lending.screening.hits import Clearing, Hit
from eximledger_chaincode.lending.verdict import Finding, Verdict

__all__ = ["ClearingSeen", "FindingSeen", "HistorySeen", "HitSeen", "LoanSeen", "RescreenedSeen", "VerdictSeen"]


class FindingSeen(Finding):
    """A finding; an override names its `id`."""

    @computed_field  # type: ignore[prop-decorator]  # pydantic's way
    @property
    def id(self) -> str:
        """What an override names."""
        return super().id


class VerdictSeen(Verdict):
    """A verdict; an approval names its evidence hash by the loan's ETag."""

    findings: tuple[FindingSeen, ...]


class LoanSeen(Loan):
    """A loan; a confirmation names `proposed.sha256`."""

    verdict: VerdictSeen | None = None

    @computed_field  # type: ignore[prop-decorator]
    @property
    def matures_on(self) -> date:
        """As the last step that changed it has it."""
        return super().matures_on

    @computed_field  # type: ignore[prop-decorator]
    @property
    def rate_percent(self) -> Decimal:
        """Per cent a year, as the last step that changed it has it."""
        return super().rate_percent


class HistorySeen(BaseModel):
    """The loan as one transaction left it."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    loan: LoanSeen
    transaction_id: str
    timestamp: Moment


class HitSeen(Hit):
    """A hit; a clearing names its `key`."""

    @computed_field  # type: ignore[prop-decorator]
    @property
    def key(self) -> str:
        """What a clearing names."""
        return super().key


class ClearingSeen(Clearing):
    """A clearing; who confirms it names `hit.subject` and `sha256`."""

    hit: HitSeen

    @computed_field  # type: ignore[prop-decorator]
    @property
    def sha256(self) -> str:
        """What the second person names."""
        return super().sha256


class RescreenedSeen(BaseModel):
    """A loan that was held against today's lists."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    loan_id: str
    bank: str
    findings: tuple[FindingSeen, ...] = ()
    new: tuple[FindingSeen, ...] = ()
    hits: tuple[HitSeen, ...] = ()
    recorded: bool = False
    trouble: str = ""
