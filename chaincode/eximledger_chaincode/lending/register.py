"""The financing register: what of each declaration is held, and which papers are financed.

Values and pure functions. What is held of a declaration in all stands in one key, so of two approvals that race for it
Fabric's read-set check (MVCC) lets one through; so do two loans on the same paper, by the key of its fingerprint.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final, Literal

from eximledger_chaincode.documents import FinancedDeclaration, Money, Value
from eximledger_chaincode.documents.parts.base import Count, Flag, Second
from eximledger_chaincode.documents.parts.identifiers import MspId
from eximledger_chaincode.lending.fingerprints import Fingerprint, Similarity
from hlf_chaincode.errors import FabricError

__all__ = [
    "MAX_NEAR",
    "FinancedPaper",
    "FinancedPapers",
    "HeldPosition",
    "Hold",
    "Holding",
    "PaperFingerprint",
    "PaperMatch",
    "PaperStanding",
    "Position",
    "near_hashes",
]

MAX_NEAR: Final = 100
"""Papers remembered under one fingerprint; more of them would say nothing new."""


class Position(Value):
    """What other loans than the case's own hold of one declaration in all, one entry for each currency."""

    declaration_number: str
    held: tuple[Money, ...] = ()


class PaperStanding(StrEnum):
    """What became of the loan that a financed paper belongs to; the first is the gravest."""

    DISBURSED = "disbursed"
    """Paid out once: the paper stays financed for good."""
    STANDING = "standing"
    """Approved, and not ended."""
    UNDRAWN = "undrawn"
    """Approved, and ended without a payment."""


class PaperMatch(Value):
    """A paper of the case that the register of all banks already knows from another loan."""

    kind: str
    id: str
    similarity: Similarity
    standing: PaperStanding
    same_bank: Flag


class PaperFingerprint(Value):
    """A paper of a loan by its kind, id and fingerprints."""

    kind: str
    id: str
    fingerprint: Fingerprint


class HeldPosition(Value):
    """What all loans hold of one declaration; `version` counts the changes."""

    kind: Literal["position"] = "position"
    schema_version: Second = 2
    declaration_number: str
    held: tuple[Money, ...] = ()
    version: Count = 0

    def plus(self, amount: Money) -> HeldPosition:
        """With so much more held."""
        return self._changed(amount)

    def less(self, amount: Money) -> HeldPosition:
        """With so much freed. Raises `FabricError` where less is held: what a loan frees it has held."""
        return self._changed(-amount)

    def _changed(self, amount: Money) -> HeldPosition:
        sums = {money.currency: money for money in self.held}
        after = sums.get(amount.currency, Money.zero(amount.currency)) + amount
        if after.amount < 0:
            raise FabricError(f"declaration {self.declaration_number} has less held than is freed")
        sums[amount.currency] = after
        held = tuple(sums[currency] for currency in sorted(sums) if sums[currency].amount)
        return self.model_copy(update={"held": held, "version": self.version + 1})


class Hold(Value):
    """What one loan holds of one declaration."""

    kind: Literal["hold"] = "hold"
    schema_version: Second = 2
    declaration_number: str
    loan_id: str
    bank: MspId
    amount: Money


class Holding(Value):
    """What a loan has in the register: its declarations, and the papers as they were when it was approved."""

    kind: Literal["holding"] = "holding"
    schema_version: Second = 2
    loan_id: str
    bank: MspId
    items: tuple[FinancedDeclaration, ...]
    papers: tuple[PaperFingerprint, ...]


class FinancedPaper(Value):
    """A paper in the register, the loan it belongs to, and what became of that."""

    kind: str
    id: str
    loan_id: str
    bank: MspId
    standing: PaperStanding


class FinancedPapers(Value):
    """The papers under one fingerprint: the gravest first, so that what does not fit says least."""

    kind: Literal["financed-papers"] = "financed-papers"
    schema_version: Second = 2
    papers: tuple[FinancedPaper, ...] = ()

    def with_papers(self, loan_id: str, more: Iterable[FinancedPaper]) -> FinancedPapers:
        """With the loan's papers being just these."""
        papers = {*(paper for paper in self.papers if paper.loan_id != loan_id), *more}
        grave = list(PaperStanding)
        ordered = sorted(papers, key=lambda paper: (grave.index(paper.standing), paper.loan_id, paper.kind, paper.id))
        return self.model_copy(update={"papers": tuple(ordered[:MAX_NEAR])})


def near_hashes(fingerprint: Fingerprint) -> Mapping[Similarity, str]:
    """The four leave-one-out hashes by what they leave out."""
    return {
        Similarity.ALL_BUT_NUMBER: fingerprint.all_but_number,
        Similarity.ALL_BUT_AMOUNT: fingerprint.all_but_amount,
        Similarity.ALL_BUT_DATE: fingerprint.all_but_date,
        Similarity.ALL_BUT_PARTIES: fingerprint.all_but_parties,
    }
