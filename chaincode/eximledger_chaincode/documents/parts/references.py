"""How one paper names another."""

from __future__ import annotations

from eximledger_chaincode.documents.parts.base import Day, Value
from eximledger_chaincode.documents.parts.identifiers import Number, Text
from eximledger_chaincode.documents.parts.money import Money

__all__ = ["Reference"]


class Reference(Value):
    """A paper named by its number; `kind` is one of our kinds where known, else the paper's own word or code."""

    kind: Text
    number: Number
    dated: Day | None = None
    amount: Money | None = None
    description: Text | None = None
