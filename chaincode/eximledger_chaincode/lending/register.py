"""The financing register: what of each declaration is held, and which papers are financed.

Values and pure functions. What is held of a declaration in all stands in one key, so of two approvals that race for it
Fabric's read-set check (MVCC) lets one through; so do two loans on the same paper, by the rows of its tokens
(`matching`).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from eximledger_chaincode.documents import Money, Value
from eximledger_chaincode.documents.parts.base import Count, Flag, Second
from eximledger_chaincode.documents.parts.identifiers import MspId
from eximledger_chaincode.documents.parts.record import Hex256
from eximledger_chaincode.lending.likeness.fingerprints import Fingerprint, Similarity
from eximledger_chaincode.lending.packing.frames import FrameAccounts
from hlf_chaincode.errors import FabricError

__all__ = [
    "HeldPosition",
    "Holding",
    "PaperFingerprint",
    "PaperMatch",
    "PaperStanding",
    "Position",
]


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
    container: str = ""
    """Which one, where it is a container that both have."""


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


class Holding(Value):
    """What a loan has in the register: its declarations with their seals, or a packing loan's contracts and credits
    with their accounts, and the papers as they were approved and as they were paid out on. In the bank's own
    collection; with it the loan frees what it holds without asking anybody."""

    kind: Literal["holding"] = "holding"
    schema_version: Second = 2
    loan_id: str
    bank: MspId
    declarations: tuple[str, ...]
    seals: tuple[Hex256, ...]
    """Of the declarations, in their order."""
    frames: tuple[FrameAccounts, ...] = ()
    papers: tuple[PaperFingerprint, ...]
    secret: Hex256
    """Random: the loan's marks in the register follow from it."""
