"""Receipts that may repay a loan, named as a person knows them: by payer and words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from eximledger_chaincode.documents import Document, FxReceipt
from eximledger_chaincode.lending.accounts.offers import OfferedReceipt

__all__ = ["ShownReceipt", "shown_receipts"]

_WORDS: Final = 120
"""So many characters of what the payer wrote tell one receipt from another."""


@dataclass(frozen=True, slots=True)
class ShownReceipt:
    """An offered receipt; `payer` and `words` are empty where this bank has no copy of the paper."""

    offer: OfferedReceipt
    payer: str = ""
    words: str = ""

    @property
    def called(self) -> str:
        """In one line of a choice: who paid, what for, when, and what is left."""
        said = (self.payer, self.words, str(self.offer.dated), str(self.offer.left))
        return " \u00b7 ".join(each for each in said if each) if self.payer or self.words else self._by_number

    @property
    def _by_number(self) -> str:
        return f"{self.offer.receipt_id[:12]}\u2026 \u00b7 {self.offer.dated} \u00b7 {self.offer.left}"


def shown_receipts(offers: Sequence[OfferedReceipt], papers: Mapping[str, Document]) -> tuple[ShownReceipt, ...]:
    """What may still repay, with what its paper says of it; papers by the receipt's id."""
    return tuple(_shown(each, papers.get(each.receipt_id)) for each in offers if each.left.amount > 0)


def _shown(offer: OfferedReceipt, paper: Document | None) -> ShownReceipt:
    if not isinstance(paper, FxReceipt):
        return ShownReceipt(offer)
    payer = paper.payer or paper.ultimate_payer
    words = " ".join(" ".join(paper.remittance).split())
    cut = words if len(words) <= _WORDS else words[: _WORDS - 1] + "\u2026"
    return ShownReceipt(offer, "" if payer is None else payer.name, cut)
