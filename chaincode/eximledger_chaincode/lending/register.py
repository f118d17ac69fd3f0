"""The financing register: what each declaration has free, who holds it, and which papers are financed already.

Values and pure functions. All holds of a declaration stand in one key, so two reservations that race for it conflict
and Fabric's read-set check (MVCC) lets one through; so do two loans on the same paper, by the key of its fingerprint.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Literal

from eximledger_chaincode.documents import FinancedDeclaration, Money, Value
from eximledger_chaincode.documents.parts.identifiers import MspId
from eximledger_chaincode.lending.fingerprints import Fingerprint, Similarity
from hlf_chaincode.errors import Refused

__all__ = [
    "APPROVAL_MARGIN",
    "MAX_HOLDS",
    "MAX_NEAR",
    "FinancedPaper",
    "FinancedPapers",
    "HeldPosition",
    "Hold",
    "PaperFingerprint",
    "PaperMatch",
    "PaperStanding",
    "Position",
    "Reservation",
    "ReservationPage",
    "ReservationState",
    "near_hashes",
]

APPROVAL_MARGIN: Final = timedelta(hours=1)
"""What a reservation must have left at approval. More than the quarter of an hour by which a peer lets a proposal's
clock be wrong, so that an honest approval never meets the marker of an honest expiry."""
MAX_HOLDS: Final = 500
"""Loans that may hold one declaration at the same time."""
MAX_NEAR: Final = 100
"""Papers remembered under one leave-one-out fingerprint; more of them would say nothing new."""


class Hold(Value):
    """Balance of one declaration that one loan occupies."""

    loan_id: str
    bank: str
    amount: Money


class Position(Value):
    """What loans other than the case's own hold of one declaration, all banks together; None where they hold nothing.
    Which loans, and of which banks, is nobody else's business."""

    declaration_number: str
    held: Money | None = None


class PaperStanding(StrEnum):
    """How far a loan came that a paper is registered for."""

    STANDING = "standing"
    """Approved: it holds balance and may still be drawn."""
    DISBURSED = "disbursed"
    """Disbursed, ever: repaid or not."""
    UNDRAWN = "undrawn"
    """Approved once, and never drawn."""


class PaperMatch(Value):
    """A paper of the case that the register of all banks already knows from another loan: of the case's own bank or
    another's, but neither which loan nor which bank."""

    kind: str
    id: str
    similarity: Similarity
    standing: PaperStanding
    same_bank: bool


class ReservationState(StrEnum):
    HELD = "held"
    RELEASED = "released"


class PaperFingerprint(Value):
    """A paper of a loan by its kind, id and fingerprints."""

    kind: str
    id: str
    fingerprint: Fingerprint


class Reservation(Value):
    """What a loan holds, in the declarations' currencies. `loan_version` is the application it was made for.

    A held reservation that has expired still holds: only `financing:release` frees, once the bank channel says that
    the loan cannot be approved any more.
    """

    kind: Literal["reservation"] = "reservation"
    schema_version: Literal[1] = 1
    loan_id: str
    loan_version: int
    bank: MspId
    items: tuple[FinancedDeclaration, ...]
    fingerprints: tuple[PaperFingerprint, ...]
    reserved_at: datetime
    expires_at: datetime
    state: ReservationState
    released_at: datetime | None = None

    def is_approvable(self, now: datetime) -> bool:
        """Whether enough of it is left for an approval; if not, reserving again renews it."""
        return self.expires_at - now >= APPROVAL_MARGIN

    def covers(
        self, loan_version: int, items: Iterable[FinancedDeclaration], papers: Iterable[PaperFingerprint]
    ) -> bool:
        """Whether it was made for just this application and these papers."""
        return (
            self.state is ReservationState.HELD
            and self.loan_version == loan_version
            and self.items == tuple(items)
            and set(self.fingerprints) == set(papers)
        )


class ReservationPage(Value):
    """One page of reservations; `bookmark` starts the next page, "" at the end."""

    bookmark: str
    reservations: tuple[Reservation, ...]


class HeldPosition(Value):
    """All holds of one declaration, sorted by loan."""

    kind: Literal["position"] = "position"
    schema_version: Literal[1] = 1
    declaration_number: str
    holds: tuple[Hold, ...] = ()

    def without(self, loan_id: str) -> HeldPosition:
        return self.model_copy(update={"holds": tuple(hold for hold in self.holds if hold.loan_id != loan_id)})

    def with_hold(self, hold: Hold) -> HeldPosition:
        """With the loan's hold set to `hold`. Raises `Refused` when too many loans hold the declaration."""
        holds = sorted((*self.without(hold.loan_id).holds, hold), key=lambda each: each.loan_id)
        if len(holds) > MAX_HOLDS:
            raise Refused(f"declaration {self.declaration_number} is held by {MAX_HOLDS} loans: release some first")
        return self.model_copy(update={"holds": tuple(holds)})


class FinancedPaper(Value):
    """A paper in the register and the loan it belongs to."""

    kind: str
    id: str
    loan_id: str
    bank: MspId


class FinancedPapers(Value):
    """The papers under one fingerprint. Under an exact one all are of one loan: that loan has the paper."""

    schema_version: Literal[1] = 1
    kind: Literal["financed-papers"] = "financed-papers"
    papers: tuple[FinancedPaper, ...] = ()

    def without(self, loan_id: str) -> FinancedPapers:
        return self.model_copy(update={"papers": tuple(paper for paper in self.papers if paper.loan_id != loan_id)})

    def with_papers(self, more: Sequence[FinancedPaper]) -> FinancedPapers:
        papers = sorted({*self.papers, *more}, key=lambda paper: (paper.loan_id, paper.kind, paper.id))
        return self.model_copy(update={"papers": tuple(papers[:MAX_NEAR])})


def near_hashes(fingerprint: Fingerprint) -> Mapping[Similarity, str]:
    """The four leave-one-out hashes by what they leave out."""
    return {
        Similarity.ALL_BUT_NUMBER: fingerprint.all_but_number,
        Similarity.ALL_BUT_AMOUNT: fingerprint.all_but_amount,
        Similarity.ALL_BUT_DATE: fingerprint.all_but_date,
        Similarity.ALL_BUT_PARTIES: fingerprint.all_but_parties,
    }
