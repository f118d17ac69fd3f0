"""A loan as the bank channel keeps it, and the steps of its life.

    applied -> checked -> approved -> disbursed -> repaid -> released
       |          |  \\        \\
       |          |   referred  withdrawn
       +----------+---+-> rejected, withdrawn, expired

An open loan (applied, checked, referred) may be applied for again, amended; so may an expired one. Expiry is a marker
in a key of its own, which the owner's peer cannot block: a marker for the loan's present version makes it expired.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import StringConstraints

from eximledger_chaincode.documents import FinancedDeclaration, LoanApplication, Record, Value
from eximledger_chaincode.documents.parts.base import First, Flag, Moment, Version, Whole
from eximledger_chaincode.documents.parts.identifiers import MspId
from eximledger_chaincode.lending.verdict import Verdict
from hlf_chaincode.errors import Refused

__all__ = [
    "OPEN",
    "RELEASABLE",
    "Decision",
    "ExpiryMarker",
    "Loan",
    "LoanHistoryItem",
    "LoanId",
    "LoanPage",
    "LoanState",
    "Override",
    "Payment",
    "Reason",
    "Standing",
    "require_step",
]

LoanId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
Reason = Annotated[str, StringConstraints(min_length=1, max_length=1000, pattern=r"^[^\x00]*$")]


class LoanState(StrEnum):
    APPLIED = "applied"
    CHECKED = "checked"
    REFERRED = "referred"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    APPROVED = "approved"
    DISBURSED = "disbursed"
    REPAID = "repaid"
    RELEASED = "released"


OPEN: Final = frozenset({LoanState.APPLIED, LoanState.CHECKED, LoanState.REFERRED})
"""States of a loan that is not decided yet: it may hold balance and may be applied for again."""

RELEASABLE: Final = frozenset({
    LoanState.REJECTED, LoanState.WITHDRAWN, LoanState.EXPIRED, LoanState.REPAID, LoanState.RELEASED,
})  # fmt: skip
"""States in which the fx channel frees what the loan held: no approval can follow on any of them."""

_STEPS: Final[Mapping[LoanState, frozenset[LoanState]]] = {
    LoanState.APPLIED: OPEN | {LoanState.EXPIRED},
    LoanState.CHECKED: OPEN,
    LoanState.REFERRED: OPEN,
    LoanState.REJECTED: OPEN,
    LoanState.WITHDRAWN: OPEN | {LoanState.EXPIRED, LoanState.APPROVED},
    LoanState.EXPIRED: OPEN,
    LoanState.APPROVED: frozenset({LoanState.CHECKED, LoanState.REFERRED}),
    LoanState.DISBURSED: frozenset({LoanState.APPROVED}),
    LoanState.REPAID: frozenset({LoanState.DISBURSED}),
    LoanState.RELEASED: frozenset({LoanState.REPAID}),
}
"""From which states each state is reached."""


class Override(Value):
    """An officer's reason for setting aside one finding, named by `Finding.id`."""

    finding: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    reason: Reason


class Decision(Value):
    """Who decided (certificate hash), when, and on what. `evidence_hash` is that of the verdict approved."""

    by: str
    at: Moment
    outcome: LoanState
    evidence_hash: str | None = None
    overrides: tuple[Override, ...] = ()
    reason: str | None = None


class Payment(Value):
    """A disbursement or repayment by the bank's own reference."""

    reference: str
    at: Moment
    by: str


class Loan(Value):
    """`version` counts the applications for this loan; `applied_by`, `by` are SHA-256 of certificates."""

    kind: Literal["loan"] = "loan"
    schema_version: First = 1
    loan_id: str
    bank: MspId
    state: LoanState
    version: Version
    application: Record[LoanApplication]
    applied_by: str
    applied_at: Moment
    verdict: Verdict | None = None
    checked_at: Moment | None = None
    decision: Decision | None = None
    """The last decision on this version: approved, rejected, referred or withdrawn."""
    approval: Decision | None = None
    """The approval, kept where the loan was withdrawn after it."""
    disbursement: Payment | None = None
    repayment: Payment | None = None
    released_at: Moment | None = None
    updated_at: Moment

    @property
    def items(self) -> tuple[FinancedDeclaration, ...]:
        return self.application.document.declarations


class ExpiryMarker(Value):
    """Says that the reservation of a loan's version had expired: that version can no longer be approved."""

    kind: Literal["loan-expiry"] = "loan-expiry"
    schema_version: First = 1
    loan_id: str
    loan_version: Whole
    expired_at: Moment
    marked_by: MspId
    marked_at: Moment


class Standing(Value):
    """Where a loan stands, for the fx channel."""

    loan_id: str
    bank: MspId
    state: LoanState
    version: Whole
    disbursed: Flag


class LoanPage(Value):
    """One page of loans; `bookmark` starts the next page, "" at the end."""

    bookmark: str
    loans: tuple[Loan, ...]


class LoanHistoryItem(Value):
    """One written version of a loan."""

    loan: Loan | None = None
    is_delete: Flag
    transaction_id: str
    timestamp: Moment


def require_step(loan: Loan, to: LoanState) -> None:
    """Raises `Refused` naming the states from which `to` is reached, when the loan stands elsewhere."""
    if loan.state not in _STEPS[to]:
        reached = ", ".join(state for state in LoanState if state in _STEPS[to])
        raise Refused(
            f"loan {loan.loan_id} is {loan.state}: {to} follows on {reached}",
            loan_id=loan.loan_id,
            state=loan.state,
        )
