"""From a packing loan to an export bill: what the goods' declarations and papers are, and what the application becomes.

The hold moves from contracts and credits to declarations in one transaction (`contracts.loanbook.converting`). Terms
and the applicant stay; the amount is what is still owed of what was drawn.
"""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field

from eximledger_chaincode.documents import (
    CASE_KINDS,
    MAX_NAMED,
    FinancedDeclaration,
    FinancingKind,
    LetterOfCredit,
    LoanApplication,
    Money,
    Need,
    compared_number,
)
from eximledger_chaincode.documents.application import NamedPapers
from eximledger_chaincode.documents.parts.base import Day

__all__ = ["ExportBill"]


_PAPERS: Final = {kind.field: kind.words.en for kind in CASE_KINDS if kind.named and kind.need is not Need.ALWAYS}


class ExportBill(NamedPapers):
    """What a packing loan is on once the goods are declared: the declarations with what is held of each, and the papers
    by their numbers, all of them."""

    declarations: Annotated[tuple[FinancedDeclaration, ...], Field(min_length=1, max_length=MAX_NAMED)]
    expected_receipt_on: Day

    @property
    def words(self) -> tuple[str, ...]:
        """All that it says, as a person reads it."""
        held = (f"{each.amount} of declaration {each.declaration_number}" for each in self.declarations)
        papers = (f"{one} {number}" for field, one in _PAPERS.items() for number in getattr(self, field))
        return (*held, *papers, f"receipt expected on {self.expected_receipt_on}")

    def names(self, kind: str, number: str) -> bool:
        """Whether a contract or letter of credit is among its papers."""
        named = self.letters_of_credit if kind == LetterOfCredit.KIND else self.contracts
        return compared_number(number) in {compared_number(each) for each in named}

    def application(self, before: LoanApplication, owed: Money) -> LoanApplication:
        """What the packing loan's application becomes, for what is still owed of the principal. Raises as the model
        does: a declaration is named once."""
        named = {name: getattr(self, name) for name in type(self).model_fields}
        kept = {name: getattr(before, name) for name in type(before).model_fields}
        return LoanApplication.model_validate(
            kept | named | {"financing": FinancingKind.POST_SHIPMENT, "frames": (), "amount": owed}
        )
